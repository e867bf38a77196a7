package emitter

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"
)

// secretName is the environment variable that what is written refers to: the
// secret itself is in nothing that is written.
const secretName = "HUBHOOK_SECRET"

// Form is a way to write payloads down. It is safe for concurrent use.
type Form struct {
	kind formKind
	to   Destination
}

// FormOptions say where the requests go that a form writes. The zero value works.
type FormOptions struct {
	To       string      // URL of the handler; DefaultHandlerURL where empty
	SecretIn SecretIn    // InHeader where empty
	Header   http.Header // more headers; one takes the place of ours of the same name
}

// formKind is one of the forms that there are.
type formKind struct {
	name, about string
	extension   string // of a file that holds one payload
	// head is what stands before the first payload; nil: nothing.
	head func(Destination) string
	// append writes a payload; nil: as it is, on a line of its own.
	append func(dst []byte, m Message, to Destination) ([]byte, error)
	// check finds what the form cannot say; nil: nothing.
	check func(Destination) error
}

// formKinds are the forms, by what comes first to mind.
func formKinds() []formKind {
	return []formKind{
		{name: "ndjson", about: "compact JSON, one payload on each line", extension: ".json"},
		{name: "json", about: "indented JSON", extension: ".json", append: appendIndented},
		{name: "http", about: "a request file for editors", extension: ".http", head: requestFileHead, append: appendRequest},
		{name: "curl", about: "a shell script that sends them", extension: ".sh", head: curlHead, append: appendCurl},
		{name: "vegeta", about: "targets for vegeta attack -format=json", extension: ".vegeta.json", append: appendVegeta, check: checkVegeta},
		{name: "job-env", about: "the environment of a webhook that runs a Job, for a shell", extension: ".env", head: jobEnvHead, append: appendJobEnv},
	}
}

// FormInfo tells of a form.
type FormInfo struct {
	Name  string // as NewForm takes it: "ndjson", "curl"
	About string // what it is, in a few words without a full stop
}

// Forms lists the forms; the first is the one that goes without saying.
func Forms() []FormInfo {
	var list []FormInfo
	for _, kind := range formKinds() {
		list = append(list, FormInfo{kind.name, kind.about})
	}
	return list
}

// NewForm finds a form by its name. A URL that holds a secret is an error: it
// would be written down.
func NewForm(name string, o FormOptions) (*Form, error) {
	if o.To == "" {
		o.To = DefaultHandlerURL
	}
	if o.SecretIn == "" {
		o.SecretIn = InHeader
	}
	kind, err := formNamed(name)
	if err != nil {
		return nil, err
	}
	if err := o.SecretIn.Check(); err != nil {
		return nil, err
	}
	to := Destination{SecretIn: o.SecretIn, Header: o.Header}
	if to.URL, err = ParseURL(handlersURL, o.To); err != nil {
		return nil, err
	}
	if err := to.checkWritable(); err != nil {
		return nil, err
	}
	if kind.check != nil {
		err = kind.check(to)
	}
	return &Form{kind, to}, err
}

func formNamed(name string) (formKind, error) {
	var names []string
	for _, kind := range formKinds() {
		if kind.name == name {
			return kind, nil
		}
		names = append(names, kind.name)
	}
	return formKind{}, fmt.Errorf("unknown form %q: it is one of %s", name, strings.Join(names, ", "))
}

// Name is the form's.
func (f *Form) Name() string { return f.kind.name }

// AppendHead appends what stands before the first payload, if anything does.
func (f *Form) AppendHead(dst []byte) []byte {
	if f.kind.head == nil {
		return dst
	}
	return append(dst, f.kind.head(f.to)...)
}

// Append appends a payload. One that the form cannot hold is an error.
func (f *Form) Append(dst []byte, m Message) ([]byte, error) {
	if f.kind.append == nil {
		return append(append(dst, m.Body...), '\n'), nil
	}
	m.Shape = m.shape()
	return f.kind.append(dst, m, f.to)
}

// appendNext appends the next payload of a feed, in place where the form wants
// nothing but the payload.
func (f *Form) appendNext(dst []byte, feed *Feed) ([]byte, error) {
	if f.kind.append == nil {
		dst, err := feed.Append(dst)
		return append(dst, '\n'), err
	}
	m, err := feed.Next()
	if err != nil {
		return dst, err
	}
	return f.Append(dst, m)
}

// Write writes so many payloads of a feed. It ends early where ctx does, or
// where nothing takes what it writes.
func (f *Form) Write(ctx context.Context, w io.Writer, feed *Feed, count uint64) error {
	p := startPump(w)
	buffer, err := f.fill(ctx, p, feed, count)
	return cmp.Or(p.close(buffer), err)
}

// fill fills buffers with payloads, and gives back the last one.
func (f *Form) fill(ctx context.Context, p *pump, feed *Feed, count uint64) ([]byte, error) {
	buffer := f.AppendHead(p.buffer())
	for range count {
		whole := len(buffer)
		next, err := f.appendNext(buffer, feed)
		if err != nil {
			return buffer[:whole], err
		}
		if buffer = next; len(buffer) < pumpBuffer {
			continue
		}
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		if buffer, err = p.swap(buffer); err != nil {
			return nil, err
		}
	}
	return buffer, nil
}

// ShapeOf reads the shape off the event of a payload; it is empty where there is
// none.
func ShapeOf(body []byte) string {
	scope, action := gjson.GetBytes(body, "event.scope"), gjson.GetBytes(body, "event.action")
	if scope.Type != gjson.String || action.Type != gjson.String || scope.Str == "" || action.Str == "" {
		return ""
	}
	return scope.Str + "." + action.Str
}

// shape is that of the payload, where the message names one that stands for many
// ("repo.config.*") or none.
func (m Message) shape() string {
	if m.Shape == "" || strings.HasSuffix(m.Shape, "*") {
		return ShapeOf(m.Body)
	}
	return m.Shape
}

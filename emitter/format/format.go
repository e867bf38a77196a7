// Package format writes payloads down: as JSON, as requests for other tools, or in a folder
// with an index.
//
// [New] finds a [Format] by its name, and [Format.Write] writes payloads of a feed. A
// [DirWriter] gives each payload a file. The secret is in nothing that is written: what sends
// reads it from $HUBHOOK_SECRET.
package format

import (
	"cmp"
	"context"
	"fmt"
	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"io"
	"net/http"
	"strings"
)

// secretVariable is the environment variable that what is written refers to: the
// secret itself is in nothing that is written.
const secretVariable = "HUBHOOK_SECRET"

// Format is a way to write payloads down. It is safe for concurrent use.
type Format struct {
	kind kind
	to   delivery.Destination
}

// Options say where the requests go that a form writes. The zero value works.
type Options struct {
	To       string            // URL of the handler; DefaultHandlerURL where empty
	SecretIn delivery.SecretIn // InHeader where empty
	Header   http.Header       // more headers; one takes the place of ours of the same name
}

// kind is one of the forms that there are.
type kind struct {
	name, about string
	extension   string // of a file that holds one payload
	// head is what stands before the first payload; nil: nothing.
	head func(delivery.Destination) string
	// append writes a payload; nil: as it is, on a line of its own.
	append func(dst []byte, m delivery.Message, to delivery.Destination) ([]byte, error)
	// check finds what the form cannot say; nil: nothing.
	check func(delivery.Destination) error
}

// kinds are the forms, by what comes first to mind.
func kinds() []kind {
	return []kind{
		{name: "ndjson", about: "compact JSON, one payload on each line", extension: ".json"},
		{name: "json", about: "indented JSON", extension: ".json", append: appendIndented},
		{name: "http", about: "a request file for editors", extension: ".http", head: requestFileHead, append: appendRequest},
		{name: "curl", about: "a shell script that sends them", extension: ".sh", head: curlHead, append: appendCurl},
		{name: "vegeta", about: "targets for vegeta attack -format=json", extension: ".vegeta.json", append: appendVegeta, check: checkVegeta},
		{name: "job-env", about: "the environment of a webhook that runs a Job, for a shell", extension: ".env", head: jobEnvHead, append: appendJobEnv},
	}
}

// Info tells of a form.
type Info struct {
	Name  string // as New takes it: "ndjson", "curl"
	About string // what it is, in a few words without a full stop
}

// List lists the forms; the first is the one that goes without saying.
func List() []Info {
	var list []Info
	for _, kind := range kinds() {
		list = append(list, Info{kind.name, kind.about})
	}
	return list
}

// New finds a form by its name. A URL that holds a secret is an error: it
// would be written down.
func New(name string, o Options) (*Format, error) {
	if o.To == "" {
		o.To = delivery.DefaultHandlerURL
	}
	if o.SecretIn == "" {
		o.SecretIn = delivery.InHeader
	}
	kind, err := kindNamed(name)
	if err != nil {
		return nil, err
	}
	if err := o.SecretIn.Check(); err != nil {
		return nil, err
	}
	to := delivery.Destination{SecretIn: o.SecretIn, Header: o.Header}
	if to.URL, err = delivery.ParseURL(delivery.HandlerURLName, o.To); err != nil {
		return nil, err
	}
	if err := to.CheckNoSecret(); err != nil {
		return nil, err
	}
	if kind.check != nil {
		err = kind.check(to)
	}
	return &Format{kind, to}, err
}

func kindNamed(name string) (kind, error) {
	var names []string
	for _, kind := range kinds() {
		if kind.name == name {
			return kind, nil
		}
		names = append(names, kind.name)
	}
	return kind{}, fmt.Errorf("unknown form %q: it is one of %s", name, strings.Join(names, ", "))
}

// Name is the form's.
func (f *Format) Name() string { return f.kind.name }

// AppendHead appends what stands before the first payload, if anything does.
func (f *Format) AppendHead(dst []byte) []byte {
	if f.kind.head == nil {
		return dst
	}
	return append(dst, f.kind.head(f.to)...)
}

// Append appends a payload. One that the form cannot hold is an error.
func (f *Format) Append(dst []byte, m delivery.Message) ([]byte, error) {
	if f.kind.append == nil {
		return append(append(dst, m.Body...), '\n'), nil
	}
	m.Shape = m.ResolvedShape()
	return f.kind.append(dst, m, f.to)
}

// appendNext appends the next payload of a feed, in place where the form wants
// nothing but the payload.
func (f *Format) appendNext(dst []byte, feed *emitter.Feed) ([]byte, error) {
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
func (f *Format) Write(ctx context.Context, w io.Writer, feed *emitter.Feed, count uint64) error {
	p := newAsyncWriter(w)
	buffer, err := f.fill(ctx, p, feed, count)
	return cmp.Or(p.close(buffer), err)
}

// fill fills buffers with payloads, and gives back the last one.
func (f *Format) fill(ctx context.Context, p *asyncWriter, feed *emitter.Feed, count uint64) ([]byte, error) {
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

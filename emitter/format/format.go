// Package format writes payloads to streams and files: as JSON, as requests for other tools, or in a folder with an
// index.
//
// [New] returns a [Format] by its name, and [Format.Write] writes payloads of a feed. A [DirWriter] writes each payload to a
// file. The secret is never written: what sends the payloads reads it from $HUBHOOK_SECRET.
package format

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
)

// Format is a way to write payloads. It is safe for concurrent use.
type Format struct {
	kind formatKind
	to   delivery.Destination
}

// Options say where the requests go that a format writes. The zero value works.
type Options struct {
	To       string            // URL of the handler; DefaultHandlerURL if empty
	SecretIn delivery.SecretIn // InHeader if empty
	Header   http.Header       // more headers; they replace ours of the same name
}

type formatKind struct {
	name, about string
	extension   string // of a file that holds one payload
	// head returns what is written before the first payload; nil: nothing.
	head func(delivery.Destination) string
	// append appends a payload; nil: as it is, on a line of its own.
	append func(dst []byte, m delivery.Message, to delivery.Destination) ([]byte, error)
	// check returns an error if the format cannot express the destination; nil: it always can.
	check func(delivery.Destination) error
}

// kinds returns the formats, the most common first.
func kinds() []formatKind {
	return []formatKind{
		{name: "ndjson", about: "compact JSON, one payload on each line", extension: ".json"},
		{name: "json", about: "indented JSON", extension: ".json", append: appendIndented},
		{name: "http", about: "a request file for editors", extension: ".http", head: requestFileHead, append: appendRequest},
		{name: "curl", about: "a shell script that sends them", extension: ".sh", head: curlHead, append: appendCurl},
		{name: "vegeta", about: "targets for vegeta attack -format=json", extension: ".vegeta.json", append: appendVegeta,
			check: checkVegeta},
		{name: "job-env", about: "the environment of a webhook that runs a Job, for a shell", extension: ".env",
			head: jobEnvHead, append: appendJobEnv},
	}
}

// Info describes a format.
type Info struct {
	Name  string // as New takes it: "ndjson", "curl"
	About string // what it is, in a few words without a full stop
}

// List returns the formats; the first is the default.
func List() []Info {
	var list []Info
	for _, kind := range kinds() {
		list = append(list, Info{kind.name, kind.about})
	}
	return list
}

// New returns a format by its name. A URL that holds a secret is an error: it would be written.
func New(name string, o Options) (*Format, error) {
	o.To, o.SecretIn = cmp.Or(o.To, delivery.DefaultHandlerURL), cmp.Or(o.SecretIn, delivery.InHeader)
	kind, err := kindNamed(name)
	if err != nil {
		return nil, err
	}
	if err := o.SecretIn.Check(); err != nil {
		return nil, err
	}
	to := delivery.Destination{SecretIn: o.SecretIn, Header: o.Header}
	if to.URL, err = delivery.ParseURL("the handler's URL", o.To); err != nil {
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

func kindNamed(name string) (formatKind, error) {
	var names []string
	for _, kind := range kinds() {
		if kind.name == name {
			return kind, nil
		}
		names = append(names, kind.name)
	}
	return formatKind{}, fmt.Errorf("unknown form %q: it is one of %s", name, strings.Join(names, ", "))
}

// Name returns the format's name.
func (f *Format) Name() string { return f.kind.name }

// AppendHead appends what comes before the first payload, if anything does.
func (f *Format) AppendHead(dst []byte) []byte {
	if f.kind.head == nil {
		return dst
	}
	return append(dst, f.kind.head(f.to)...)
}

// Append appends a payload. One that the format cannot express is an error.
func (f *Format) Append(dst []byte, m delivery.Message) ([]byte, error) {
	if f.kind.append == nil {
		return append(append(dst, m.Body...), '\n'), nil
	}
	m.Shape = m.ResolvedShape()
	return f.kind.append(dst, m, f.to)
}

// appendNext appends the next payload of a feed, in place if the format needs only the payload.
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

// Write writes a number of payloads of a feed to w. It ends early with ctx, or when w fails.
func (f *Format) Write(ctx context.Context, w io.Writer, feed *emitter.Feed, count uint64) error {
	p := newAsyncWriter(w)
	buffer, err := f.fill(ctx, p, feed, count)
	return cmp.Or(p.close(buffer), err)
}

// fill fills buffers with payloads, and returns the last one.
func (f *Format) fill(ctx context.Context, p *asyncWriter, feed *emitter.Feed, count uint64) ([]byte, error) {
	buffer := f.AppendHead(p.buffer())
	for range count {
		whole := len(buffer)
		next, err := f.appendNext(buffer, feed)
		if err != nil {
			return buffer[:whole], err
		}
		if buffer = next; len(buffer) < bufferSize {
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

// asyncWriter writes one buffer while the next is filled: reading from a pipe takes as long as making payloads.
type asyncWriter struct {
	full  chan []byte
	empty chan written
}

type written struct {
	buffer []byte
	err    error
}

// bufferSize is how much is written at once, in bytes.
const bufferSize = 64 << 10

// newAsyncWriter starts a writer to w. It must be closed.
func newAsyncWriter(w io.Writer) *asyncWriter {
	a := &asyncWriter{full: make(chan []byte), empty: make(chan written, 2)}
	a.empty <- written{buffer: a.buffer()}
	go func() {
		defer close(a.empty)
		var err error
		for buffer := range a.full {
			if err == nil {
				_, err = w.Write(buffer)
			}
			a.empty <- written{buffer[:0], err}
		}
	}()
	return a
}

// buffer returns a new buffer, with room for the payload that exceeds bufferSize.
func (a *asyncWriter) buffer() []byte { return make([]byte, 0, bufferSize+bufferSize/4) }

// swap exchanges a full buffer for an empty one. The error is that of an earlier buffer.
func (a *asyncWriter) swap(buffer []byte) ([]byte, error) {
	a.full <- buffer
	next := <-a.empty
	return next.buffer, next.err
}

// close writes the last buffer, and waits until all is written.
func (a *asyncWriter) close(buffer []byte) error {
	if len(buffer) > 0 {
		a.full <- buffer
	}
	close(a.full)
	var err error
	for last := range a.empty {
		err = last.err
	}
	return err
}

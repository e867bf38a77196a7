package format_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/hubhook/hubhook/emitter"
)

// seven is a generator that many tests share: compiling one takes a while.
var seven = sync.OnceValues(func() (*emitter.Generator, error) { return emitter.New(emitter.Options{Seed: 7}) })

// fullDisk takes some writes, then no more.
type fullDisk struct{ left int }

var errFull = errors.New("no space left")

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left == 0 {
		return 0, errFull
	}
	d.left--
	return len(p), nil
}

func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

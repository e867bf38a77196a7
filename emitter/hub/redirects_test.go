package hub

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/activity"
)

// hop is a request that came on the way of a redirect.
type hop struct {
	method, path, body, secret, contentType, id string
}

// leading is a handler that leads from path to path, and where it ends answers 200. A
// path leads to a status and a URL.
type leading struct {
	to   map[string]string // "/a": "307 /b"
	hops []hop
}

func (l *leading) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	l.hops = append(l.hops, hop{
		r.Method, r.URL.RequestURI(), string(body), r.Header.Get("X-Webhook-Secret"), r.Header.Get("Content-Type"), r.Header.Get("Webhook-Id"),
	})
	status := http.StatusOK
	if to, leads := l.to[r.URL.Path]; leads {
		var location string
		fmt.Sscan(to, &status, &location)
		if location != "" {
			w.Header().Set("Location", location)
		}
	}
	w.WriteHeader(status)
}

// led has one delivery made to /a of a handler, and returns the attempt.
func led(t *testing.T, o Options, handler *leading) (Attempt, Delivery) {
	t.Helper()
	o.NoRetries = true
	r := newRig(t, o)
	r.register(map[string]any{"url": serving(t, handler.ServeHTTP) + "/a", "secret": "s3cret"})
	r.happens("repo.update")
	r.waitIdle()
	d := r.Deliveries(Query{})[0]
	if len(d.Attempts) != 1 {
		t.Fatalf("%d attempts", len(d.Attempts))
	}
	return d.Attempts[0], d
}

func TestRedirectIsNoSuccess(t *testing.T) {
	handler := &leading{to: map[string]string{"/a": "307 /b"}}
	if a, d := led(t, Options{}, handler); a.Accepted || a.Status != 307 || d.State != activity.Failed || len(handler.hops) != 1 {
		t.Errorf("%d requests, and the attempt is %+v", len(handler.hops), a)
	}
}

func TestRedirectsAreFollowed(t *testing.T) {
	for status, keeps := range map[int]bool{301: false, 302: false, 303: false, 307: true, 308: true} {
		handler := &leading{to: map[string]string{"/a": fmt.Sprintf("%d b?x=y#part", status), "/b": "307 /c"}}
		a, d := led(t, Options{Redirects: true}, handler)
		if !a.Accepted || a.Status != 200 || a.Error != "" || d.State != activity.Delivered || len(handler.hops) != 3 {
			t.Errorf("%d: %d requests, and the attempt is %+v", status, len(handler.hops), a)
			continue
		}
		first := handler.hops[0]
		want := first
		if !keeps {
			want.method, want.body, want.contentType = "GET", "", ""
		}
		for i, path := range []string{"/b?x=y", "/c"} {
			if want.path = path; handler.hops[i+1] != want {
				t.Errorf("%d: %+v, want %+v", status, handler.hops[i+1], want)
			}
		}
		if first.secret != "s3cret" || first.id == "" || first.method != "POST" {
			t.Errorf("%d: the first is %+v", status, first)
		}
	}
}

func TestSecretIsForTheHandlersOriginOnly(t *testing.T) {
	foreign := &leading{}
	elsewhere := serving(t, foreign.ServeHTTP)
	handler := &leading{to: map[string]string{"/a": "308 " + elsewhere + "/there"}}
	foreign.to = map[string]string{"/there": "308 /further"}
	if a, _ := led(t, Options{Redirects: true}, handler); !a.Accepted {
		t.Fatalf("the attempt: %+v", a)
	}
	if len(foreign.hops) != 2 || slices.ContainsFunc(foreign.hops, func(h hop) bool { return h.secret != "" || h.body == "" || h.id == "" }) {
		t.Errorf("elsewhere arrived %+v", foreign.hops)
	}
}

func TestRedirectsThatLeadNowhere(t *testing.T) {
	row := map[string]string{"/a": "307 /1", "/6": "500"}
	for i := range 5 {
		row[fmt.Sprintf("/%d", i+1)] = fmt.Sprintf("307 /%d", i+2)
	}
	for name, test := range map[string]struct {
		to       map[string]string
		requests int
		status   int
		err      string
	}{
		"a circle":             {map[string]string{"/a": "307 /b", "/b": "307 /a"}, 2, 307, "the handler redirected in a circle"},
		"to itself":            {map[string]string{"/a": "308 /a"}, 1, 308, "the handler redirected in a circle"},
		"first fetched":        {map[string]string{"/a": "303 /a"}, 2, 303, "the handler redirected in a circle"},
		"too many":             {row, 6, 307, "the handler redirected more than 5 times"},
		"another scheme":       {map[string]string{"/a": "302 ftp://127.0.0.1/key"}, 1, 302, "the handler redirected to what is no http or https URL"},
		"no host":              {map[string]string{"/a": "302 http:///key"}, 1, 302, "the handler redirected to what is no http or https URL"},
		"no Location":          {map[string]string{"/a": "302"}, 1, 302, ""},
		"a status of its kind": {map[string]string{"/a": "300 /b"}, 1, 300, ""},
	} {
		handler := &leading{to: test.to}
		a, d := led(t, Options{Redirects: true}, handler)
		if a.Accepted || d.State != activity.Failed || a.Status != test.status || a.Error != test.err || len(handler.hops) != test.requests {
			t.Errorf("%s: %d requests, and the attempt is %+v", name, len(handler.hops), a)
		}
		if strings.Contains(a.Error, "key") {
			t.Errorf("%s: the error says where to: %s", name, a.Error)
		}
	}
}

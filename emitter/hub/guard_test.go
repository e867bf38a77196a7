package hub

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

func TestGuardChecksHostOriginAndToken(t *testing.T) {
	for _, test := range []struct {
		name    string
		options Options
		method  string
		host    string
		header  [2]string
		bare    bool // without a token
		status  int
	}{
		{name: "loopback", method: "GET", host: "127.0.0.1:8027", status: 200},
		{name: "IPv6", method: "GET", host: "[::1]:8027", status: 200},
		{name: "localhost", method: "GET", host: "LOCALHOST", status: 200},
		{name: "its own URL", options: Options{URL: "http://hub.test:80"}, method: "GET", host: "hub.test", status: 200},
		{name: "a name that it was given", options: Options{Hosts: []string{"hub"}}, method: "GET", host: "hub:8027", status: 200},
		{name: "another name, as DNS rebinding has it", method: "GET", host: "evil.example", status: 421},
		{name: "a name that looks like loopback", method: "GET", host: "127.0.0.1.evil.example", status: 421},
		{name: "another address", method: "GET", host: "192.0.2.7", status: 421},
		{name: "no name", method: "GET", host: "", status: 421},
		{name: "a page of another site", method: "POST", host: "localhost:8027", header: [2]string{"Origin", "http://evil.example"}, status: 403},
		{name: "a form of another site", method: "POST", host: "localhost:8027", header: [2]string{"Sec-Fetch-Site", "cross-site"}, status: 403},
		{name: "its own page", method: "POST", host: "localhost:8027", header: [2]string{"Origin", "http://localhost:8027"}, status: 400},
		{name: "no token where one is asked for", options: Options{Token: "own"}, method: "GET", host: "localhost", header: [2]string{"Authorization", ""}, status: 401},
		{name: "another token", options: Options{Token: "own"}, method: "GET", host: "localhost", header: [2]string{"Authorization", "Bearer other"}, status: 401},
		{name: "its token", options: Options{Token: "own"}, method: "GET", host: "localhost", header: [2]string{"Authorization", "Bearer own"}, status: 200},
		{name: "its token as a browser's password", options: Options{Token: "own"}, method: "GET", host: "localhost", header: [2]string{"Authorization", "Basic OjpvdW4="}, status: 401},
		{name: "a delivery", method: "POST", host: "localhost", header: [2]string{"Webhook-Id", "6c0e2a1f"}, bare: true, status: 508},
		{name: "a bot that names a delivery", method: "POST", host: "localhost", header: [2]string{"Webhook-Id", "6c0e2a1f"}, status: 400},
		{name: "a reader that names a delivery", method: "GET", host: "localhost", header: [2]string{"Webhook-Id", "6c0e2a1f"}, status: 200},
		{name: "no token at all", method: "GET", host: "localhost", header: [2]string{"Authorization", ""}, status: 401},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, err := New(test.options)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			request := httptest.NewRequest(test.method, "/api/settings/webhooks", nil)
			request.Host = test.host
			if !test.bare {
				request.Header.Set("Authorization", "Bearer any")
			}
			if test.header[0] != "" {
				request.Header.Set(test.header[0], test.header[1])
			}
			answer := httptest.NewRecorder()
			h.ServeHTTP(answer, request)
			if answer.Code != test.status {
				t.Errorf("%d %s, wanted %d", answer.Code, answer.Body, test.status)
			}
			if answer.Code >= 400 && !strings.Contains(answer.Body.String(), `"error":"`) {
				t.Errorf("no error in %s", answer.Body)
			}
		})
	}
}

func TestPathsThatMeanOtherPlacesAreRefused(t *testing.T) {
	r := newRig(t, Options{})
	address := strings.TrimPrefix(r.url, "http://")
	for _, path := range []string{
		"/api/settings/../settings/webhooks", "/api/settings/./webhooks", "/api//settings/webhooks", "/api/settings/%2e%2e/settings/webhooks",
		"/api/settings/webhooks/", "/api/settings/webhooks/%00", "/api/settings/webhooks/%zz", "/api%2Fsettings/webhooks",
		"/api/models/a%2Fb/refs", "/api/models/a/b/c/d/e",
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n", path)
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if answer.StatusCode != 404 && answer.StatusCode != 400 {
			t.Errorf("%s: %s", path, answer.Status)
		}
		conn.Close()
	}
}

// A request that two servers would read differently is read by none.
func TestSmuggledRequestsAreRefused(t *testing.T) {
	r := newRig(t, Options{})
	for name, head := range map[string]string{
		"both lengths": "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nDELETE /api/settings/webhooks/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"two lengths":  "Content-Length: 4\r\nContent-Length: 5\r\n\r\n{}  x",
		"odd encoding": "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"two hosts":    "Host: evil.example\r\nContent-Length: 0\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST /api/settings/webhooks HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n%s", head)
		reader := bufio.NewReader(conn)
		answer, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if answer.StatusCode < 400 {
			t.Errorf("%s: %s", name, answer.Status)
		}
		answer.Body.Close()
		if second, err := http.ReadResponse(reader, nil); err == nil {
			t.Errorf("%s: what was smuggled was answered with %s", name, second.Status)
		}
		conn.Close()
	}
}

func TestBodiesAreLimited(t *testing.T) {
	r := newRig(t, Options{})
	r.fail(http.StatusRequestEntityTooLarge, "POST", "/api/settings/webhooks", `{"url":"`+strings.Repeat("x", router.MaxBody)+`"}`)
	for _, body := range []string{"nonsense", "[]", `"text"`, `{"url":5}`, `{"watched":{}}`, "\x00", strings.Repeat("[", 20_000)} {
		r.fail(http.StatusBadRequest, "POST", "/api/settings/webhooks", body)
	}
}

// A panic neither reaches the client nor ends the Hub.
func TestPanicsReachNoClient(t *testing.T) {
	var log strings.Builder
	r := newRig(t, Options{Log: logTo(&log)})
	r.serves(router.Route{Method: "GET", Path: "/api/panics", Open: true, Serve: func(c *router.Call) (any, error) {
		return c.Update(func(tx *domain.Tx) (any, error) {
			tx.SaveWebhook(&Webhook{ID: "half"})
			panic("inner words")
		})
	}})
	words := r.fail(http.StatusInternalServerError, "GET", "/api/panics", nil)
	if strings.Contains(words, "inner words") || !strings.Contains(log.String(), "inner words") {
		t.Errorf("the client hears %q, the log %q", words, log.String())
	}
	if len(r.Webhooks()) != 0 {
		t.Error("half of a change is left")
	}
	if words := r.fail(http.StatusInternalServerError, "GET", "/api/panics", nil); words == "" { // it goes on
		t.Error("it is down")
	}
}

// serves adds routes to the rig's API.
func (r *rig) serves(routes ...router.Route) {
	o := &r.options
	var before func(*router.Call)
	if o.AutoCreate {
		before = r.autoCreate
	}
	server := httptest.NewServer(router.New(router.Config{User: o.User, Log: o.Log, Before: before, Page: r.pages}, r.db, r.calls, routes))
	r.t.Cleanup(server.Close)
	r.url = server.URL
}

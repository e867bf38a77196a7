package client

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// requests answers all requests, and hands them on.
func requests(t *testing.T) (*url.URL, <-chan string) {
	got := make(chan string, 10)
	return listen(t, func(conn net.Conn) {
		reader := bufio.NewReader(conn)
		for {
			request := readRequest(reader)
			if request == nil {
				return
			}
			got <- string(request)
			io.WriteString(conn, fine)
		}
	}), got
}

// inOrder is a request whose header fields are in order of their names.
func inOrder(request string) []string {
	head, body, _ := strings.Cut(request, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	slices.Sort(lines[1:])
	return append(lines, body)
}

func TestRequestsAreThoseOfTheEmitter(t *testing.T) {
	for name, c := range map[string]struct {
		url     string // from the path on
		in      delivery.SecretIn
		header  http.Header
		payload string
	}{
		"secret in a header": {"/hook", delivery.InHeader, nil, `{"a":1}`},
		"secret in the URL":  {"/hook?a=b", delivery.InQuery, nil, `{"a":1}`},
		"no secret":          {"", delivery.InNone, nil, `{"a":1}`},
		"an odd path":        {"/a b/../%2f/é?x=%20&y=é&", delivery.InQuery, nil, `{"a":1}`},
		"no payload":         {"/hook", delivery.InHeader, nil, ``},
		"a long payload":     {"/hook", delivery.InHeader, nil, strings.Repeat("long", 100<<10)},
		"more headers":       {"/hook", delivery.InHeader, http.Header{"X-B": {"2", "1"}, "x-a": {""}}, `{}`},
		"others of ours": {"/hook", delivery.InHeader, http.Header{
			"user-agent": {"me"}, "Content-Type": {"text/plain"}, "X-Webhook-Secret": {"theirs"}, "webhook-ID": {"the same"},
		}, `{}`},
		"another length": {"/hook", delivery.InHeader, http.Header{"Content-Length": {"2"}}, `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			target, got := requests(t)
			target, err := url.Parse("http://" + target.Host + c.url)
			if err != nil {
				t.Fatal(err)
			}
			to := delivery.Destination{URL: target, SecretIn: c.in, Header: c.header}
			cs := newPool(t, Options{To: to, Secrets: []string{testSecret}})
			p := newRequest(cs, c.payload)
			delivered(t, cs.NewClient(), p)
			attempt := to.Attempt(delivery.Message{ID: string(p.ID), Body: []byte(c.payload)}, testSecret)
			want, err := delivery.AppendRequest(nil, attempt)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(inOrder(string(want)), inOrder(<-got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEachRequestHasItsOwnSecretAndID(t *testing.T) {
	target, got := requests(t)
	secrets := []string{"the first's", "second", ""}
	cs := newPool(t, Options{To: delivery.Destination{URL: target, SecretIn: delivery.InHeader}, Secrets: secrets})
	client := cs.NewClient()
	p := newRequest(cs, "")
	for i, c := range []struct {
		webhook     int
		id, payload string
	}{{1, "1", "{}"}, {0, "a longer one", "more than before"}, {2, "", "{}"}, {1, strings.Repeat("very long", 99), "{}"}} {
		p.Webhook, p.ID = c.webhook, []byte(c.id)
		p.Text = append(p.Text[:p.BodyStart], c.payload...)
		if o := delivered(t, client, p); o.Opened != max(0, 1-i) {
			t.Errorf("%d connections opened for request %d", o.Opened, i)
		}
		request := <-got
		for _, line := range []string{"X-Webhook-Secret: " + secrets[c.webhook], "Webhook-Id: " + c.id, "\r\n" + c.payload} {
			if !strings.Contains(request, "\r\n"+line) || strings.Count(request, "Webhook-Id") != 1 {
				t.Errorf("%q is not in %q", line, request)
			}
		}
		if string(p.Text[p.BodyStart:]) != c.payload {
			t.Errorf("the payload became %q", p.Text[p.BodyStart:])
		}
	}
}

func TestRoomIsThereForTheLongestHead(t *testing.T) {
	cs := newPool(t, Options{
		To:      delivery.Destination{URL: &url.URL{Scheme: "http", Host: "localhost"}, SecretIn: delivery.InHeader},
		Secrets: []string{"", strings.Repeat("long", 99), "short"},
	})
	for webhook := range 3 {
		p := newRequest(cs, "{}")
		p.Webhook = webhook
		if request := cs.heads.prepend(p); &request[len(request)-1] != &p.Text[len(p.Text)-1] {
			t.Errorf("the payload of webhook %d was copied", webhook)
		}
	}
}

func TestRequestsMayLeaveAnyRoom(t *testing.T) {
	target, got := requests(t)
	cs := newPool(t, Options{To: delivery.Destination{URL: target}})
	client := cs.NewClient()
	wanted := ""
	for _, room := range []int{cs.Room(), cs.Room() + 1000, 1, 0} {
		p := newRequest(cs, "")
		p.Text, p.BodyStart = append(make([]byte, room), "{}"...), room
		delivered(t, client, p)
		request := <-got
		if wanted == "" {
			wanted = request
		}
		if request != wanted {
			t.Errorf("with room for %d: %q", room, request)
		}
	}
}

func TestUserOfTheURLIsSent(t *testing.T) {
	target, got := requests(t)
	target.User = url.UserPassword("me", "pass word")
	to := delivery.Destination{URL: target}
	cs := newPool(t, Options{To: to})
	delivered(t, cs.NewClient(), newRequest(cs, "{}"))
	if request := <-got; !strings.Contains(request, "\r\nAuthorization: Basic bWU6cGFzcyB3b3Jk\r\n") {
		t.Error(request)
	}
	to.Header = http.Header{"authorization": {"Bearer x"}}
	cs = newPool(t, Options{To: to})
	delivered(t, cs.NewClient(), newRequest(cs, "{}"))
	if request := <-got; strings.Contains(request, "Basic") || !strings.Contains(request, "\r\nauthorization: Bearer x\r\n") {
		t.Error(request)
	}
}

func TestClosingWhatIsAskedToBeClosed(t *testing.T) {
	cs := newPool(t, Options{To: delivery.Destination{URL: listen(t, wellBehaved), Header: http.Header{"connection": {"x, Close"}}}})
	client := cs.NewClient()
	for range 3 {
		if o := delivered(t, client, newRequest(cs, "{}")); o.Opened != 1 || o.Resent {
			t.Errorf("%+v", o)
		}
	}
}

func TestUsersMistakesAreFoundAtOnce(t *testing.T) {
	good := &url.URL{Scheme: "http", Host: "localhost"}
	for name, o := range map[string]Options{
		"no host":              {To: delivery.Destination{URL: &url.URL{Scheme: "http", Path: "/hook"}}},
		"a secret of no line":  {To: delivery.Destination{URL: good, SecretIn: delivery.InHeader}, Secrets: []string{"fine", "a\nb"}},
		"another kind of host": {To: delivery.Destination{URL: &url.URL{Scheme: "http", Host: "xn--\xff"}}},
	} {
		c, err := NewPool(o)
		if err == nil {
			c.Close()
			t.Errorf("%s: nobody minds", name)
		}
	}
}

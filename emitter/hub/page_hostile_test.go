package hub

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/page"
)

// hostileTexts are texts that want to be more than text. Each holds a mark that no page
// has of its own.
var hostileTexts = []string{
	`<script>zzmark()</script>`, `"><img src=x onerror=zzmark>`, `' onmouseover='zzmark`, `javascript:zzmark`, `--><b>zzmark</b>`, `]]></pre></textarea></title><i>zzmark</i>`,
	"\u202ezzmark\u202c", `{{.Zzmark}}zzmark`, "zzmark\x00\x07\x1b[31m", "\xff\xfezzmark", strings.Repeat("zzmark", 1700), "&lt;zzmark&gt;", "zzmark\r\nSet-Cookie: a=b",
}

// attributesOfText are those that may hold texts from outside.
var attributesOfText = []string{"value", "title", "placeholder", "href", "action", "datetime"}

// harmless demands of a page that what came from outside is text, and leads nowhere
// but to pages of the Hub.
func (s sheet) harmless(t *testing.T, where string) {
	t.Helper()
	for n := range s.root.Descendants() {
		if n.Type != html.ElementNode {
			// What is typed or copied stays as it is.
			exact := n.Parent != nil && (n.Parent.Data == "textarea" || n.Parent.Data == "pre" && value(n.Parent, "id") != "")
			if !exact && strings.ContainsRune(n.Data, '\u202e') {
				t.Errorf("%s: text is turned around in %s", where, n.Parent.Data)
			}
			if n.Type == html.CommentNode && strings.Contains(n.Data, "zzmark") {
				t.Errorf("%s: a comment %q", where, n.Data)
			}
			continue
		}
		if slices.Contains([]string{"img", "i", "iframe", "object", "style", "base", "embed"}, n.Data) || n.Data == "script" && n.FirstChild != nil {
			t.Errorf("%s: an element %s", where, n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.Contains(a.Key, "zzmark") ||
				strings.Contains(a.Val, "zzmark") && !slices.Contains(attributesOfText, a.Key) && !(a.Key == "class" && n.Data == "span") {
				t.Errorf("%s: <%s %s=%.80q>", where, n.Data, a.Key, a.Val)
			}
			if a.Key == "href" || a.Key == "action" || a.Key == "src" {
				to, err := url.Parse(a.Val)
				if err != nil || to.Scheme != "" || to.Host != "" || !(to.Path == "" || strings.HasPrefix(to.Path, "/")) {
					t.Errorf("%s: leads to %.80q", where, a.Val)
				}
			}
		}
	}
}

// hostileRig is a Hub that holds a hostileTexts text wherever one can be.
func hostileRig(t *testing.T, text string) (*rig, []string) {
	r := newRig(t, Options{})
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Hostile", strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(text))
		w.WriteHeader(500)
		fmt.Fprint(w, text)
	}))
	t.Cleanup(echo.Close)
	paths := []string{"/", "/_mock/webhooks", "/_mock/webhooks/new", "/_mock/trigger", "/_mock/calls"}
	err := r.db.Update(func(tx *domain.Tx) error {
		tx.URL = r.url
		w := &Webhook{User: text, URL: echo.URL + "/" + url.PathEscape(text) + "?" + url.QueryEscape(text), Secret: "s3cret", Watched: []Watched{{Type: "user", Name: "mock-user"}, {Type: "model", Name: text}}, Domains: domain.AllDomains()}
		if err := tx.AddWebhook(w); err != nil {
			return err
		}
		job := &Webhook{User: text, JobID: text, Watched: []Watched{{Type: "org", Name: text}}, Domains: domain.AllDomains()}
		if err := tx.AddWebhook(job); err != nil {
			return err
		}
		repo := &domain.Repo{ID: tx.NewID(), Type: "model", Name: text + "/" + text, Visibility: text, Gated: text, SDK: text, Secrets: []string{text}, Refs: map[string]domain.Ref{text: {SHA: text}}}
		tx.SaveRepo(repo)
		d := &Delivery{
			Number: tx.NextNumber(), ID: tx.NewID(), RegistrationID: job.ID, WebhookIDHeader: text, Shape: text, Scope: text, Action: text, RepoType: "model", RepoName: repo.Name, Num: 1, Created: tx.Now, State: activity.Failed, Reason: activity.Reason(text), Faults: []activity.Fault{activity.Fault(text)},
			Attempts: []Attempt{{Status: 200, Error: text, Header: []activity.Field{{Name: text, Value: text}}, Body: text, URL: text, Faults: []activity.Fault{activity.Fault(text)}}, {Error: text}},
			Job:      &activity.Job{Source: text, Env: []activity.Field{{Name: text, Value: text}}, Out: text, Error: text},
		}
		tx.SaveDelivery(d)
		tx.SavePayload(d.Number, []byte(`{"a":"`+text+`"}`))
		paths = append(paths, "/_mock/webhooks/"+w.ID, "/_mock/webhooks/"+w.ID+"/delete", "/_mock/webhooks/"+job.ID, "/_mock/deliveries/"+d.ID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r.showsDiscussion(text, text)
	r.calls.Add(Call{User: text, Name: text, Method: text, Path: text, Status: 200})
	for _, d := range r.Deliveries(Query{}) {
		paths = append(paths, "/_mock/deliveries/"+d.ID)
	}
	return r, append(paths, "/mock-user/demo", "/mock-user/demo/discussions/1")
}

func TestHostileTextIsOnlyText(t *testing.T) {
	for i, text := range hostileTexts {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			r, paths := hostileRig(t, text)
			for _, path := range paths {
				r.page(path).harmless(t, path)
			}
			short, e := text[:min(len(text), 60)], url.QueryEscape
			for _, path := range []string{
				"/?q=" + e(short) + "&event=" + e(short) + "&state=" + e(short) + "&webhook=" + e(short) + "&repo=" + e(short), "/?note=" + e(short) + "&before=" + e(short) + "&after=" + e(short),
				"/_mock/trigger?shape=" + e(short) + "&type=" + e(short) + "&repo=" + e(short), "/_mock/calls?skip=" + e(short), "/" + url.PathEscape(short), "/a/" + url.PathEscape(short), "/_mock/webhooks/" + url.PathEscape(short), "/a/b/discussions/" + url.PathEscape(short),
			} {
				r.open(path).harmless(t, path)
			}
			form := url.Values{}
			for _, field := range []string{"url", "job", "watched", "shape", "type", "repo", "webhook", "by", "back"} {
				form.Set(field, text)
			}
			for _, path := range []string{"/_mock/webhooks", "/_mock/trigger", "/_mock/clock"} {
				s := r.submit("POST", path, form)
				if s.status != 400 && s.status != 413 {
					t.Errorf("%s: %d", path, s.status)
				}
				s.harmless(t, "POST "+path)
			}
		})
	}
}

// FuzzPage asks for any page, and sends any form. None of it is a fault of ours.
func FuzzPage(f *testing.F) {
	h, err := New(Options{Seed: 1, Frozen: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { h.Close() })
	var webhook, delivery string
	err = h.db.Update(func(tx *domain.Tx) error {
		tx.URL = "http://127.0.0.1"
		w := &Webhook{JobID: "a-job", Watched: []Watched{{Type: "user", Name: "me"}}, Domains: domain.AllDomains(), Secret: "s3cret"}
		if err := tx.AddWebhook(w); err != nil {
			return err
		}
		webhook = w.ID
		repo := &domain.Repo{ID: tx.NewID(), Type: "model", Name: "me/x", Refs: map[string]domain.Ref{domain.MainRef: {}}}
		tx.SaveRepo(repo)
		tx.SaveDiscussion(&domain.Discussion{Repo: repo.ID, Num: 1})
		return tx.Publish(domain.Event{Shape: "repo.update", Repo: repo})
	})
	if err != nil {
		f.Fatal(err)
	}
	delivery = h.Deliveries(Query{})[0].ID
	for _, route := range page.Routes() {
		path := strings.NewReplacer("{id}", webhook, "{type}/{repo}", "datasets/me/x", "{repo}", "me/x", "{num}", "1").Replace(route.Path)
		if strings.Contains(route.Path, "deliveries") {
			path = strings.Replace(path, webhook, delivery, 1)
		}
		f.Add(route.Method == "POST", path+"?q=a&event=repo&state=failed&webhook=x&repo=me/x&before=3&after=1&skip=1&note=saved", "by=1m&back=/&url=http://h/&job=j&watched=model%20me/x&repo=on&secret=s&remove=on&shape=repo.update&type=model&repo=me/x&webhook=")
	}
	f.Add(false, "/?before=18446744073709551615&after=18446744073709551615&skip=-9223372036854775808", "")
	f.Add(true, "/_mock/clock?%zz", "by=%zz;&back=%0a")
	f.Fuzz(func(t *testing.T, post bool, target, form string) {
		to, err := url.ParseRequestURI(target)
		if err != nil || !strings.HasPrefix(to.EscapedPath(), "/") {
			return
		}
		method := http.MethodGet
		if post {
			method = http.MethodPost
		}
		w := httptest.NewRecorder()
		r := &http.Request{Method: method, URL: to, Host: "127.0.0.1", Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: http.NoBody}
		if post {
			r.Body = httptest.NewRequest("POST", "/", strings.NewReader(form)).Body
		}
		h.pages.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s %q with %q: %d %s", method, target, form, w.Code, w.Body)
		}
		if strings.Contains(w.Body.String(), "s3cret") && !strings.Contains(target+form, "s3cret") {
			t.Errorf("%s %q with %q shows a secret", method, target, form)
		}
	})
}

package hub

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// sheet is a page as a browser gets it.
type sheet struct {
	status int
	header http.Header
	text   string
	root   *html.Node
}

// open opens a page. Where it leads elsewhere, the answer is that which leads there.
func (r *rig) open(path string) sheet { return r.submit("GET", path, nil) }

// submit sends a form as a browser does.
func (r *rig) submit(method, path string, form url.Values) sheet {
	r.t.Helper()
	request, err := http.NewRequest(method, r.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		r.t.Fatal(err)
	}
	return sheet{response.StatusCode, response.Header, string(body), root}
}

// page opens a page that must be there.
func (r *rig) page(path string) sheet {
	r.t.Helper()
	s := r.open(path)
	if s.status != 200 {
		r.t.Fatalf("%s: %d\n%s", path, s.status, s.shown())
	}
	return s
}

// shown is the text of a page, each run of blanks as one.
func (s sheet) shown() string {
	var b strings.Builder
	for n := range s.root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "title" {
			b.WriteString(n.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// has demands texts of a page.
func (s sheet) has(t *testing.T, texts ...string) {
	t.Helper()
	shown := s.shown()
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			t.Errorf("%q is not shown in:\n%s", text, shown)
		}
	}
}

// value is an attribute of an element.
func value(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// element is the first that has an attribute of a value; nil where none has.
func (s sheet) element(name, wanted string) *html.Node {
	for n := range s.root.Descendants() {
		if n.Type == html.ElementNode && value(n, name) == wanted {
			return n
		}
	}
	return nil
}

// withTalk has a repo be there with a file, a commit and a discussion.
func (r *rig) showsTalk(title, said string) {
	r.t.Helper()
	err := r.change(func(tx *tx) error {
		repo := &Repo{ID: tx.newID(), Type: "model", Name: "mock-user/demo", Visibility: "public", Created: tx.now, Nums: 1}
		c := &commit{Number: tx.number(), SHA: tx.newSHA(), Title: title, Author: "alice", At: tx.now, tree: map[string]File{"weights/" + title: {Size: 2048, LFS: true}}}
		repo.Refs = map[string]Ref{mainRef: {SHA: c.SHA}, "refs/tags/" + title: {SHA: c.SHA}}
		d := &discussion{ID: tx.newID(), Repo: repo.ID, Num: 1, Title: title, Status: "open", Author: "alice", Created: tx.now, Messages: 1}
		put(tx, tx.repos, repo.ID, repo)
		put(tx, tx.commits, commitKey(repo.ID, c.SHA), c)
		put(tx, tx.discussions, discussionKey(repo.ID, 1), d)
		for i, m := range []message{
			{Type: "comment", Content: said}, {Type: "comment", Content: "what was hidden", Hidden: true},
			{Type: "title-change", From: said, To: title}, {Type: "status-change", To: "closed"}, {Type: "commit", From: title, To: c.SHA},
		} {
			m.ID, m.Seq, m.Author, m.At = tx.newID(), i, "alice", tx.now
			put(tx, tx.messages, messageKey(repo.ID, 1, i), &m)
		}
		tx.url = r.url
		return tx.tell(happening{shape: "discussion.comment.create", repo: repo, discussion: d, comment: &message{ID: tx.newID(), Author: "alice", Content: said}})
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.settle()
}

func TestFirstPageTellsHowToBegin(t *testing.T) {
	r := newRig(t, Options{})
	r.page("/").has(t, "Begin here", "HF_ENDPOINT="+r.url, "hf webhooks create", "There is none yet")
	r.watch("user:mock-user")
	r.page("/").has(t, "Waiting for the first event", "0 of 1,000", "enabled", "never")
}

func TestActivityShowsWhatCameOfDeliveries(t *testing.T) {
	r := newRig(t, Options{Quota: 2, Start: time.Date(2026, 5, 4, 10, 20, 30, 0, time.UTC)})
	id := r.watch("user:mock-user")
	r.handler.answers(always(503))
	r.showsTalk("A title", "hello there")
	r.page("/").has(t, "10:20:30", "discussion.comment. create", "mock-user/demo #1", "503 Service Unavailable", "pending", "1 attempt", "next in ", "1 of 2")
	r.handler.answers(always(200))
	r.Advance(time.Minute)
	r.settle()
	r.happens("repo.update")
	r.happens("repo.create")
	r.settle()
	r.page("/").has(t, "200 OK", "delivered", "2 attempts", "withheld", "rate-limited", "2 of 2", "room again at 5 May 10:20")
	r.page("/_mock/webhooks").has(t, "user mock-user", "2 of 2")
	r.page("/_mock/webhooks/"+id).has(t, id, "discussion.comment. create", "rate-limited")
}

func TestActivityIsSearchedAndFiltered(t *testing.T) {
	r := newRig(t, Options{})
	id := r.watch("user:mock-user")
	r.showsTalk("A title", "a needle in it")
	r.happens("repo.update")
	r.settle()
	for query, shown := range map[string]string{
		"q=needle": "discussion.comment. create", "event=discussion": "discussion.comment. create", "event=repo.update": "repo. update",
		"state=delivered&event=repo": "repo. update", "webhook=" + id + "&q=NEEDLE": "discussion.comment. create", "repo=mock-user/demo&event=repo": "repo. update",
	} {
		s := r.page("/?" + query)
		if s.has(t, shown); len(rowsOf(s)) != 1 {
			t.Errorf("%s shows %d deliveries", query, len(rowsOf(s)))
		}
	}
	for _, query := range []string{"q=haystack", "state=failed", "webhook=nobody", "event=repo.move", "repo=me/x"} {
		r.page("/?"+query).has(t, "No delivery is like that", "Show all 2")
	}
	if s := r.open("/?q=" + strings.Repeat("x", longestFilter+1)); s.status != 400 {
		t.Errorf("too long a search: %d", s.status)
	}
}

// rowsOf are the paths of the deliveries in a list.
func rowsOf(s sheet) (paths []string) {
	for n := range s.root.Descendants() {
		if href := value(n, "href"); n.Data == "a" && strings.HasPrefix(href, "/_mock/deliveries/") {
			paths = append(paths, href)
		}
	}
	return paths
}

func TestActivityIsLeafedThrough(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	for range 2*pageSize + 7 {
		r.happens("repo.update")
	}
	r.settle()
	var there, back []string
	path, last := "/?event=repo", ""
	for path != "" {
		last = path
		s := r.page(path)
		there = append(there, rowsOf(s)...)
		if path = ""; s.element("rel", "next") != nil {
			path = "/" + value(s.element("rel", "next"), "href")
		}
	}
	for path = last; path != ""; {
		s := r.page(path)
		back = append(rowsOf(s), back...)
		if path = ""; s.element("rel", "prev") != nil {
			path = "/" + value(s.element("rel", "prev"), "href")
		}
	}
	if len(there) != 2*pageSize+7 || len(slices.Compact(slices.Sorted(slices.Values(there)))) != len(there) {
		t.Errorf("%d deliveries on the way there", len(there))
	}
	if !slices.Equal(there, back) {
		t.Errorf("%d deliveries on the way back, in another order", len(back))
	}
}

func TestDeliveryIsShownInFull(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.handler.answers(always(500))
	r.showsTalk("A title", "hello there")
	d := r.Deliveries(Query{})[0]
	path := "/_mock/deliveries/" + d.ID
	s := r.page(path)
	s.has(t, "POST "+r.handler.url, "Webhook-Id", d.WebhookID, "X-Webhook-Secret •••", "500 Internal Server Error", `"hello there"`,
		"valid by the schema discussion.comment.create", "curl -sS", "Next attempt in ", "The answer has no body")
	if raw := r.open(path + "/payload"); raw.header.Get("Content-Type") != "application/json" || !strings.Contains(raw.text, "hello there") {
		t.Errorf("the payload: %v %s", raw.header, raw.text)
	}
	r.handler.answers(always(202))
	if s := r.submit("POST", path+"/replay", url.Values{}); s.status != 303 || s.header.Get("Location") != path+"?note=replayed" {
		t.Fatalf("replay: %d %s", s.status, s.header.Get("Location"))
	}
	r.page(path+"?note=replayed").has(t, "attempted once more", "202 Accepted", "replay", "delivered")
}

func TestDeliveryOfJobShowsItsEnvironment(t *testing.T) {
	r := newRig(t, Options{})
	err := r.change(func(tx *tx) error {
		d := &Delivery{Number: tx.number(), ID: tx.newID(), Webhook: tx.newID(), Shape: "repo.update", Scope: "repo", Action: "update", RepoType: "model", RepoName: "me/x", State: Failed,
			Attempts: []Attempt{{At: tx.now, Error: "the command ended with 3"}}, Faults: []string{"delay"},
			Job: &Job{Source: "me/job", Env: []Field{{"WEBHOOK_REPO_TYPE", "model"}}, Ran: true, Exit: 3, Out: "Traceback"}}
		put(tx, tx.deliveries, padded(d.Number), d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r.page("/_mock/deliveries/"+r.Deliveries(Query{})[0].ID).has(t, "WEBHOOK_REPO_TYPE model", "ended with 3", "Traceback", "me/job", "It is forgotten", "(deleted)", "delay")
}

func TestRepoAndDiscussionAreShown(t *testing.T) {
	r := newRig(t, Options{})
	r.showsTalk("A title", "hello\nthere")
	r.page("/mock-user/demo").has(t, "mock-user/demo", "weights/A title", "2.0 KiB", "LFS", "refs/heads/main", "branch", "tag", "#1", "A title", "alice, 2 comments", "open")
	s := r.page("/mock-user/demo/discussions/1")
	s.has(t, "A title #1", "hello there", "This comment is hidden", "changed the title from", "changed the status to closed", "pushed")
	if strings.Contains(s.text, "what was hidden") {
		t.Error("a hidden comment is shown")
	}
	for kind, path := range map[string]string{"dataset": "/datasets/me/y", "space": "/spaces/me/z", "bucket": "/buckets/me/b"} {
		err := r.change(func(tx *tx) error {
			repo := &Repo{ID: tx.newID(), Type: kind, Name: strings.SplitN(path, "/", 3)[2], Visibility: "private", Objects: map[string]File{"an/object": {Size: 7}}, Secrets: []string{"A_NAME"}}
			put(tx, tx.repos, repo.ID, repo)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r.page(path).has(t, kind, "private", "an/object", "7 B", "A_NAME")
	}
}

func TestCallsAreShown(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.fail(404, "GET", "/api/settings/webhooks/unknown", nil)
	r.page("/_mock/calls").has(t, "create_webhook", "POST /api/settings/webhooks", "get_webhook", "404", "2 shown of 2")
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	r := newRig(t, Options{})
	r.showsTalk("A title", "hello")
	for _, path := range []string{
		"/nobody/nothing", "/datasets/mock-user/demo", "/mock-user/demo/discussions/2", "/mock-user/demo/discussions/x", "/mock-user/demo/discussions/99999999999999999999",
		"/_mock/deliveries/unknown", "/_mock/deliveries/unknown/payload", "/_mock/webhooks/unknown", "/_mock/webhooks/unknown/delete", "/a/b/c/d", "/_mock/", "//", "/%2e%2e/x", "/_mock/page.html",
	} {
		if s := r.open(path); s.status != 404 {
			t.Errorf("%s: %d", path, s.status)
		} else {
			s.has(t, "404", "Not Found", "To the activity")
		}
	}
}

func TestMethodsAreThoseOfTheForms(t *testing.T) {
	r := newRig(t, Options{})
	for path, allowed := range map[string]string{"/": "GET", "/_mock/webhooks": "GET, POST", "/_mock/clock": "POST", "/_mock/page.css": "GET", "/_mock/calls": "GET"} {
		s := r.submit("PUT", path, url.Values{})
		if s.status != 405 || s.header.Get("Allow") != allowed {
			t.Errorf("PUT %s: %d, allowed are %q", path, s.status, s.header.Get("Allow"))
		}
	}
	if s := r.submit("HEAD", "/", nil); s.status != 200 || s.text != "" {
		t.Errorf("HEAD: %d %q", s.status, s.text)
	}
}

func TestPagesMayDoNothingElse(t *testing.T) {
	r := newRig(t, Options{})
	for _, path := range []string{"/", "/nobody/nothing", "/_mock/page.js"} {
		head := r.open(path).header
		policy := head.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s has the policy %q, without %s", path, policy, part)
			}
		}
		if head.Get("X-Content-Type-Options") != "nosniff" || head.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, head)
		}
	}
	if kept := r.open("/").header.Get("Cache-Control"); kept != "no-store" {
		t.Errorf("a page may be kept: %s", kept)
	}
}

func TestAssetsAreKeptUntilTheyChange(t *testing.T) {
	r := newRig(t, Options{})
	s := r.page("/")
	link := value(s.element("rel", "stylesheet"), "href")
	now := r.open(link)
	if now.status != 200 || !strings.Contains(now.header.Get("Cache-Control"), "immutable") || now.header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%s: %d %v", link, now.status, now.header)
	}
	if old := r.open("/_mock/page.css?v=old"); old.header.Get("Cache-Control") != "no-cache" || old.header.Get("ETag") == "" {
		t.Errorf("one of another version: %v", old.header)
	}
	request, _ := http.NewRequest("GET", r.url+"/_mock/page.js", nil)
	request.Header.Set("If-None-Match", r.open("/_mock/page.js").header.Get("ETag"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if response.Body.Close(); response.StatusCode != 304 {
		t.Errorf("what is known is sent again: %d", response.StatusCode)
	}
}

func TestClockIsAdvancedByForm(t *testing.T) {
	r := newRig(t, Options{Start: time.Date(2026, 5, 4, 10, 20, 30, 0, time.UTC)})
	r.page("/").has(t, "4 May 2026 10:20:30 UTC", "stands still")
	for by, then := range map[string]string{"90s": "1m30s", " 1h 30m ": "1h30m", "2d": "48h", "0.5d": "12h"} {
		before := r.Now()
		want, _ := time.ParseDuration(then)
		if s := r.submit("POST", "/_mock/clock", url.Values{"by": {by}, "back": {"/_mock/calls?skip=0&note=saved"}}); s.status != 303 || s.header.Get("Location") != "/_mock/calls?note=advanced&skip=0" || r.Now().Sub(before) != want {
			t.Errorf("by %q: %d to %s, %v later", by, s.status, s.header.Get("Location"), r.Now().Sub(before))
		}
	}
	for _, by := range []string{"", "soon", "-1h", "0s", "400d", "9999999h", "NaNd", "Infd", "1e300d"} {
		before := r.Now()
		if s := r.submit("POST", "/_mock/clock", url.Values{"by": {by}}); s.status != 400 || !r.Now().Equal(before) {
			t.Errorf("by %q: %d, %v later", by, s.status, r.Now().Sub(before))
		}
	}
	for _, back := range []string{"//evil.example/", "////evil.example/", "https://evil.example/", `/\evil.example`, "javascript:alert(1)", "/\t/evil.example", "", "x", "/%2f/%5cevil"} {
		to := r.submit("POST", "/_mock/clock", url.Values{"by": {"1s"}, "back": {back}}).header.Get("Location")
		if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\t") {
			t.Errorf("%q leads to %q", back, to)
		}
	}
}

func TestEventIsTriggeredByForm(t *testing.T) {
	r := newRig(t, Options{})
	id := r.watch("model:me/x")
	if s := r.page("/_mock/trigger"); value(s.element("id", "repo"), "value") != "me/x" {
		t.Error("the form does not name the repo that is watched")
	}
	for _, shape := range r.schemas.Shapes() {
		s := r.submit("POST", "/_mock/trigger", url.Values{"shape": {shape.Name}, "type": {"model"}, "repo": {"me/x"}})
		if s.status != 303 || !strings.HasPrefix(s.header.Get("Location"), "/_mock/deliveries/") {
			t.Fatalf("%s: %d\n%s", shape.Name, s.status, s.shown())
		}
		named, narrowed := strings.CutSuffix(shape.Name, "*")
		arrived := r.arrivals()
		if len(arrived) != 1 || !strings.HasPrefix(arrived[0].shape(), named) || !narrowed && arrived[0].shape() != named || arrived[0].at("repo.name") != "me/x" {
			t.Errorf("%s: arrived %v", shape.Name, arrived)
		}
		r.page(s.header.Get("Location")).has(t, "The event was told", "valid by the schema "+shape.Name)
	}
	other := url.Values{"shape": {"repo.update"}, "type": {"dataset"}, "repo": {"me/other"}}
	if s := r.submit("POST", "/_mock/trigger", other); s.status != 303 || len(r.arrivals()) != 0 {
		t.Errorf("one that nobody watches: %d", s.status)
	} else {
		r.page(s.header.Get("Location")).has(t, "no webhook watches for it")
	}
	other.Set("webhook", id)
	if s := r.submit("POST", "/_mock/trigger", other); s.status != 303 || len(r.arrivals()) != 1 {
		t.Errorf("to one webhook: %d", s.status)
	}
	for field, bad := range map[string]string{"shape": "no.such", "repo": "a/b/c", "type": "kernel", "webhook": "unknown"} {
		form := url.Values{"shape": {"repo.update"}, "type": {"model"}, "repo": {"me/x"}}
		form.Set(field, bad)
		s := r.submit("POST", "/_mock/trigger", form)
		if s.status/100 != 4 || len(r.arrivals()) != 0 {
			t.Errorf("%s=%s: %d", field, bad, s.status)
		}
	}
}

package hub

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
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

// showsDiscussion adds a repo with a file, a commit and a discussion.
func (r *rig) showsDiscussion(title, comment string) {
	r.t.Helper()
	err := r.db.Update(func(tx *domain.Tx) error {
		repo := &domain.Repo{ID: tx.NewID(), Type: "model", Name: "mock-user/demo", Visibility: "public", Created: tx.Now, Nums: 1}
		file := domain.FileChange{Path: "weights/" + title, File: &domain.File{Size: 2048, LFS: true}}
		c := &domain.Commit{Title: title, Author: "alice", Changes: []domain.FileChange{file}}
		repo = tx.CommitOn(repo, domain.MainRef, c)
		repo.Refs["refs/tags/"+title] = domain.Ref{SHA: c.SHA}
		tx.SaveRepo(repo)
		d := &domain.Discussion{ID: tx.NewID(), Repo: repo.ID, Num: 1, Title: title, Status: "open", Author: "alice", Created: tx.Now, Entries: 1}
		tx.SaveDiscussion(d)
		for i, m := range []domain.Entry{
			{Type: "comment", Content: comment}, {Type: "comment", Content: "what was hidden", Hidden: true},
			{Type: "title-change", From: comment, To: title}, {Type: "status-change", To: "closed"}, {Type: "commit", From: title, To: c.SHA},
		} {
			m.ID, m.Seq, m.Author, m.At = tx.NewID(), i, "alice", tx.Now
			tx.SaveEntry(d, &m)
		}
		tx.URL = r.url
		return tx.Publish(domain.Event{Shape: "discussion.comment.create", Repo: repo, Discussion: d, Comment: &domain.Entry{ID: tx.NewID(), Author: "alice", Content: comment}})
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.waitIdle()
}

package hub

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
	"github.com/hubhook/hubhook/fixtures/payloads"
)

var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestFixturesAreAdopted(t *testing.T) {
	files, err := fs.Glob(payloads.FS, "*/*/*-*.json")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := payloads.FS.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(file, func(t *testing.T) {
			r := newRig(t, Options{})
			r.call("POST", "/_mock/v1/adopt", string(text))
			r.holds(text)
			r.call("POST", "/_mock/v1/adopt", string(text)) // once more changes nothing
			r.holds(text)
		})
	}
}

func TestWhatAnotherHubTellsIsAdopted(t *testing.T) {
	g, err := emitter.New(emitter.Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	feed, err := g.Feed(emitter.FeedOptions{Story: true})
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, Options{})
	for range 200 {
		m, err := feed.Next()
		if err != nil {
			t.Fatal(err)
		}
		if err := r.ImportPayload(m.Body); err != nil {
			t.Fatalf("%v\n%s", err, m.Body)
		}
		r.holds(m.Body)
	}
}

// holds demands that what a payload tells of is so.
func (r *rig) holds(text []byte) {
	r.t.Helper()
	told := gjson.ParseBytes(text)
	name := told.Get("repo.name").Str
	if moved := told.Get("movedTo.name"); moved.Exists() {
		name = moved.Str
	}
	r.db.View(func(s *domain.State) {
		repo := s.RepoNamed(told.Get("repo.type").Str, name)
		if delivery.ShapeOf(text) == "repo.delete" {
			if repo != nil || len(s.Commits(told.Get("repo.id").Str)) > 0 {
				r.t.Errorf("it is still there\n%s", text)
			}
			return
		}
		if repo == nil || repo.ID != told.Get("repo.id").Str || repo.Private() != told.Get("repo.private").Bool() {
			r.t.Fatalf("the repo is %+v\n%s", repo, text)
		}
		if head := told.Get("repo.headSha").Str; head != "" && repo.Head() != head {
			r.t.Errorf("main is at %s\n%s", repo.Head(), text)
		}
		if repo.Type != domain.TypeBucket && s.Commit(repo.ID, repo.Head()) == nil {
			r.t.Errorf("main points to nothing\n%s", text)
		}
		for _, ref := range told.Get("updatedRefs").Array() {
			if sha := ref.Get("newSha").Str; repo.Refs[ref.Get("ref").Str].SHA != sha && ref.Get("ref").Str != domain.MainRef {
				r.t.Errorf("%s is at %+v\n%s", ref.Get("ref"), repo.Refs, text)
			}
		}
		for _, file := range told.Get("updatedFiles").Array() {
			if repo.Objects[file.Get("path").Str].OID != file.Get("xetHash").Str {
				r.t.Errorf("%s is %+v\n%s", file.Get("path"), repo.Objects, text)
			}
		}
		r.holdsTalk(s, repo, told)
	})
}

func (r *rig) holdsTalk(s *domain.State, repo *domain.Repo, told gjson.Result) {
	r.t.Helper()
	if !told.Get("discussion").Exists() {
		return
	}
	num := int(told.Get("discussion.num").Int())
	d := s.Discussion(repo.ID, num)
	if told.Get("event.scope").Str == "discussion" && told.Get("event.action").Str == "delete" {
		if d != nil {
			r.t.Errorf("it is still there: %s", told.Raw)
		}
		return
	}
	if d == nil || d.ID != told.Get("discussion.id").Str || d.Title != told.Get("discussion.title").Str || d.Status != told.Get("discussion.status").Str ||
		d.Pull != told.Get("discussion.isPullRequest").Bool() || d.Merge != told.Get("discussion.changes.mergeCommitId").Str || repo.Nums < d.Num {
		r.t.Fatalf("the discussion is %+v\n%s", d, told.Raw)
	}
	if id := told.Get("comment.id").Str; id != "" {
		n := 0
		for _, m := range s.Messages(repo.ID, num) {
			if m.ID == id && m.Content == told.Get("comment.content").Str && m.Hidden == told.Get("comment.hidden").Bool() {
				n++
			}
		}
		if n != 1 {
			r.t.Errorf("the comment is there %d times\n%s", n, told.Raw)
		}
	}
}

func TestEventsGoOnFromWhatIsAdopted(t *testing.T) {
	text, err := payloads.FS.ReadFile("v3/model/discussion.comment.create-1.json")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, Options{})
	told := gjson.ParseBytes(text)
	r.watch("model:" + told.Get("repo.name").Str)
	if err := r.ImportPayload(text); err != nil {
		t.Fatal(err)
	}
	if silent := r.arrivals(); len(silent) != 0 {
		t.Errorf("it was told of: %v", silent)
	}
	r.fires("discussion.comment.create", map[string]any{"repo": told.Get("repo.name").Str, "num": told.Get("discussion.num").Int()})
	a := r.arrivals()[0]
	r.genuine(a.body)
	if a.at("repo.id") != told.Get("repo.id").Str || a.at("discussion.id") != told.Get("discussion.id").Str || a.at("comment.id") == told.Get("comment.id").Str {
		t.Errorf("told: %s", a.body)
	}
}

func TestRepoOfTheSameNameGivesWay(t *testing.T) {
	r := newRig(t, Options{})
	payload := func(id string) string {
		return fmt.Sprintf(`{"event":{"scope":"repo","action":"update"},"repo":{"type":"model","name":"ada/x","id":%q}}`, strings.Repeat(id, 24))
	}
	for _, id := range []string{"a", "b"} {
		if err := r.ImportPayload([]byte(payload(id))); err != nil {
			t.Fatal(err)
		}
	}
	r.db.View(func(s *domain.State) {
		if s.RepoCount() != 1 || s.RepoNamed("model", "ada/x").ID != strings.Repeat("b", 24) || len(s.Commits(strings.Repeat("b", 24))) != 1 {
			t.Errorf("there are %v", s.Dump())
		}
	})
}

func TestPayloadThatIsNoneIsNotAdopted(t *testing.T) {
	text, err := payloads.FS.ReadFile("v3/merged/discussion.comment.create-1.json")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, Options{})
	for _, c := range []struct {
		at    []string
		value any
	}{
		{[]string{"repo", "id"}, "short"}, {[]string{"repo", "id"}, 5}, {[]string{"repo", "type"}, "Model Type"}, {[]string{"repo", "name"}, "../../etc"},
		{[]string{"repo", "headSha"}, "main"}, {[]string{"repo", "private"}, "yes"}, {[]string{"movedTo"}, map[string]any{"name": ""}},
		{[]string{"updatedRefs"}, []any{map[string]any{"ref": "main"}}}, {[]string{"updatedFiles"}, []any{map[string]any{"path": "x", "action": "add"}}},
		{[]string{"updatedRefs"}, make([]any, 1001)}, {[]string{"discussion", "num"}, 0}, {[]string{"discussion", "num"}, 1e12}, {[]string{"discussion", "id"}, "x"},
		{[]string{"discussion", "status"}, "gone"}, {[]string{"discussion", "title"}, ""}, {[]string{"discussion", "changes"}, map[string]any{"mergeCommitId": "x"}},
		{[]string{"comment", "id"}, ""},
	} {
		var told map[string]any
		if err := json.Unmarshal(text, &told); err != nil {
			t.Fatal(err)
		}
		object := told
		if len(c.at) == 2 {
			object = told[c.at[0]].(map[string]any)
		}
		object[c.at[len(c.at)-1]] = c.value
		if says := r.fail(400, "POST", "/_mock/v1/adopt", told); !strings.Contains(says, strings.Join(c.at, ".")) && !strings.Contains(says, "references") {
			t.Errorf("%v = %v: %s", c.at, c.value, says)
		}
	}
	r.db.View(func(s *domain.State) {
		if s.RepoCount() != 0 {
			t.Error("something was adopted")
		}
	})
}

func TestWhatIsAskedForIsImagined(t *testing.T) {
	for _, imagines := range []bool{false, true} {
		r := newRig(t, Options{AutoCreate: imagines})
		r.watch("user:ada")
		var routes []router.Route
		for _, path := range []string{"/api/{type}/{repo}", "/api/{type}/{repo}/discussions/{num}"} {
			routes = append(routes, router.Route{Name: "details", Method: "GET", Path: path, Serve: func(c *router.Call) (any, error) {
				return map[string]bool{"ok": true}, c.View(func(s *domain.State) error { _, err := c.Repo(s); return err })
			}})
		}
		r.serves(routes...)
		want := map[bool]int{true: 200, false: 404}[imagines]
		for _, path := range []string{"/api/models/ada/x", "/api/datasets/ada/y/discussions/7", "/api/datasets/ada/y/discussions/3", "/api/buckets/ada/z"} {
			for range 2 {
				if answer := r.send("GET", path, nil); answer.status != want {
					t.Errorf("%s: %d %s", path, answer.status, answer.body)
				}
			}
		}
		if arrived := r.arrivals(); len(arrived) != 0 {
			t.Errorf("it was told of: %v", arrived)
		}
		r.db.View(func(s *domain.State) {
			if n := s.RepoCount(); n != map[bool]int{true: 3}[imagines] {
				t.Errorf("there are %d repos", n)
			}
			if n := kinds(s)["discussion"]; n != map[bool]int{true: 2}[imagines] {
				t.Errorf("there are %d discussions", n)
			}
		})
	}
}

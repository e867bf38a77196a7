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

func TestFixturesAreImported(t *testing.T) {
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

func TestPayloadsOfAnotherHubAreImported(t *testing.T) {
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

// holds requires that the Hub's state agrees with a payload.
func (r *rig) holds(text []byte) {
	r.t.Helper()
	payload := gjson.ParseBytes(text)
	name := payload.Get("repo.name").Str
	if moved := payload.Get("movedTo.name"); moved.Exists() {
		name = moved.Str
	}
	r.db.View(func(s *domain.State) {
		repo := s.RepoNamed(payload.Get("repo.type").Str, name)
		if delivery.ShapeOf(text) == "repo.delete" {
			if repo != nil || len(s.Commits(payload.Get("repo.id").Str)) > 0 {
				r.t.Errorf("it is still there\n%s", text)
			}
			return
		}
		if repo == nil || repo.ID != payload.Get("repo.id").Str || repo.Private() != payload.Get("repo.private").Bool() {
			r.t.Fatalf("the repo is %+v\n%s", repo, text)
		}
		if head := payload.Get("repo.headSha").Str; head != "" && repo.Head() != head {
			r.t.Errorf("main is at %s\n%s", repo.Head(), text)
		}
		if repo.Type != domain.TypeBucket && s.Commit(repo.ID, repo.Head()) == nil {
			r.t.Errorf("main points to nothing\n%s", text)
		}
		for _, ref := range payload.Get("updatedRefs").Array() {
			if sha := ref.Get("newSha").Str; repo.Refs[ref.Get("ref").Str].SHA != sha && ref.Get("ref").Str != domain.MainRef {
				r.t.Errorf("%s is at %+v\n%s", ref.Get("ref"), repo.Refs, text)
			}
		}
		for _, file := range payload.Get("updatedFiles").Array() {
			if repo.Objects[file.Get("path").Str].OID != file.Get("xetHash").Str {
				r.t.Errorf("%s is %+v\n%s", file.Get("path"), repo.Objects, text)
			}
		}
		r.holdsDiscussion(s, repo, payload)
	})
}

func (r *rig) holdsDiscussion(s *domain.State, repo *domain.Repo, payload gjson.Result) {
	r.t.Helper()
	if !payload.Get("discussion").Exists() {
		return
	}
	num := int(payload.Get("discussion.num").Int())
	d := s.Discussion(repo.ID, num)
	if payload.Get("event.scope").Str == "discussion" && payload.Get("event.action").Str == "delete" {
		if d != nil {
			r.t.Errorf("it is still there: %s", payload.Raw)
		}
		return
	}
	if d == nil || d.ID != payload.Get("discussion.id").Str || d.Title != payload.Get("discussion.title").Str || d.Status != payload.Get("discussion.status").Str ||
		d.Pull != payload.Get("discussion.isPullRequest").Bool() || d.Merge != payload.Get("discussion.changes.mergeCommitId").Str || repo.Nums < d.Num {
		r.t.Fatalf("the discussion is %+v\n%s", d, payload.Raw)
	}
	if id := payload.Get("comment.id").Str; id != "" {
		n := 0
		for _, m := range s.Entries(repo.ID, num) {
			if m.ID == id && m.Content == payload.Get("comment.content").Str && m.Hidden == payload.Get("comment.hidden").Bool() {
				n++
			}
		}
		if n != 1 {
			r.t.Errorf("the comment is there %d times\n%s", n, payload.Raw)
		}
	}
}

func TestEventsContinueFromImportedPayloads(t *testing.T) {
	text, err := payloads.FS.ReadFile("v3/model/discussion.comment.create-1.json")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, Options{})
	payload := gjson.ParseBytes(text)
	r.watch("model:" + payload.Get("repo.name").Str)
	if err := r.ImportPayload(text); err != nil {
		t.Fatal(err)
	}
	if silent := r.arrivals(); len(silent) != 0 {
		t.Errorf("deliveries: %v", silent)
	}
	r.fires("discussion.comment.create", map[string]any{"repo": payload.Get("repo.name").Str, "num": payload.Get("discussion.num").Int()})
	a := r.arrivals()[0]
	r.genuine(a.body)
	if a.at("repo.id") != payload.Get("repo.id").Str || a.at("discussion.id") != payload.Get("discussion.id").Str || a.at("comment.id") == payload.Get("comment.id").Str {
		t.Errorf("payload: %s", a.body)
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
			t.Errorf("there are %v", stateRows(s))
		}
	})
}

func TestInvalidPayloadIsNotImported(t *testing.T) {
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
		var payload map[string]any
		if err := json.Unmarshal(text, &payload); err != nil {
			t.Fatal(err)
		}
		object := payload
		if len(c.at) == 2 {
			object = payload[c.at[0]].(map[string]any)
		}
		object[c.at[len(c.at)-1]] = c.value
		if says := r.fail(400, "POST", "/_mock/v1/adopt", payload); !strings.Contains(says, strings.Join(c.at, ".")) && !strings.Contains(says, "references") {
			t.Errorf("%v = %v: %s", c.at, c.value, says)
		}
	}
	r.db.View(func(s *domain.State) {
		if s.RepoCount() != 0 {
			t.Error("something was adopted")
		}
	})
}

func TestAutoCreate(t *testing.T) {
	for _, imagines := range []bool{false, true} {
		r := newRig(t, Options{AutoCreate: imagines})
		r.watch("user:ada")
		var routes []router.Route
		for _, path := range []string{"/api/{type}/{repo}", "/api/{type}/{repo}/discussions/{num}"} {
			routes = append(routes, router.Route{Name: "details", Method: "GET", Path: path, Serve: func(c *router.Call) (any, error) {
				return c.View(func(s *domain.State) (any, error) {
					_, err := c.Repo(s)
					return map[string]bool{"ok": true}, err
				})
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
			t.Errorf("deliveries: %v", arrived)
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

package hub

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/schemas"
)

// discussionRig is a Hub with a repo to discuss, and a handler that receives its events.
type discussionRig struct {
	*rig
	repo string // its id
	api  string // where its discussions are: "/api/models/mock-user/demo/discussions"
	seen uint64 // the number of the last delivery that was looked at
}

func newDiscussionRig(t *testing.T, repoType string) *discussionRig {
	t.Helper()
	r := newRig(t, Options{Quota: 1_000_000})
	r.watch("user:mock-user")
	k := &discussionRig{rig: r, api: "/api/" + domain.FolderOf(repoType) + "/mock-user/demo/discussions"}
	k.changes(func(tx *domain.Tx) error {
		made, err := tx.CreateRepo(&domain.Repo{Type: repoType, Name: "mock-user/demo", Visibility: "public"}, "mock-user", nil)
		if err == nil {
			k.repo = made.ID
		}
		return err
	})
	if repoType != "bucket" {
		k.push(domain.MainRef, domain.FileChange{Path: ".gitattributes", File: &domain.File{OID: strings.Repeat("a", 40), Size: 7}})
	}
	return k
}

func (k *discussionRig) changes(do func(*domain.Tx) error) {
	k.t.Helper()
	if err := k.db.Update(do); err != nil {
		k.t.Fatal(err)
	}
}

// push puts a commit on a reference without an event.
func (k *discussionRig) push(ref string, changes ...domain.FileChange) *domain.Commit {
	k.t.Helper()
	var c *domain.Commit
	k.changes(func(tx *domain.Tx) error {
		c = &domain.Commit{Title: "Change " + ref, Author: "mock-user", Changes: changes}
		r := tx.CommitOn(tx.RepoByID(k.repo), ref, c)
		tx.SaveRepo(r)
		var num int
		if _, err := fmt.Sscanf(ref, domain.PullRefs+"%d", &num); err == nil {
			_, err = tx.DiscussionTx(r, tx.Discussion(r.ID, num)).Record(domain.Entry{Type: domain.EntryCommit, Author: c.Author, From: c.Title, To: c.SHA})
			return err
		}
		return nil
	})
	return c
}

// tree is what is on a reference.
func (k *discussionRig) tree(ref string) (tree map[string]domain.File) {
	k.db.View(func(s *domain.State) {
		tree = s.Commit(k.repo, s.RepoByID(k.repo).Refs[ref].SHA).Tree
	})
	return tree
}

func (k *discussionRig) sha(ref string) (sha string) {
	k.db.View(func(s *domain.State) { sha = s.RepoByID(k.repo).Refs[ref].SHA })
	return sha
}

// newEvents returns the events since the last call, in their order. Each has arrived, and
// is such as the schemas know the Hub to send.
func (k *discussionRig) newEvents() []arrival {
	k.t.Helper()
	arrived := k.arrivals()
	made := k.Deliveries(Query{After: k.seen})
	if len(arrived) != len(made) {
		k.t.Fatalf("%d arrived of %d", len(arrived), len(made))
	}
	events := make([]arrival, len(made))
	for i, d := range made {
		body := k.Payload(d)
		doc, err := schemas.Decode(body)
		if err != nil {
			k.t.Fatalf("%v in %s", err, body)
		}
		if judged, err := k.options.Schemas.Judge(doc, schemas.Strict); err != nil || !judged.Valid() {
			k.t.Fatalf("%s: %v %v in %s", d.Shape, err, judged.Problems, body)
		}
		object, _ := doc.(map[string]any)
		events[len(made)-1-i] = arrival{body: body, payload: object}
		k.seen = max(k.seen, d.Number)
	}
	return events
}

// expectEvents expects new events of these shapes, in that order and no others.
func (k *discussionRig) expectEvents(shapes ...string) []arrival {
	k.t.Helper()
	events := k.newEvents()
	var got []string
	for _, e := range events {
		got = append(got, e.shape())
	}
	if strings.Join(got, " ") != strings.Join(shapes, " ") {
		k.t.Fatalf("events %v, wanted %v", got, shapes)
	}
	return events
}

// opens opens a discussion, and discards its event. It returns the path.
func (k *discussionRig) opens(title string, pull bool) string {
	k.t.Helper()
	answer := k.call("POST", k.api, map[string]any{"title": title, "description": "The first comment.", "pullRequest": pull})
	k.newEvents()
	return fmt.Sprintf("%s/%v", k.api, answer["num"])
}

// opensPull opens a pull request that is no draft, with changes in it.
func (k *discussionRig) opensPull(changes ...domain.FileChange) string {
	k.t.Helper()
	path := k.opens("A pull request", true)
	if len(changes) > 0 {
		k.push(domain.PullRefs+path[len(k.api)+1:], changes...)
	}
	k.call("POST", path+"/status", map[string]any{"status": "open"})
	k.newEvents()
	return path
}

// stands returns a discussion as the API shows it.
func (k *discussionRig) stands(path string) map[string]any {
	k.t.Helper()
	return k.call("GET", path+"?diff=1", nil)
}

// events returns the events in a discussion.
func events(discussion map[string]any) (list []map[string]any) {
	for _, e := range discussion["events"].([]any) {
		list = append(list, e.(map[string]any))
	}
	return list
}

// is expects values at paths.
func is(t *testing.T, v any, want map[string]any) {
	t.Helper()
	for path, value := range want {
		if got := at(v, path); fmt.Sprint(got) != fmt.Sprint(value) {
			t.Errorf("%s is %v, wanted %v", path, got, value)
		}
	}
}

func adds(path string, oid byte) domain.FileChange {
	return domain.FileChange{Path: path, File: &domain.File{OID: strings.Repeat(string(oid), 40), Size: 1}}
}

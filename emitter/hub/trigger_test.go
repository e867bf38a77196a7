package hub

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/inspect"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/schemas"
)

// genuine demands of a payload that the strict reading of the schemas finds nothing.
func (r *rig) genuine(body []byte) {
	r.t.Helper()
	v, err := (&inspect.Inspector{Schemas: r.options.Schemas}).Verdict(body)
	if err != nil || !v.Valid {
		r.t.Errorf("%v %v\n%s", v.Problems, err, body)
	}
}

// repoOf is the Hub's row of a payload's repo.
func (r *rig) repoOf(a arrival) (found *domain.Repo) {
	r.db.View(func(s *domain.State) { found = s.RepoByID(a.at("repo.id").(string)) })
	return found
}

// discussion returns a discussion and its messages, or nil.
func (r *rig) discussion(repo *domain.Repo, num any) (d *domain.Discussion, messages []*domain.Entry) {
	n := int(num.(float64))
	r.db.View(func(s *domain.State) {
		d, messages = s.Discussion(repo.ID, n), s.Entries(repo.ID, n)
	})
	return d, messages
}

// so says what must hold on the Hub after an event of a shape.
var so = map[string]func(*rig, arrival) bool{
	"repo.create": func(r *rig, a arrival) bool { return r.repoOf(a).Name == a.at("repo.name") },
	"repo.update": func(r *rig, a arrival) bool { return r.repoOf(a).Name == a.at("repo.name") },
	"repo.delete": func(r *rig, a arrival) bool { return r.repoOf(a) == nil },
	"repo.move": func(r *rig, a arrival) bool {
		return r.repoOf(a).Name == a.at("movedTo.name") && a.at("movedTo.name") != a.at("repo.name")
	},
	"repo.config.update": func(r *rig, a arrival) bool {
		return r.repoOf(a).Private() == a.at("updatedConfig.private") && a.at("repo.private") == a.at("updatedConfig.private")
	},
	"repo.content.update": func(r *rig, a arrival) bool {
		repo := r.repoOf(a)
		if repo.Type == domain.TypeBucket {
			file := a.at("updatedFiles").([]any)[0]
			return repo.Objects[at(file, "path").(string)].OID == at(file, "xetHash")
		}
		ref := a.at("updatedRefs").([]any)[0]
		var c, before *domain.Commit
		r.db.View(func(s *domain.State) {
			c = s.Commit(repo.ID, at(ref, "newSha").(string))
			before = s.Commit(repo.ID, at(ref, "oldSha").(string))
		})
		return c != nil && before != nil && repo.Head() == c.SHA && a.at("repo.headSha") == c.SHA &&
			c.Parents[0] == before.SHA && c.Tree[c.Changes[0].Path] == *c.Changes[0].File
	},
	"discussion.create": func(r *rig, a arrival) bool {
		repo := r.repoOf(a)
		d, messages := r.discussion(repo, a.at("discussion.num"))
		return d.ID == a.at("discussion.id") && repo.Nums == d.Num && len(messages) == 1 && messages[0].ID == a.at("comment.id")
	},
	"discussion.update": func(r *rig, a arrival) bool {
		d, messages := r.discussion(r.repoOf(a), a.at("discussion.num"))
		return d.Status == a.at("discussion.status") && d.Title == a.at("discussion.title") && messages[len(messages)-1].Type != "comment"
	},
	"discussion.delete": func(r *rig, a arrival) bool {
		d, messages := r.discussion(r.repoOf(a), a.at("discussion.num"))
		return d == nil && len(messages) == 0
	},
	"discussion.comment.create": func(r *rig, a arrival) bool {
		d, messages := r.discussion(r.repoOf(a), a.at("discussion.num"))
		last := messages[len(messages)-1]
		return d.Entries == len(messages) && last.ID == a.at("comment.id") && last.Content == a.at("comment.content")
	},
	"discussion.comment.update": func(r *rig, a arrival) bool {
		_, messages := r.discussion(r.repoOf(a), a.at("discussion.num"))
		for _, m := range messages {
			if m.ID == a.at("comment.id") {
				return m.Content == a.at("comment.content") && !m.Edited.IsZero()
			}
		}
		return false
	},
}

func TestEveryShapeIsTriggered(t *testing.T) {
	for _, repoType := range domain.RepoTypes() {
		t.Run(repoType, func(t *testing.T) {
			r := newRig(t, Options{})
			r.watch("user:ada")
			for _, shape := range r.options.Schemas.Shapes() {
				body := map[string]any{"shape": shape.Name, "type": repoType, "repo": "ada/a-" + strings.Trim(shape.Name, ".*"), "count": 2}
				if repoType == domain.TypeBucket && strings.HasPrefix(shape.Scope, "discussion") {
					r.fail(400, "POST", "/_mock/v1/trigger", body)
					continue
				}
				for range 2 {
					fired := r.call("POST", "/_mock/v1/trigger", body)["deliveries"].([]any)
					arrived := r.arrivals()
					if len(fired) != 2 || len(arrived) != 2 {
						t.Fatalf("%s: %d deliveries, %d arrived", shape.Name, len(fired), len(arrived))
					}
					for _, a := range arrived {
						r.genuine(a.body)
						r.fits(shape, a)
					}
				}
			}
		})
	}
}

// fits demands that a payload is of a shape, and leads to this Hub.
func (r *rig) fits(shape schemas.Shape, a arrival) {
	r.t.Helper()
	if shape.Narrowed {
		if !strings.HasPrefix(a.shape(), shape.Scope+".") {
			r.t.Errorf("%s is %s", shape.Name, a.shape())
		}
		return
	}
	if a.shape() != shape.Name || !strings.HasPrefix(a.at("repo.url.api").(string), r.url+"/api/"+domain.FolderOf(a.at("repo.type").(string))+"/ada/") {
		r.t.Errorf("%s: %s", shape.Name, a.body)
	}
}

func TestTriggerChangesTheState(t *testing.T) {
	for _, repoType := range domain.RepoTypes() {
		r := newRig(t, Options{})
		r.watch("user:mock-user")
		for shape, holds := range so {
			if repoType == domain.TypeBucket && strings.HasPrefix(shape, "discussion") {
				continue
			}
			for range 3 {
				r.fires(shape, map[string]any{"type": repoType})
				arrived := r.arrivals()
				if len(arrived) != 1 || !holds(r, arrived[0]) {
					t.Errorf("%s of a %s is not so: %v", shape, repoType, arrived)
				}
			}
		}
	}
}

func TestTriggersBuildOnEachOther(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	var nums []any
	var statuses []any
	for _, shape := range []string{"discussion.create", "discussion.create", "discussion.comment.create", "discussion.update", "discussion.update"} {
		r.fires(shape, nil)
		a := r.arrivals()[0]
		nums, statuses = append(nums, a.at("discussion.num")), append(statuses, a.at("discussion.status"))
	}
	if fmt.Sprint(nums, statuses) != "[1 2 2 2 2] [open open open closed open]" {
		t.Errorf("discussions %v, %v", nums, statuses)
	}
	r.fires("discussion.comment.create", map[string]any{"num": 1})
	if a := r.arrivals()[0]; a.at("discussion.num") != 1.0 || a.at("comment.author.id") == domain.UserID("mock-user") {
		t.Errorf("a comment on the first: %s", a.body)
	}
	created := r.fires("repo.create", map[string]any{"count": 2})
	names := []any{at(created[0], "repoName"), at(created[1], "repoName")}
	if fmt.Sprint(names) != "[mock-user/demo-2 mock-user/demo-3]" {
		t.Errorf("created %v", names)
	}
}

func TestTriggerUsesTheTypeOfTheExistingRepo(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.fires("repo.create", map[string]any{"repo": "mock-user/data", "type": "dataset", "private": true})
	fired := r.fires("repo.update", map[string]any{"repo": "mock-user/data"})[0]
	if at(fired, "repoType") != "dataset" {
		t.Errorf("of type %v", at(fired, "repoType"))
	}
	for _, a := range r.arrivals() {
		if a.at("repo.private") != true {
			t.Errorf("it is not private: %s", a.body)
		}
	}
}

func TestRepoOfEveryNewNameIsTriggered(t *testing.T) {
	r := newRig(t, Options{})
	for _, name := range []string{"_demo", "a.b-c_", "9"} {
		r.call("POST", "/api/repos/create", map[string]any{"name": name})
		if _, err := r.Trigger(Trigger{Shape: "repo.update", Repo: DefaultUser + "/" + name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTriggerForOneWebhook(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	other := r.watch("model:somebody/else")
	fired := r.fires("repo.update", map[string]any{"webhook": other})
	arrived := r.arrivals()
	if len(fired) != 1 || at(fired[0], "webhook") != other || len(arrived) != 1 || arrived[0].at("webhook.id") != other {
		t.Errorf("payload: %v", fired)
	}
	r.call("POST", "/api/settings/webhooks/"+other+"/disable", nil)
	r.fail(409, "POST", "/_mock/v1/trigger", map[string]any{"shape": "repo.update", "webhook": other})
}

func TestTriggerWithoutWatcherGivesAReason(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("model:somebody/else")
	answer := r.call("POST", "/_mock/v1/trigger", map[string]any{"shape": "repo.create", "repo": "ada/x"})
	if len(answer["deliveries"].([]any)) != 0 || !strings.Contains(answer["reason"].(string), "watches") {
		t.Errorf("answer: %v", answer)
	}
	r.db.View(func(s *domain.State) {
		if s.RepoNamed("model", "ada/x") == nil {
			t.Error("it did not happen")
		}
	})
}

func TestNarrowedScopeIsTheSameForAllWebhooks(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.watch("model:mock-user/demo")
	for range 5 {
		r.fires("repo.config.*", nil)
		arrived := r.arrivals()
		if len(arrived) != 2 || arrived[0].shape() != arrived[1].shape() {
			t.Fatalf("payload: %v", arrived)
		}
	}
	for _, name := range []string{"repo.config.dois.minted", "discussion.locks.update", "discussion.comment.reactions.create", "repo.content.lfs.update"} {
		r.fires(name, nil)
		for _, a := range r.arrivals() {
			r.genuine(a.body)
			if a.shape() != name {
				t.Errorf("%s is told as %s", name, a.shape())
			}
		}
	}
}

func TestShapeOfAUsersSchemaIsTriggered(t *testing.T) {
	set, err := schemas.Load(schemas.Options{Overlay: os.DirFS("../testdata/overlay")})
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, Options{Schemas: set})
	r.watch("user:mock-user")
	r.fires("repo.config.dois.update", nil)
	a := r.arrivals()[0]
	r.genuine(a.body)
	if a.shape() != "repo.config.dois.update" || len(a.at("dois").([]any)) == 0 || a.at("repo.name") != "mock-user/demo" {
		t.Errorf("payload: %s", a.body)
	}
}

func TestTextsOfTriggersLeadToThisHub(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.fires("discussion.comment.create", map[string]any{"count": 50})
	link, own := regexp.MustCompile(`https?://[^/ ]+`), 0
	seen := map[any]bool{}
	for _, a := range r.arrivals() {
		text := a.at("comment.content").(string)
		seen[text] = true
		for _, found := range link.FindAllString(text, -1) {
			if found == "https://huggingface.co" {
				t.Errorf("it leads elsewhere: %s", text)
			}
			if found == r.url {
				own++
			}
		}
	}
	if own == 0 || len(seen) != 50 {
		t.Errorf("%d links, %d texts", own, len(seen))
	}
}

func TestSameSeedTriggersTheSame(t *testing.T) {
	triggered := func() string {
		h, err := New(Options{Seed: 5, Frozen: true, URL: "http://hub.test", Start: newYear})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		if _, err := h.AddWebhook(Webhook{JobID: "a job", Watched: []Watched{{Type: "user", Name: "mock-user"}}}); err != nil {
			t.Fatal(err)
		}
		var all []byte
		for _, shape := range h.options.Schemas.Shapes() {
			made, err := h.Trigger(Trigger{Shape: shape.Name})
			if err != nil || len(made) != 1 {
				t.Fatalf("%s: %v %v", shape.Name, made, err)
			}
			all = append(all, h.Payload(made[0])...)
		}
		return string(all)
	}
	first := triggered()
	if second := triggered(); first != second {
		t.Errorf("%s\n%s", first, second)
	}
	if !strings.Contains(first, "http://hub.test/api/models/mock-user/demo") {
		t.Errorf("URLs are of another Hub: %s", first)
	}
}

func TestTriggerThatFailsChangesNothing(t *testing.T) {
	r := newRig(t, Options{})
	if _, err := r.Trigger(Trigger{Shape: "discussion.update", Num: 3, Repo: "ada/x"}); err == nil {
		t.Fatal("there is no discussion 3")
	}
	r.db.View(func(s *domain.State) {
		if s.RepoCount() != 0 || kinds(s)["commit"] != 0 {
			t.Error("a repo is left")
		}
	})
}

func TestRollbackRestoresOrder(t *testing.T) {
	r := newRig(t, Options{})
	for range 2 {
		if _, err := r.Trigger(Trigger{Shape: "discussion.comment.create", Count: 3}); err != nil {
			t.Fatal(err)
		}
	}
	refused := r.db.Update(func(tx *domain.Tx) error {
		tx.RemoveRepo(tx.RepoNamed("model", "mock-user/demo"))
		return problem.Conflict("no")
	})
	if refused == nil {
		t.Fatal("it is gone")
	}
	r.db.View(func(s *domain.State) {
		repo := s.RepoNamed("model", "mock-user/demo")
		messages := s.Entries(repo.ID, 1)
		if len(messages) != 7 || len(s.Commits(repo.ID)) != 1 {
			t.Fatalf("%d messages, %v", len(messages), s.Commits(repo.ID))
		}
		for i, m := range messages {
			if m.Seq != i {
				t.Errorf("message %d is in place %d", m.Seq, i)
			}
		}
	})
}

func TestBucketForgetsContentThatIsOverwritten(t *testing.T) {
	r := newRig(t, Options{})
	if _, err := r.Trigger(Trigger{Shape: "repo.content.update", Type: domain.TypeBucket, Count: 100}); err != nil {
		t.Fatal(err)
	}
	r.db.View(func(s *domain.State) {
		repo := s.RepoNamed(domain.TypeBucket, "mock-user/demo")
		if len(repo.Objects) < 10 || kinds(s)["blob"] != len(repo.Objects) {
			t.Errorf("%d files, %d contents", len(repo.Objects), kinds(s)["blob"])
		}
		for path, file := range repo.Objects {
			if _, kept := s.Content(repo.ID, file.OID); !kept {
				t.Errorf("%s has no content", path)
			}
		}
	})
}

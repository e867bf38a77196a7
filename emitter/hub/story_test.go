package hub

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// dump returns all rows and indexes of a state, for comparison.
func dump(s *domain.State) map[string]string {
	all := stateRows(s)
	for key, value := range indexesOf(s) {
		all["index "+key] = value
	}
	return all
}

func mustBeSame(t *testing.T, when string, want, got map[string]string) {
	t.Helper()
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s: %s is\n%.400s\nand was to be\n%.400s", when, key, got[key], value)
		}
	}
	for key := range got {
		if _, known := want[key]; !known {
			t.Errorf("%s: there is %s", when, key)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

// storyteller does things to a Hub at random.
type storyteller struct {
	*rig
	random *rand.Rand
}

func (s *storyteller) one(of ...string) string { return of[s.random.IntN(len(of))] }

// act makes one call, which may be refused.
func (s *storyteller) act() {
	name := s.one("a", "b", "c")
	repo := "/api/models/mock-user/" + name
	num := s.one("1", "2", "3")
	calls := []func(){
		func() { s.send("POST", "/api/repos/create", map[string]any{"name": name}) },
		func() {
			s.send("POST", "/api/repos/create", map[string]any{"name": "bucket-" + name, "type": "bucket"})
		},
		func() { s.send("DELETE", "/api/repos/delete", map[string]any{"name": name}) },
		func() {
			s.send("POST", "/api/repos/move", map[string]any{"fromRepo": "mock-user/" + name, "toRepo": "mock-user/" + s.one("a", "b", "c")})
		},
		func() { s.send("PUT", repo+"/settings", map[string]any{"private": s.random.IntN(2) == 0}) },
		func() { s.send("POST", repo+"/branch/side", map[string]any{}) },
		func() { s.send("DELETE", repo+"/branch/side", nil) },
		func() { s.send("POST", repo+"/super-squash/main", map[string]any{}) },
		func() { s.commit(repo, "main", "") },
		func() { s.commit(repo, "main", "?create_pr=1") },
		func() { s.commit(repo, "refs%2Fpr%2F"+num, "") },
		func() {
			s.send("POST", repo+"/discussions", map[string]any{"title": "A title", "description": "", "pullRequest": s.random.IntN(2) == 0})
		},
		func() { s.send("POST", repo+"/discussions/"+num+"/comment", map[string]any{"comment": "Words"}) },
		func() { s.send("POST", repo+"/discussions/"+num+"/comment", map[string]any{"comment": "More words"}) },
		func() {
			s.send("POST", repo+"/discussions/"+num+"/status", map[string]any{"status": s.one("open", "closed")})
		},
		func() { s.send("POST", repo+"/discussions/"+num+"/merge", map[string]any{}) },
		func() { s.send("DELETE", repo+"/discussions/"+num, nil) },
		func() {
			line := fmt.Sprintf(`{"type":"addFile","path":"%s","content":"aGV5"}`, s.one("x", "y"))
			s.send("POST", "/api/buckets/mock-user/bucket-"+name+"/batch", line)
		},
		func() {
			s.send("POST", router.MockRoot+"/trigger", map[string]any{"shape": s.one(s.options.Schemas.Shapes()[s.random.IntN(len(s.options.Schemas.Shapes()))].Name), "repo": "mock-user/" + name})
		},
		func() { s.webhook("disable") },
		func() { s.webhook("enable") },
		func() {
			s.send("POST", router.MockRoot+"/clock", map[string]any{"advance": s.one("next", "20s", "1m")})
		},
		func() {
			if s.random.IntN(4) == 0 {
				s.send("POST", router.MockRoot+"/reset", nil)
				s.send("POST", "/api/settings/webhooks", map[string]any{"url": s.handler.url, "watched": []Watched{{Type: "user", Name: "mock-user"}}})
			}
		},
	}
	calls[s.random.IntN(len(calls))]()
}

func (s *storyteller) commit(repo, rev, query string) {
	line := fmt.Sprintf("{\"key\":\"header\",\"value\":{\"summary\":\"s\"}}\n{\"key\":\"file\",\"value\":{\"path\":%q,\"content\":\"c%d\"}}\n",
		s.one("x", "y", "z"), s.random.IntN(5))
	s.send("POST", repo+"/commit/"+rev+query, line)
}

func (s *storyteller) webhook(what string) {
	for _, w := range s.Webhooks() {
		s.send("POST", "/api/settings/webhooks/"+w.ID+"/"+what, nil)
	}
}

// Whatever happens on a Hub, and whatever the disk refuses of it: what is in memory is
// what the database holds, with nothing left of what was refused.
func TestStoryIsTheSameInMemoryAndOnDisk(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			o := Options{Seed: seed + 1, KeepDeliveries: 40, KeepCommits: 4, SuspendAfter: 12, DB: filepath.Join(t.TempDir(), "hub.db")}
			r, disk := newAilingRig(t, o)
			s := &storyteller{r, rand.New(rand.NewPCG(seed, 1))}
			r.handler.answers(func(a arrival) int { return 200 + 300*int(a.body[len(a.body)/2]&1) })
			r.watch("user:mock-user")
			for n := range 150 {
				ill := s.random.IntN(4) == 0
				if ill {
					disk.be(errors.New("disk full"))
				}
				s.act()
				s.waitIdle()
				disk.be(nil)
				mustBeSame(t, fmt.Sprintf("after act %d, refused: %v", n, ill), reloaded(t, r), held(r))
			}
			r.watch("user:nobody") // takes along what could not be written
			r.Advance(time.Hour)
			s.waitIdle()
			want := held(r)
			again := reopened(t, r)
			mustBeSame(t, "after a restart", want, held(again))
		})
	}
}

// held is what a Hub holds.
func held(r *rig) (all map[string]string) {
	r.db.View(func(s *domain.State) { all = dump(s) })
	return all
}

// reloaded is what a Hub would hold after a restart.
func reloaded(t *testing.T, r *rig) (all map[string]string) {
	t.Helper()
	r.db.View(func(s *domain.State) {
		all = dump(reload(t, s))
	})
	return all
}

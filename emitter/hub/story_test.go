package hub

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// told is all that a state holds, and what it works out of that, to be compared.
func told(t *testing.T, s *state) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, table := range s.tables() {
		for _, key := range table.keys() {
			value, err := table.written(key)
			if err != nil {
				t.Fatal(err)
			}
			all[table.name()+" "+key] = string(value)
		}
	}
	for name, id := range s.byName {
		all["index name "+name] = id
	}
	for at, keys := range s.ofRepo {
		all["index owned "+at] = fmt.Sprint(slices.Sorted(maps.Keys(keys)))
	}
	for at, list := range s.said {
		var ids []string
		for _, m := range list {
			ids = append(ids, m.ID)
		}
		all["index said "+at] = fmt.Sprint(ids)
	}
	for _, d := range s.Deliveries() {
		all["index order"] += fmt.Sprintf("%d %s %d;", d.Number, d.State, len(d.Attempts))
	}
	for id, number := range s.byID {
		all["index id "+id] = fmt.Sprint(number)
	}
	all["index stored"], all["index ended"] = fmt.Sprint(s.stored), fmt.Sprint(s.ended)
	for key, c := range s.commits.rows {
		repoID := key[:len(key)-len(c.SHA)-1]
		var paths []string
		for path, f := range s.treeOf(repoID, c) {
			paths = append(paths, path+" "+f.OID)
		}
		slices.Sort(paths)
		all["tree "+key] = fmt.Sprint(paths)
	}
	return all
}

// loadedAgain is what a Hub would read from a database that holds a state.
func loadedAgain(t *testing.T, s *state) *state {
	t.Helper()
	again := newState(s.seed)
	for _, table := range s.tables() {
		for _, key := range table.keys() {
			value, err := table.written(key)
			if err != nil {
				t.Fatal(err)
			}
			if err := again.read(table.name(), key, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	again.loaded()
	return again
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
			s.send("POST", MockRoot+"/trigger", map[string]any{"shape": s.one(s.options.Schemas.Shapes()[s.random.IntN(len(s.options.Schemas.Shapes()))].Name), "repo": "mock-user/" + name})
		},
		func() { s.webhook("disable") },
		func() { s.webhook("enable") },
		func() { s.send("POST", MockRoot+"/clock", map[string]any{"advance": s.one("next", "20s", "1m")}) },
		func() {
			if s.random.IntN(4) == 0 {
				s.send("POST", MockRoot+"/reset", nil)
				s.send("POST", "/api/settings/webhooks", map[string]any{"url": s.handler.url, "watched": []Watched{{"user", "mock-user"}}})
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
				s.settle()
				disk.be(nil)
				mustBeSame(t, fmt.Sprintf("after act %d, refused: %v", n, ill), told(t, loadedAgain(t, r.db.state)), told(t, r.db.state))
			}
			r.watch("user:nobody") // takes along what could not be written
			r.Advance(time.Hour)
			s.settle()
			want := told(t, r.db.state)
			again := reopened(t, r)
			mustBeSame(t, "after a restart", want, told(t, again.db.state))
		})
	}
}

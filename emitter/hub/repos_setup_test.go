package hub

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/schemas"
)

// validArrivals waits until nothing is under way, and returns what has arrived. Each payload is
// judged by the schemas, as strictly as they can.
func (r *rig) validArrivals() []arrival {
	r.t.Helper()
	arrived := r.arrivals()
	for _, a := range arrived {
		doc, err := schemas.Decode(a.body)
		if err != nil {
			r.t.Fatal(err)
		}
		judgement, err := r.options.Schemas.Judge(doc, schemas.Strict)
		if err != nil {
			r.t.Fatal(err)
		}
		if !judgement.Valid() {
			r.t.Errorf("%s: %+v\n%s", a.shape(), judgement.Problems, a.body)
		}
	}
	return arrived
}

// onlyArrival returns the one event that has arrived.
func (r *rig) onlyArrival(shape string) arrival {
	r.t.Helper()
	arrived := r.validArrivals()
	if len(arrived) != 1 || arrived[0].shape() != shape {
		r.t.Fatalf("arrived: %v, wanted one %s", shapesOf(arrived), shape)
	}
	return arrived[0]
}

func shapesOf(arrived []arrival) []string {
	var shapes []string
	for _, a := range arrived {
		shapes = append(shapes, a.shape())
	}
	slices.Sort(shapes)
	return shapes
}

// expect compares values of a payload, by their paths, with what is wanted.
func (a arrival) expect(t *testing.T, want map[string]any) {
	t.Helper()
	for path, value := range want {
		if got := a.at(path); fmt.Sprint(got) != fmt.Sprint(value) {
			t.Errorf("%s is %v, wanted %v", path, got, value)
		}
	}
}

// refs are the references of a payload, as "name old new", with SHAs as
// they are known to the test.
func (a arrival) refs(known map[string]string) []string {
	names := map[any]string{nil: "-"}
	for name, sha := range known {
		names[sha] = name
	}
	var list []string
	updated, _ := a.payload["updatedRefs"].([]any)
	for _, ref := range updated {
		name := func(sha any) string {
			if known, ok := names[sha]; ok {
				return known
			}
			return "new"
		}
		list = append(list, fmt.Sprintf("%v %s %s", at(ref, "ref"), name(at(ref, "oldSha")), name(at(ref, "newSha"))))
	}
	return list
}

// makes creates repos of the user, and discards their events. A repo is
// written "model:x".
func (r *rig) makes(repos ...string) {
	r.t.Helper()
	for _, repo := range repos {
		kind, name, _ := strings.Cut(repo, ":")
		r.call("POST", "/api/repos/create", map[string]any{"name": name, "type": kind, "sdk": "static"})
	}
	r.arrivals()
}

// row is a repo's row in the Hub, or nil.
func (r *rig) row(kind, name string) (found *domain.Repo) {
	r.db.View(func(s *domain.State) { found = s.RepoNamed(kind, name) })
	return found
}

// headOf returns the commit of a branch.
func (r *rig) headOf(kind, name, rev string) *domain.Commit {
	r.t.Helper()
	var found *domain.Commit
	var err error
	r.db.View(func(s *domain.State) { found, _, err = s.Resolve(s.RepoNamed(kind, name), rev) })
	if err != nil {
		r.t.Fatal(err)
	}
	return found
}

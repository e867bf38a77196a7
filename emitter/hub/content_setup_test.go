package hub

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/schemas"
)

// demo is the repo that most of these tests are about.
const demo = "/api/models/mock-user/demo"

// seedRepo makes a repo with one commit, as the Hub does for a new one.
func seedRepo(t testing.TB, h *Hub, repoType, name string) *domain.Repo {
	t.Helper()
	var made *domain.Repo
	err := h.db.Update(func(tx *domain.Tx) error {
		content := []byte("*.bin filter=lfs diff=lfs merge=lfs -text\n")
		var err error
		made, err = tx.CreateRepo(&domain.Repo{Type: repoType, Name: name, Visibility: "public"}, tx.User, map[string][]byte{".gitattributes": content})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// newDemo is a Hub with the repo.
func newDemo(t *testing.T, o Options) *rig {
	t.Helper()
	r := newRig(t, o)
	seedRepo(t, r.Hub, "model", "mock-user/demo")
	return r
}

// line is a line of a commit.
func line(key string, value map[string]any) string {
	text, _ := json.Marshal(map[string]any{"key": key, "value": value})
	return string(text)
}

func header(summary string, more ...string) string {
	value := map[string]any{"summary": summary, "description": "why"}
	for i := 0; i < len(more); i += 2 {
		value[more[i]] = more[i+1]
	}
	return line("header", value)
}

func file(path, content string) string {
	return line("file", map[string]any{"path": path, "content": base64.StdEncoding.EncodeToString([]byte(content)), "encoding": "base64"})
}

func deletes(path string) string { return line("deletedFile", map[string]any{"path": path}) }

func lines(all ...string) string { return strings.Join(all, "\n") }

// commit makes a commit to the repo, and returns its SHA.
func (r *rig) commit(rev string, all ...string) string {
	r.t.Helper()
	return r.call("POST", demo+"/commit/"+rev, lines(all...))["commitOid"].(string)
}

// list calls the API, and expects a list of objects.
func (r *rig) list(path string) []map[string]any {
	r.t.Helper()
	answer := r.send("GET", path, nil)
	var list []map[string]any
	if err := json.Unmarshal(answer.body, &list); err != nil || answer.status != 200 {
		r.t.Fatalf("GET %s: %d %s", path, answer.status, answer.body)
	}
	return list
}

// each takes a property out of each object of a list.
func each(list []map[string]any, name string) string {
	values := make([]string, len(list))
	for i, one := range list {
		values[i] = fmt.Sprint(one[name])
	}
	return strings.Join(values, " ")
}

// happened returns the events that have arrived: their shapes and what they say of
// references. Each is judged by the strict reading.
func (r *rig) happened() (shapes []string, refs []any) {
	r.t.Helper()
	for _, a := range r.arrivals() {
		doc, err := schemas.Decode(a.body)
		if err != nil {
			r.t.Fatal(err)
		}
		judgement, err := r.options.Schemas.Judge(doc, schemas.Strict)
		if err != nil || len(judgement.Problems) > 0 {
			r.t.Fatalf("%v %v in %s", err, judgement.Problems, a.body)
		}
		shapes, refs = append(shapes, a.shape()), append(refs, a.payload["updatedRefs"])
	}
	return shapes, refs
}

// moved returns updatedRefs with one item. An empty SHA is null.
func moved(ref, old, now string) any {
	change := map[string]any{"ref": ref, "oldSha": any(old), "newSha": any(now)}
	if old == "" {
		change["oldSha"] = nil
	}
	return []any{change}
}

// kept is all that a Hub keeps.
func (r *rig) kept() (all map[string]string) {
	r.db.View(func(s *domain.State) { all = stateRows(s) })
	return all
}

// unchanged fails where what a Hub keeps is not what it was.
func (r *rig) unchanged(before map[string]string) {
	r.t.Helper()
	if !maps.Equal(before, r.kept()) {
		r.t.Error("what the Hub keeps has changed")
	}
}

// content reads a file back.
func (r *rig) content(rev, path string) string {
	r.t.Helper()
	answer := r.send("GET", "/mock-user/demo/resolve/"+rev+"/"+path, nil)
	if answer.status != 200 {
		r.t.Fatalf("%s at %s: %d %s", path, rev, answer.status, answer.body)
	}
	return string(bytes.Clone(answer.body))
}

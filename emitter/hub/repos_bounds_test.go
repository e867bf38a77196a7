package hub

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/api"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// fill changes the state by hand, which calls would take long for.
func (r *rig) fill(do func(*domain.Tx)) {
	r.t.Helper()
	err := r.db.Update(func(tx *domain.Tx) error {
		do(tx)
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func TestReposAreBounded(t *testing.T) {
	r := newRig(t, Options{})
	r.fill(func(tx *domain.Tx) {
		for i := range domain.MaxRepos - 1 {
			id := tx.NewID()
			tx.SaveRepo(&domain.Repo{ID: id, Type: "model", Name: fmt.Sprintf("a/%d", i)})
		}
	})
	r.call("POST", "/api/repos/create", map[string]any{"name": "last"})
	r.fail(http.StatusForbidden, "POST", "/api/repos/create", map[string]any{"name": "more"})
	r.fail(http.StatusForbidden, "POST", "/api/buckets/me/more", nil)
}

func TestWhatIsInARepoIsBounded(t *testing.T) {
	r := newRig(t, Options{})
	r.makes("model:m", "space:s", "bucket:b")
	head := r.headOf("model", "mock-user/m", "main").SHA
	r.fill(func(tx *domain.Tx) {
		m, s, b := *tx.RepoNamed("model", "mock-user/m"), *tx.RepoNamed("space", "mock-user/s"), *tx.RepoNamed("bucket", "mock-user/b")
		m.Refs = map[string]domain.Ref{domain.MainRef: {SHA: head}}
		for i := range domain.MaxRefs - 1 {
			m.Refs[fmt.Sprintf("refs/heads/%d", i)] = domain.Ref{SHA: head}
		}
		s.Variables = map[string]domain.Variable{}
		for i := range api.MaxSecrets {
			s.Secrets = append(s.Secrets, fmt.Sprintf("S%04d", i))
			s.Variables[fmt.Sprintf("V%d", i)] = domain.Variable{}
		}
		b.Objects = map[string]domain.File{}
		for i := range domain.MaxObjects {
			b.Objects[fmt.Sprint(i)] = domain.File{OID: hashA}
		}
		for _, row := range []*domain.Repo{&m, &s, &b} {
			tx.SaveRepo(row)
		}
	})
	for _, c := range []struct {
		path, body string
		status     int
	}{
		{"models/mock-user/m/branch/more", ``, 403},
		{"models/mock-user/m/branch/1", `{"overwrite":true,"emptyBranch":true}`, 200},
		{"models/mock-user/m/tag/main", `{"tag":"more"}`, 403},
		{"spaces/mock-user/s/secrets", `{"key":"S0000","value":"another"}`, 200},
		{"spaces/mock-user/s/secrets", `{"key":"MORE","value":"x"}`, 403},
		{"spaces/mock-user/s/variables", `{"key":"V0","value":"another"}`, 200},
		{"spaces/mock-user/s/variables", `{"key":"MORE","value":"x"}`, 403},
		{"buckets/mock-user/b/batch", `{"type":"addFile","path":"0","xetHash":"` + hashB + `"}`, 200},
		{"buckets/mock-user/b/batch", `{"type":"addFile","path":"more","xetHash":"` + hashB + `"}`, 422},
		{"buckets/mock-user/b/batch", strings.Repeat("{}\n", api.MaxBatchOperations+1), 413},
		{"buckets/mock-user/b/paths-info", `{"paths":[` + strings.Repeat(`"",`, api.MaxPaths) + `""]}`, 413},
	} {
		if answer := r.send("POST", "/api/"+c.path, c.body); answer.status != c.status {
			t.Errorf("%s %.60s: %d %s, wanted %d", c.path, c.body, answer.status, answer.body, c.status)
		}
	}
}

func TestSquashedHistoryIsForgotten(t *testing.T) {
	r := newRig(t, Options{KeepCommits: 8})
	r.makes("model:m")
	for range 20 {
		r.call("POST", "/api/models/mock-user/m/super-squash/main", nil)
	}
	r.db.View(func(s *domain.State) {
		if n := kinds(s)["commit"]; n > 9 {
			t.Errorf("%d commits are kept", n)
		}
	})
	if head := r.headOf("model", "mock-user/m", "main"); len(head.Tree) == 0 {
		t.Error("the files are gone")
	}
}

func TestNewReposNeedRoom(t *testing.T) {
	r := newRig(t, Options{maxStored: 1})
	r.fail(http.StatusRequestEntityTooLarge, "POST", "/api/repos/create", map[string]any{"name": "m"})
	if r.row("model", "mock-user/m") != nil {
		t.Error("it is there")
	}
}

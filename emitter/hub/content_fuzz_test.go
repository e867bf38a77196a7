package hub

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/api"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// fuzzed is a Hub that is asked without a network between.
func fuzzed(f *testing.F) (*Hub, func(method, path, contentType, body string) *httptest.ResponseRecorder) {
	h, err := New(Options{Seed: 1, Frozen: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { h.Close() })
	return h, func(method, path, contentType, body string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(method, "http://localhost/", strings.NewReader(body))
		parsed, err := request.URL.Parse(path)
		if err != nil {
			return nil
		}
		request.URL = parsed
		request.Header.Set("Authorization", "Bearer hf_test")
		request.Header.Set("Content-Type", contentType)
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, request)
		return answer
	}
}

// judgeAnswer fails where a Hub is at fault, or an error is no JSON object.
func judgeAnswer(t *testing.T, answer *httptest.ResponseRecorder) {
	t.Helper()
	if answer.Code >= 500 {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	var object struct{ Error string }
	if err := json.Unmarshal(answer.Body.Bytes(), &object); answer.Code >= 400 && (err != nil || object.Error == "") {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
}

// whole is all that a Hub keeps of a repo: where its references point to, and what its
// tables hold.
func whole(h *Hub, id string) (refs map[string]domain.Ref, sizes [4]int, stored int64) {
	h.db.View(func(s *domain.State) {
		refs = s.RepoByID(id).Refs
		for key := range stateRows(s) {
			for i, kind := range []string{"commit ", "blob ", "discussion ", "delivery "} {
				if strings.HasPrefix(key, kind) {
					sizes[i]++
				}
			}
		}
	})
	stored = h.db.Room()
	return refs, sizes, stored
}

func FuzzCommit(f *testing.F) {
	for _, body := range []string{
		lines(header("a"), file("x/y", "1"), deletes("x"), file("x", "2")),
		lines(header("a"), line("lfsFile", map[string]any{"path": "w", "algo": "sha256", "oid": lfsOID})),
		lines(header("a"), line("file", map[string]any{"path": "x", "oldPath": ".gitattributes"}), line("deletedFolder", map[string]any{"path": "x/"})),
		header("a", "parentCommit", "0123456"), "\n\n", `{"key":"header","value":null}`, "{\"key\":\"header\",\"value\":{\"summary\":\"\xff\"}}\n\"",
	} {
		f.Add(body, "main")
		f.Add(body, "main?create_pr=1")
	}
	h, ask := fuzzed(f)
	repo := seedRepo(f, h, "model", "mock-user/demo")
	f.Fuzz(func(t *testing.T, body, rev string) {
		refs, sizes, stored := whole(h, repo.ID)
		answer := ask("POST", demo+"/commit/"+rev, "application/x-ndjson", body)
		if answer == nil {
			return
		}
		judgeAnswer(t, answer)
		after, sizesAfter, storedAfter := whole(h, repo.ID)
		if answer.Code >= 400 && (!maps.Equal(refs, after) || sizes != sizesAfter || stored != storedAfter) {
			t.Fatalf("refused with %d, and changed: %v to %v", answer.Code, sizes, sizesAfter)
		}
		for ref := range after {
			if read := ask("GET", demo+"/tree/"+strings.ReplaceAll(ref, "/", "%2F")+"?recursive=1", "", ""); read.Code != 200 {
				t.Fatalf("%s cannot be read: %s", ref, read.Body)
			}
		}
		if answer.Code == 200 { // so that the repo stays as it was
			if err := h.db.Update(func(tx *domain.Tx) error {
				old := *tx.RepoByID(repo.ID)
				old.Refs = refs
				tx.SaveRepo(&old)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func FuzzContentRoutes(f *testing.F) {
	h, ask := fuzzed(f)
	seedRepo(f, h, "model", "mock-user/demo")
	seedRepo(f, h, "model", "alone")
	for _, r := range routesOf("{git}", "/{repo}/r", "/api/validate-yaml", "/api/whoami-v2") {
		for _, name := range []string{"mock-user/demo", "alone"} {
			path := strings.NewReplacer("{git}", "models", "{repo}", name, "{rev}", "main", "{path...}", ".gitattributes").Replace(r.Path)
			f.Add(r.Method, path, "application/json", `{"paths":["a",".gitattributes"],"files":[{"path":"a","size":1}],"expand":true}`)
			f.Add(r.Method, path+"?limit=1&cursor=1&recursive=1&expand=1&blobs=1", "application/x-www-form-urlencoded", "paths=a&paths=%zz&expand=1")
		}
	}
	f.Fuzz(func(t *testing.T, method, path, contentType, body string) {
		if method != http.MethodGet && method != http.MethodPost && method != http.MethodHead || !strings.HasPrefix(path, "/") ||
			strings.Contains(path, "/.") && !strings.Contains(path, "/.git") {
			return
		}
		answer := ask(method, path, contentType, body)
		if answer == nil || answer.Code == http.StatusNotFound && !strings.HasPrefix(path, "/api/") {
			return // a page, perhaps
		}
		judgeAnswer(t, answer)
	})
}

// routesOf returns the routes of the Hub's API whose paths contain one of some texts.
func routesOf(texts ...string) (routes []router.Route) {
	for _, r := range api.New(nil, false, nil).Routes() {
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(r.Path, text) }) {
			routes = append(routes, r)
		}
	}
	return routes
}

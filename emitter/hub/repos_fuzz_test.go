package hub

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// fuzzedCalls are the calls that take a body.
var fuzzedCalls = []struct{ method, path string }{
	{"POST", "/api/repos/create"},
	{"DELETE", "/api/repos/delete"},
	{"POST", "/api/repos/move"},
	{"PUT", "/api/models/mock-user/m/settings"},
	{"PUT", "/api/spaces/mock-user/s/settings"},
	{"POST", "/api/spaces/mock-user/s/secrets"},
	{"DELETE", "/api/spaces/mock-user/s/secrets"},
	{"POST", "/api/spaces/mock-user/s/variables"},
	{"DELETE", "/api/spaces/mock-user/s/variables"},
	{"POST", "/api/models/mock-user/m/branch/"},
	{"DELETE", "/api/models/mock-user/m/branch/"},
	{"POST", "/api/models/mock-user/m/tag/"},
	{"DELETE", "/api/models/mock-user/m/tag/"},
	{"POST", "/api/models/mock-user/m/super-squash/"},
	{"POST", "/api/buckets/mock-user/"},
	{"POST", "/api/buckets/mock-user/b/batch"},
	{"POST", router.CASRoot + "/v1/shards"},
}

// Whatever is sent to a Hub, it answers with a JSON object, its state stays
// consistent, and its events can be rendered.
func FuzzRepoCalls(f *testing.F) {
	shard, err := os.ReadFile("testdata/one_file.shard")
	if err != nil {
		f.Fatal(err)
	}
	for _, body := range []string{
		``, `{}`, `[]`, `null`, `{"name":"x","type":"dataset","private":true}`, `{"name":"x","type":"space","sdk":"static","files":[{"path":"a","content":"b"}]}`,
		`{"name":"m"}`, `{"fromRepo":"mock-user/m","toRepo":"a/b"}`, `{"gated":"auto","visibility":"private"}`, `{"key":"A","value":"b"}`,
		`{"startingPoint":"main","overwrite":true,"emptyBranch":true}`, `{"tag":"v1","message":"x"}`, `{"message":"\ud800\n"}`,
		"{\"type\":\"addFile\",\"path\":\"a\",\"content\":\"\"}\n{\"type\":\"deleteFile\",\"path\":\"a\"}", `{"type":"addFile","path":"\u0001","xetHash":"` + hashA + `","size":-1}`,
		`{"type":"copyFile","path":"a","xetHash":"` + hashA + `","sourceRepoType":"bucket","sourceRepoId":"mock-user/b"}`, string(shard), string(shard[:100]),
	} {
		for i := range fuzzedCalls {
			f.Add(uint8(i), "dev", []byte(body))
		}
	}
	h, err := New(Options{Seed: 1, Frozen: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { h.Close() })
	f.Fuzz(func(t *testing.T, which uint8, name string, body []byte) {
		fuzzState(t, h)
		c := fuzzedCalls[int(which)%len(fuzzedCalls)]
		path := c.path
		if strings.HasSuffix(path, "/") {
			path += escapedSegment(name)
		}
		answer := ask(h, c.method, path, string(body))
		var object map[string]any
		if answer.Code >= 500 || json.Unmarshal(answer.Body.Bytes(), &object) != nil || object == nil {
			t.Errorf("%s %s: %d %s", c.method, path, answer.Code, answer.Body)
		}
	})
}

// fuzzState restores the Hub's state, with a webhook that watches everything.
func fuzzState(t *testing.T, h *Hub) {
	if err := h.Reset(); err != nil {
		t.Fatal(err)
	}
	err := h.db.Update(func(tx *domain.Tx) error {
		tx.URL = "http://127.0.0.1"
		if err := tx.AddWebhook(&Webhook{User: "mock-user", JobID: "job", Watched: []Watched{{Type: "user", Name: "mock-user"}}}); err != nil {
			return err
		}
		for _, r := range []domain.Repo{{Type: "model", Name: "mock-user/m"}, {Type: "space", Name: "mock-user/s"}, {Type: "bucket", Name: "mock-user/b"}} {
			if _, err := tx.CreateRepo(&r, "mock-user", map[string]map[string][]byte{"model": {}, "space": {}}[r.Type]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// escapedSegment writes any bytes as a segment of a path.
func escapedSegment(text string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		b.WriteString("%" + digits[text[i]>>4:text[i]>>4+1] + digits[text[i]&15:text[i]&15+1])
	}
	return b.String()
}

func ask(h http.Handler, method, path, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer hf_test")
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, request)
	return answer
}

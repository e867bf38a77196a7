package hub

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/api"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// Hashes of files, as Xet has them.
var (
	hashA = strings.Repeat("a", 64)
	hashB = strings.Repeat("b", 64)
)

// files are those of a payload, as "add path size hash" with the hash's
// first digits.
func (a arrival) files() []string {
	var list []string
	updated, _ := a.payload["updatedFiles"].([]any)
	for _, f := range updated {
		line := fmt.Sprintf("%v %v", at(f, "action"), at(f, "path"))
		if hash, known := at(f, "xetHash").(string); known {
			line += fmt.Sprintf(" %v %.4s", at(f, "size"), hash)
		}
		list = append(list, line)
	}
	return list
}

// batch sends operations to a bucket, and returns the answer.
func (r *rig) batch(bucket string, lines ...string) (int, api.BatchResponse) {
	r.t.Helper()
	answer := r.send("POST", "/api/buckets/"+bucket+"/batch", strings.Join(lines, "\n"))
	var a api.BatchResponse
	if err := json.Unmarshal(answer.body, &a); err != nil {
		r.t.Fatalf("%v in %s", err, answer.body)
	}
	return answer.status, a
}

func TestBucketsComeAndGo(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("bucket:mock-user/b")
	t.Run("create_bucket", func(t *testing.T) {
		answer := r.call("POST", "/api/buckets/me/b", map[string]any{"private": true, "resourceGroupId": nil})
		if answer["url"] != r.url+"/buckets/mock-user/b" {
			t.Errorf("%v", answer)
		}
		r.onlyArrival("repo.create").expect(t, map[string]any{
			"repo.type": "bucket", "repo.name": "mock-user/b", "repo.private": true, "repo.url.api": r.url + "/api/buckets/mock-user/b",
		})
	})
	r.call("POST", "/api/buckets/mock-user/other", nil)
	r.call("POST", "/api/buckets/acme/b", nil)
	t.Run("bucket_info", func(t *testing.T) {
		r.batch("mock-user/b", `{"type":"addFile","path":"x","xetHash":"`+hashA+`","size":7}`, `{"type":"addFile","path":"y","xetHash":"`+hashB+`","size":3}`)
		r.arrivals()
		answer := r.call("GET", "/api/buckets/mock-user/b", nil)
		for name, want := range map[string]any{"id": "mock-user/b", "private": true, "size": 10.0, "totalFiles": 2.0, "createdAt": domain.FormatTime(r.Now())} {
			if answer[name] != want {
				t.Errorf("%s is %v, wanted %v", name, answer[name], want)
			}
		}
	})
	t.Run("list_buckets", func(t *testing.T) {
		for path, want := range map[string][]string{
			"me": {"mock-user/b", "mock-user/other"}, "acme": {"acme/b"}, "me?search=OTH": {"mock-user/other"}, "nobody": nil,
		} {
			var list []api.BucketResponse
			if err := json.Unmarshal(r.send("GET", "/api/buckets/"+path, nil).body, &list); err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, b := range list {
				names = append(names, b.ID)
			}
			if !slices.Equal(names, want) {
				t.Errorf("%s: %v, wanted %v", path, names, want)
			}
		}
	})
	t.Run("delete_bucket", func(t *testing.T) {
		r.call("DELETE", "/api/buckets/mock-user/b", nil)
		r.onlyArrival("repo.delete").expect(t, map[string]any{"repo.name": "mock-user/b"})
		for _, method := range []string{"GET", "DELETE"} {
			answer := r.send(method, "/api/buckets/mock-user/b", nil)
			if answer.status != http.StatusNotFound || answer.header.Get("X-Error-Code") != problem.CodeRepo {
				t.Errorf("%s again: %d %s", method, answer.status, answer.body)
			}
		}
	})
}

func TestBucketFilesAreInPayloads(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.makes("bucket:b", "bucket:c", "model:m")
	readme := r.headOf("model", "mock-user/m", "main").Tree[".gitattributes"].OID
	for _, step := range []struct {
		name, bucket string
		lines        []string
		files        []string
	}{
		{"add", "b", []string{
			`{"type":"addFile","path":"d/x","xetHash":"` + strings.ToUpper(hashA) + `","size":7,"mtime":1750000000000.5,"contentType":"text/plain"}`, "",
			`{"type":"addFile","path":"y","content":"aGVsbG8="}`,
		}, []string{"add d/x 7 aaaa", "add y 5 2cf2"}},
		{"overwrite", "b", []string{`{"type":"addFile","path":"y","xetHash":"` + hashA + `"}`}, []string{"add y 7 aaaa"}},
		{"copy", "c", []string{`{"type":"copyFile","path":"z","xetHash":"` + hashA + `","sourceRepoType":"bucket","sourceRepoId":"mock-user/b"}`}, []string{"add z 7 aaaa"}},
		{"delete", "b", []string{`{"type":"deleteFile","path":"y"}`}, []string{"delete y"}},
		{"the last word on a file", "b", []string{
			`{"type":"addFile","path":"t","xetHash":"` + hashA + `"}`, `{"type":"addFile","path":"u","xetHash":"` + hashB + `","size":1}`, `{"type":"deleteFile","path":"t"}`,
		}, []string{"delete t", "add u 1 bbbb"}},
	} {
		t.Run("batch_bucket_files "+step.name, func(t *testing.T) {
			status, answer := r.batch("mock-user/"+step.bucket, step.lines...)
			if status != http.StatusOK || !answer.Success || answer.Processed != answer.Succeeded || answer.Failed == nil {
				t.Errorf("%d %+v", status, answer)
			}
			event := r.onlyArrival("repo.content.update")
			if got := event.files(); !slices.Equal(got, step.files) {
				t.Errorf("events list %v, wanted %v", got, step.files)
			}
		})
	}
	t.Run("what fails", func(t *testing.T) {
		status, answer := r.batch("mock-user/b",
			`{"type":"deleteFile","path":"nowhere"}`,
			`{"type":"addFile","path":"../up","xetHash":"`+hashA+`"}`,
			`{"type":"addFile","path":"v","xetHash":"abc"}`,
			`{"type":"addFile","path":"v","content":"!"}`,
			`{"type":"copyFile","path":"v","xetHash":"`+hashB+`","sourceRepoType":"bucket","sourceRepoId":"mock-user/c"}`,
			`{"type":"copyFile","path":"v","xetHash":"`+hashB+`","sourceRepoType":"bucket","sourceRepoId":"mock-user/none"}`,
			`{"type":"copyFile","path":"v","xetHash":"`+readme+`","sourceRepoType":"model","sourceRepoId":"mock-user/m"}`,
			`{"type":"moveFile","path":"v"}`,
			`{"type":"addFile","path":"w","xetHash":"`+hashB+`"}`,
		)
		if status != http.StatusUnprocessableEntity || answer.Success || answer.Processed != 9 || answer.Succeeded != 1 || len(answer.Failed) != 8 ||
			answer.Failed[0].Path != "nowhere" || !strings.Contains(answer.Error, "8 of 9") {
			t.Errorf("%d %+v", status, answer)
		}
		if got := r.onlyArrival("repo.content.update").files(); !slices.Equal(got, []string{"add w 1 bbbb"}) {
			t.Errorf("events list %v", got)
		}
	})
	t.Run("nothing but failure", func(t *testing.T) {
		if status, _ := r.batch("mock-user/b", `{"type":"deleteFile","path":"nowhere"}`); status != http.StatusUnprocessableEntity {
			t.Error(status)
		}
		for _, body := range []string{``, "\n\n", `[]`, `{"type":"addFile"`, `{"type":7}`} {
			r.fail(http.StatusBadRequest, "POST", "/api/buckets/mock-user/b/batch", body)
		}
		r.fail(http.StatusNotFound, "POST", "/api/buckets/mock-user/none/batch", `{"type":"deleteFile","path":"x"}`)
		if arrived := r.arrivals(); len(arrived) != 0 {
			t.Errorf("events list %v", shapesOf(arrived))
		}
	})
}

func TestManyBucketFilesAreTruncated(t *testing.T) {
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.makes("bucket:b")
	const files = 10_001
	lines := make([]string, files)
	for i := range lines {
		lines[i] = fmt.Sprintf(`{"type":"addFile","path":"f/%05d","xetHash":"%s","size":1}`, i, hashA)
	}
	if status, answer := r.batch("mock-user/b", lines...); status != http.StatusOK || answer.Succeeded != files {
		t.Fatalf("%d %+v", status, answer.Error)
	}
	event := r.onlyArrival("repo.content.update")
	if event.at("updatedFilesTruncated") != true || len(event.files()) != files-1 {
		t.Errorf("events list %d files, truncated: %v", len(event.files()), event.at("updatedFilesTruncated"))
	}
	if n := len(r.row("bucket", "mock-user/b").Objects); n != files {
		t.Errorf("%d files are there", n)
	}
}

func TestBucketsAreListed(t *testing.T) {
	r := newRig(t, Options{})
	r.makes("bucket:b")
	var lines []string
	for _, path := range []string{"a", "d/x", "d/e/y", "dd/z"} {
		lines = append(lines, `{"type":"addFile","path":"`+path+`","xetHash":"`+hashA+`","size":2}`)
	}
	r.batch("mock-user/b", lines...)
	list := func(method, path string, body any) (entries []string) {
		t.Helper()
		var answer []api.ObjectResponse
		if err := json.Unmarshal(r.send(method, "/api/buckets/mock-user/b"+path, body).body, &answer); err != nil {
			t.Fatal(err)
		}
		for _, e := range answer {
			entries = append(entries, e.Type+" "+e.Path)
			if e.Type == "file" && (*e.Size != 2 || e.XetHash != hashA) {
				t.Errorf("%+v", e)
			}
		}
		return entries
	}
	for _, c := range []struct {
		name, path string
		want       []string
	}{
		{"list_bucket_tree", "/tree", []string{"file a", "directory d", "directory dd"}},
		{"list_bucket_tree recursive", "/tree?recursive=True", []string{"file a", "file d/e/y", "file d/x", "file dd/z"}},
		{"list_bucket_tree of a folder", "/tree/d?recursive=false", []string{"directory d/e", "file d/x"}},
		{"list_bucket_tree of a deeper folder", "/tree/d%2Fe", []string{"file d/e/y"}},
		{"list_bucket_tree of nothing", "/tree/none", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := list("GET", c.path, nil); !slices.Equal(got, c.want) {
				t.Errorf("%v, wanted %v", got, c.want)
			}
		})
	}
	t.Run("get_bucket_paths_info", func(t *testing.T) {
		if got := list("POST", "/paths-info", map[string]any{"paths": []string{"dd/z", "d", "none"}}); !slices.Equal(got, []string{"file dd/z"}) {
			t.Errorf("%v", got)
		}
	})
}

// testdata/one_file.shard is what @huggingface/hub 2.17 sends of a file of 11 bytes.
func TestUploadedFilesHaveTheirSize(t *testing.T) {
	shard, err := os.ReadFile("testdata/one_file.shard")
	if err != nil {
		t.Fatal(err)
	}
	const hash = "f15edd43b7e85cfd25e2758ffe13b99fdd09dfa817e8d9f6548722a7a126db7f"
	r := newRig(t, Options{})
	r.watch("user:mock-user")
	r.makes("bucket:b")
	token := r.send("GET", "/api/buckets/mock-user/b/xet-write-token", nil)
	var body struct {
		CasURL, AccessToken string
		Exp                 int64
	}
	if err := json.Unmarshal(token.body, &body); err != nil || body.Exp == 0 {
		t.Fatalf("%v in %s", err, token.body)
	}
	if body.AccessToken != "hf_test" || token.header.Get("X-Xet-Cas-Url") != body.CasURL ||
		token.header.Get("X-Xet-Access-Token") != body.AccessToken || token.header.Get("X-Xet-Token-Expiration") != fmt.Sprint(body.Exp) {
		t.Errorf("the header %v, the body %+v", token.header, body)
	}
	cas, found := strings.CutPrefix(body.CasURL, r.url)
	if !found {
		t.Fatal(body.CasURL)
	}
	r.fail(http.StatusNotFound, "GET", cas+"/v1/chunks/default/"+hash, nil)
	r.call("POST", cas+"/v1/xorbs/default/"+hash, "chunks")
	for cut := range 3 {
		r.fail(http.StatusBadRequest, "POST", cas+"/v1/shards", string(shard[:cut*48+1]))
	}
	r.call("POST", cas+"/v1/shards", string(shard))
	r.batch("mock-user/b", `{"type":"addFile","path":"hello.txt","xetHash":"`+hash+`"}`)
	if got := r.onlyArrival("repo.content.update").files(); !slices.Equal(got, []string{"add hello.txt 11 f15e"}) {
		t.Errorf("events list %v", got)
	}
}

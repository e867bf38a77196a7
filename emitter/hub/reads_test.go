package hub

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

const lfsOID = "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b"

// newLibrary is a Hub with a repo that has some files and references, and the SHAs of
// its commits.
func newLibrary(t *testing.T) (*rig, []string) {
	r := newDemo(t, Options{})
	shas := []string{r.list(demo + "/commits/main")[0]["id"].(string)}
	shas = append(shas, r.commit("main", header("Begin"), file("README.md", "# Hi"), file("data/a.txt", "a"), file("data/deep/b.txt", "b")))
	shas = append(shas, r.commit("main", header("Add <weights>"), file("data/c.txt", ""),
		line("lfsFile", map[string]any{"path": "w.bin", "algo": "sha256", "oid": lfsOID, "size": 1000})))
	r.call("POST", demo+"/commit/main?create_pr=1", lines(header("Propose"), file("pr.txt", "pr")))
	if err := r.db.Update(func(tx *domain.Tx) error {
		if err := tx.SetRef(tx.RepoNamed("model", "mock-user/demo"), domain.TagRefs+"v1", domain.Ref{SHA: shas[1]}); err != nil {
			return err
		}
		return tx.SetRef(tx.RepoNamed("model", "mock-user/demo"), domain.HeadsRefs+"feature/x", domain.Ref{SHA: shas[1]})
	}); err != nil {
		t.Fatal(err)
	}
	return r, shas
}

func TestRevisions(t *testing.T) {
	r, shas := newLibrary(t)
	for rev, sha := range map[string]string{
		"main": shas[2], "HEAD": shas[2], "refs%2Fheads%2Fmain": shas[2], "v1": shas[1], "refs/tags/v1": shas[1], "feature%2Fx": shas[1],
		"feature/x": shas[1], shas[0]: shas[0], shas[0][:7]: shas[0],
	} {
		if got := r.call("GET", demo+"/revision/"+rev, nil)["sha"]; got != sha {
			t.Errorf("%s is %v, wanted %s", rev, got, sha)
		}
	}
	for _, rev := range []string{"nowhere", "feature", "refs%2Fpr%2F2", shas[0][:6], strings.Repeat("0", 40), "main/data", "%20"} {
		for _, call := range []string{"revision", "commits", "tree"} {
			if call == "tree" && rev == "main/data" {
				continue
			}
			answer := r.send("GET", demo+"/"+call+"/"+rev, nil)
			if answer.status != 404 || answer.header.Get("X-Error-Code") != problem.CodeRevision {
				t.Errorf("%s of %s: %d %s", call, rev, answer.status, answer.body)
			}
		}
	}
	for _, path := range []string{"/api/models/no/body", "/api/datasets/mock-user/demo/refs", "/api/spaces/mock-user/demo/tree/main"} {
		if answer := r.send("GET", path, nil); answer.status != 404 || answer.header.Get("X-Error-Code") != problem.CodeRepo {
			t.Errorf("%s: %d %s", path, answer.status, answer.body)
		}
	}
}

func TestReads(t *testing.T) {
	r, shas := newLibrary(t)
	t.Run("whoami", func(t *testing.T) {
		answer := r.call("GET", "/api/whoami-v2", nil)
		if answer["name"] != DefaultUser || answer["type"] != "user" || at(answer, "auth.accessToken.role") != "write" || answer["orgs"] == nil {
			t.Errorf("answered: %v", answer)
		}
	})
	t.Run("repo_info", func(t *testing.T) {
		answer := r.call("GET", demo+"?blobs=true", nil)
		files := answer["siblings"].([]any)
		if answer["id"] != "mock-user/demo" || answer["modelId"] != "mock-user/demo" || answer["author"] != "mock-user" ||
			answer["sha"] != shas[2] || answer["gated"] != false || answer["private"] != false || len(files) != 6 {
			t.Errorf("answered: %v", answer)
		}
		if weights := files[5]; at(weights, "rfilename") != "w.bin" || at(weights, "size") != 1000. || at(weights, "lfs.oid") != lfsOID {
			t.Errorf("a file in LFS: %v", weights)
		}
		if _, err := json.Marshal(answer); err != nil || !regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`).MatchString(answer["lastModified"].(string)) {
			t.Errorf("changed %v", answer["lastModified"])
		}
	})
	t.Run("list_repo_refs", func(t *testing.T) {
		refs := func(query string) string {
			answer := r.call("GET", demo+"/refs"+query, nil)
			text := ""
			for _, list := range []string{"branches", "converts", "tags", "pullRequests"} {
				if of, given := answer[list].([]any); given {
					text += list + ":"
					for _, one := range of {
						text += fmt.Sprint(" ", at(one, "name"), "=", at(one, "ref"))
					}
					text += "; "
				}
			}
			return text
		}
		const plain = "branches: feature/x=refs/heads/feature/x main=refs/heads/main; converts:; tags: v1=refs/tags/v1; "
		if got := refs(""); got != plain {
			t.Errorf("there are %s", got)
		}
		if got := refs("?include_prs=1"); got != plain+"pullRequests: 1=refs/pr/1; " {
			t.Errorf("with pull requests: %s", got)
		}
	})
	t.Run("list_repo_commits", func(t *testing.T) {
		commits := r.list(demo + "/commits/main?expand[]=formatted")
		if got := each(commits, "title"); got != "Add <weights> Begin initial commit" || at(commits[0], "formatted.title") != "Add &lt;weights&gt;" ||
			commits[0]["message"] != "why" || commits[0]["id"] != shas[2] || at(commits[0]["authors"].([]any)[0], "user") != DefaultUser {
			t.Errorf("there are %v", commits)
		}
		if got := each(r.list(demo+"/commits/refs/pr/1"), "title"); got != "Propose Add <weights> Begin initial commit" {
			t.Errorf("the pull request has %s", got)
		}
		if n := r.send("GET", demo+"/commits/main?limit=1", nil).header.Get("X-Total-Count"); n != "3" {
			t.Errorf("counted: %s", n)
		}
	})
	t.Run("list_repo_tree", func(t *testing.T) {
		for query, want := range map[string]string{
			"":                        ".gitattributes README.md data w.bin",
			"?recursive=True":         ".gitattributes README.md data data/a.txt data/c.txt data/deep data/deep/b.txt w.bin",
			"/data":                   "data/a.txt data/c.txt data/deep",
			"/data%2Fdeep":            "data/deep/b.txt",
			"/data/deep?recursive=on": "data/deep/b.txt",
		} {
			if got := each(r.list(demo+"/tree/main"+query), "path"); got != want {
				t.Errorf("%s has %s", query, got)
			}
		}
		for _, path := range []string{"nowhere", "dat", "w.bin"} {
			if answer := r.send("GET", demo+"/tree/main/"+path, nil); answer.status != 404 || answer.header.Get("X-Error-Code") != problem.CodeEntry {
				t.Errorf("%s: %d %s", path, answer.status, answer.body)
			}
		}
		entries := r.list(demo + "/tree/main?expand=true")
		if got := each([]map[string]any{entries[0]["lastCommit"].(map[string]any), entries[1]["lastCommit"].(map[string]any), entries[2]["lastCommit"].(map[string]any)}, "title"); got != "initial commit Begin Add <weights>" {
			t.Errorf("last changed by %s", got)
		}
	})
	t.Run("a folder's oid", func(t *testing.T) {
		oid := func(rev, folder string) any { return r.list(demo + "/tree/" + rev)[2]["oid"] }
		if before, after := oid(shas[1], "data"), oid("main", "data"); before == after || after != oid("refs/pr/1", "data") {
			t.Errorf("before %v, after %v", before, after)
		}
	})
	t.Run("get_paths_info", func(t *testing.T) {
		asJSON := r.send("POST", demo+"/paths-info/main", map[string]any{"paths": []string{"data", "w.bin", "nowhere", ""}, "expand": true})
		form := url.Values{"paths": {"data", "w.bin", "nowhere"}, "expand": {"True"}}
		request, err := http.NewRequest("POST", r.url+demo+"/paths-info/main", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		asForm, _ := io.ReadAll(response.Body)
		var entries []map[string]any
		if err := json.Unmarshal(asForm, &entries); err != nil || !bytes.Equal(asForm, asJSON.body) {
			t.Fatalf("in a form %s, in JSON %s", asForm, asJSON.body)
		}
		if each(entries, "path") != "data w.bin" || each(entries, "type") != "directory file" ||
			at(entries[1], "lfs.oid") != lfsOID || at(entries[0], "lastCommit.id") != shas[2] {
			t.Errorf("answered: %s", asForm)
		}
		r.fail(413, "POST", demo+"/paths-info/main", map[string]any{"paths": make([]string, 5001)})
		r.fail(404, "POST", demo+"/paths-info/nowhere", map[string]any{"paths": []string{}})
	})
}

func TestListsComeInPages(t *testing.T) {
	r, _ := newLibrary(t)
	for i := range 5 {
		seedRepo(t, r.Hub, "model", fmt.Sprintf("other/m%d", i))
	}
	for path, want := range map[string]string{
		demo + "/tree/main?recursive=true&limit=3": ".gitattributes README.md data data/a.txt data/c.txt data/deep data/deep/b.txt w.bin",
		demo + "/tree/main/data?limit=1":           "data/a.txt data/c.txt data/deep",
		"/api/models?author=other&limit=2":         "other/m0 other/m1 other/m2 other/m3 other/m4",
		"/api/models?search=DEM&limit=2":           "mock-user/demo",
		"/api/models?filter=text-classification":   "",
		"/api/datasets":                            "",
	} {
		call, name := "list_repo_tree", "path"
		if !strings.HasPrefix(path, demo) {
			call, name = "list_repos", "id"
		}
		var got []string
		for next := path; next != ""; {
			for _, one := range r.list(next) {
				got = append(got, one[name].(string))
			}
			link := r.send("GET", next, nil).header.Get("Link")
			next = ""
			// As the official JavaScript client reads it.
			if m := regexp.MustCompile(`<(https?:[/][/][^>]+)>;\s+rel="([^"]+)"`).FindStringSubmatch(link); m != nil {
				next = strings.TrimPrefix(m[1], r.url)
			}
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: %s gave %s", call, path, text)
		}
	}
	for _, query := range []string{"limit=x", "limit=-1", "cursor=99999999999999999999", "cursor=1e3"} {
		r.fail(400, "GET", demo+"/tree/main?"+query, nil)
	}
	if got := r.list(demo + "/tree/main?cursor=2147483647"); len(got) != 0 {
		t.Errorf("beyond the end: %v", got)
	}
}

func TestFilesAreReadBack(t *testing.T) {
	r, shas := newLibrary(t)
	r.commit("main", header("Pages"), file("a b/é.html", "<script>alert(1)</script>"), file("raw.dat", "\x00\xff"))
	get := func(method, path string, headers ...string) reply {
		request, err := http.NewRequest(method, r.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return reply{response.StatusCode, response.Header, body}
	}
	const repo = "/mock-user/demo"
	etag := `"` + domain.GitOID([]byte("# Hi")) + `"`
	for _, test := range []struct {
		name, method, path string
		headers            []string
		status             int
		body, header, want string
	}{
		{"hf_hub_download", "GET", repo + "/resolve/v1/README.md", nil, 200, "# Hi", "X-Repo-Commit", shas[1]},
		{"get_hf_file_metadata", "HEAD", repo + "/resolve/main/README.md", nil, 200, "", "Etag", etag},
		{"its length", "HEAD", repo + "/resolve/main/README.md", nil, 200, "", "Content-Length", "4"},
		{"fileDownloadInfo", "GET", repo + "/resolve/main/README.md", []string{"Range", "bytes=0-0"}, 206, "#", "Content-Range", "bytes 0-0/4"},
		{"fileDownloadInfo of an empty file", "GET", repo + "/resolve/main/data/c.txt", []string{"Range", "bytes=0-0"}, 200, "", "Content-Range", "bytes */0"},
		{"fileExists", "HEAD", repo + "/raw/main/README.md", nil, 200, "", "", ""},
		{"fileExists where it does not", "HEAD", repo + "/raw/main/nowhere", nil, 404, "", "X-Error-Code", problem.CodeEntry},
		{"a file that is not there", "GET", repo + "/resolve/main/nowhere", nil, 404, "*", "X-Error-Code", problem.CodeEntry},
		{"a folder", "GET", repo + "/resolve/main/data", nil, 404, "*", "X-Error-Code", problem.CodeEntry},
		{"a revision that is not there", "GET", repo + "/resolve/nowhere/README.md", nil, 404, "*", "X-Error-Code", problem.CodeRevision},
		{"a repo that is not there", "GET", "/datasets" + repo + "/resolve/main/README.md", nil, 404, "*", "X-Error-Code", problem.CodeRepo},
		{"a pull request", "GET", repo + "/resolve/refs%2Fpr%2F1/pr.txt", nil, 200, "pr", "", ""},
		{"a pull request, not encoded", "GET", repo + "/resolve/refs/pr/1/pr.txt", nil, 200, "pr", "", ""},
		{"known already", "GET", repo + "/resolve/main/README.md", []string{"If-None-Match", etag}, 304, "", "", ""},
		{"a range that is not there", "GET", repo + "/resolve/main/README.md", []string{"Range", "bytes=9-"}, 416, "*", "Content-Type", "application/json; charset=utf-8"},
		{"a condition that does not hold", "GET", repo + "/resolve/main/README.md", []string{"If-Match", `"x"`}, 412, "*", "Content-Type", "application/json; charset=utf-8"},
		{"a page is text", "GET", repo + "/resolve/main/a%20b/%C3%A9.html", nil, 200, "<script>alert(1)</script>", "Content-Type", "text/plain; charset=utf-8"},
		{"a page runs nothing", "GET", repo + "/raw/main/a%20b/%C3%A9.html", nil, 200, "<script>alert(1)</script>", "Content-Security-Policy", "default-src 'none'; sandbox"},
		{"a page is not guessed at", "GET", repo + "/raw/main/a%20b/%C3%A9.html", nil, 200, "<script>alert(1)</script>", "X-Content-Type-Options", "nosniff"},
		{"a name", "GET", repo + "/raw/main/a%20b/%C3%A9.html", nil, 200, "<script>alert(1)</script>", "Content-Disposition", "inline; filename*=utf-8''%C3%A9.html"},
		{"bytes", "GET", repo + "/resolve/main/raw.dat", nil, 200, "\x00\xff", "Content-Type", "application/octet-stream"},
		{"a file in LFS whose bytes are elsewhere", "GET", repo + "/resolve/main/w.bin", nil, 404, "*", "X-Error-Code", problem.CodeEntry},
		{"its pointer", "GET", repo + "/raw/main/w.bin", nil, 200, "version https://git-lfs.github.com/spec/v1\noid sha256:" + lfsOID + "\nsize 1000\n", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := get(test.method, test.path, test.headers...)
			if answer.status != test.status || test.body != "*" && string(answer.body) != test.body {
				t.Errorf("answered %d %s", answer.status, answer.body)
			}
			if test.body == "*" && !strings.HasPrefix(string(answer.body), `{"error":"`) {
				t.Errorf("no error: %s", answer.body)
			}
			if got := answer.header.Get(test.header); test.header != "" && got != test.want {
				t.Errorf("%s is %q", test.header, got)
			}
		})
	}
	t.Run("a file in LFS whose bytes are here", func(t *testing.T) {
		if err := r.db.Update(func(tx *domain.Tx) error {
			tx.SaveContent(tx.RepoNamed("model", "mock-user/demo").ID, lfsOID, []byte("\n"))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		answer := get("HEAD", repo+"/resolve/main/w.bin")
		if answer.status != 200 || answer.header.Get("X-Linked-Size") != "1000" || answer.header.Get("X-Linked-Etag") != `"`+lfsOID+`"` {
			t.Errorf("answered %d %v", answer.status, answer.header)
		}
	})
}

func TestReposOfEachTypeAreRead(t *testing.T) {
	r := newRig(t, Options{})
	for repoType, folder := range map[string]string{"model": "", "dataset": "/datasets", "space": "/spaces"} {
		for _, name := range []string{"mock-user/same", "alone"} {
			made := seedRepo(t, r.Hub, repoType, name)
			api := "/api/" + domain.FolderOf(repoType) + "/" + name
			answer := r.call("POST", api+"/commit/main", lines(header("Say what it is"), file("type.txt", repoType)))
			if answer["commitUrl"] != r.url+folder+"/"+name+"/commit/"+answer["commitOid"].(string) {
				t.Errorf("answered: %v", answer)
			}
			if got := r.send("GET", folder+"/"+name+"/resolve/main/type.txt", nil); string(got.body) != repoType {
				t.Errorf("%s has %d %s", api, got.status, got.body)
			}
			if info := r.call("GET", api, nil); info["_id"] != made.ID || !reflect.DeepEqual(info["modelId"] != nil, repoType == "model") {
				t.Errorf("%s is %v", api, info)
			}
		}
	}
}

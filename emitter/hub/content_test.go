package hub

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/api"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

func TestFilesAreCommitted(t *testing.T) {
	const lfs = "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b"
	for _, test := range []struct {
		name  string
		lines []string
		paths string // of the tree after it, beside .gitattributes and kept.txt
	}{
		{"create_commit", []string{file("a/b.txt", "B"), file("c.txt", "")}, "a/b.txt c.txt old/1.txt old/deep/2.txt"},
		{"upload_file over another", []string{file("old/1.txt", "new")}, "old/1.txt old/deep/2.txt"},
		{"delete_file", []string{deletes("old/1.txt")}, "old/deep/2.txt"},
		{"delete_folder", []string{line("deletedFolder", map[string]any{"path": "old/"})}, ""},
		{"deleteFiles of a folder", []string{deletes("old/deep")}, "old/1.txt"},
		{"a folder that becomes a file", []string{deletes("old"), file("old", "x")}, "old"},
		{"what was added is deleted again", []string{file("x/y", "y"), deletes("x"), deletes("old")}, ""},
		{"a file in LFS", []string{line("lfsFile", map[string]any{"path": "w.bin", "algo": "sha256", "oid": lfs, "size": 7})}, "old/1.txt old/deep/2.txt w.bin"},
		{"a rename", []string{line("file", map[string]any{"path": "z.txt", "oldPath": "old/1.txt"})}, "old/deep/2.txt z.txt"},
		{"plain text", []string{line("file", map[string]any{"path": "old/1.txt", "content": "é"})}, "old/1.txt old/deep/2.txt"},
		{"nothing", nil, "old/1.txt old/deep/2.txt"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newDemo(t, Options{})
			old := r.commit("main", header("Begin"), file("old/1.txt", "1"), file("old/deep/2.txt", "2"), file("kept.txt", "kept"))
			r.watch("model:mock-user/demo")
			answer := r.call("POST", demo+"/commit/main", lines(append([]string{header("Change"), ""}, test.lines...)...)+"\n")
			sha := answer["commitOid"].(string)
			if answer["commitUrl"] != r.url+"/mock-user/demo/commit/"+sha || answer["pullRequestUrl"] != nil {
				t.Errorf("answered: %v", answer)
			}
			var paths []string
			for _, one := range r.list(demo + "/tree/" + sha + "?recursive=true") {
				if path := one["path"].(string); one["type"] == "file" && path != ".gitattributes" && path != "kept.txt" {
					paths = append(paths, path)
				}
			}
			if got := strings.Join(paths, " "); got != test.paths {
				t.Errorf("there is %s, wanted %s", got, test.paths)
			}
			shapes, refs := r.happened()
			if !reflect.DeepEqual(shapes, []string{"repo.content.update"}) || !reflect.DeepEqual(refs[0], moved(domain.MainRef, old, sha)) {
				t.Errorf("happened: %v %v", shapes, refs)
			}
			if got := r.content(old, "kept.txt"); got != "kept" {
				t.Errorf("what was before is now %q", got)
			}
		})
	}
}

func TestOnlyWhatDiffersIsAChange(t *testing.T) {
	r := newDemo(t, Options{})
	r.commit("main", header("Begin"), file("same.txt", "same"))
	sha := r.commit("main", header("Again"), file("same.txt", "same"), file("x/y", "y"), deletes("x"), deletes("same.txt"), file("same.txt", "same"))
	r.db.View(func(s *domain.State) {
		if made := s.Commit(s.RepoNamed("model", "mock-user/demo").ID, sha); len(made.Changes) != 0 {
			t.Errorf("changed: %v", made.Changes)
		}
	})
}

func TestRepoIsModifiedByCommitsToMain(t *testing.T) {
	r := newDemo(t, Options{})
	modified := func() any { return r.call("GET", demo, nil)["lastModified"] }
	before := modified()
	r.Advance(time.Hour)
	r.commit("main?create_pr=1", header("Propose"), file("a", "a"))
	r.commit("refs%2Fpr%2F1", header("Go on"), file("a", "b"))
	if modified() != before {
		t.Error("by a pull request")
	}
	r.commit("main", header("Change"), file("a", "a"))
	if modified() == before {
		t.Error("not by a commit to main")
	}
}

func TestPullRequestIsOpenedByACommit(t *testing.T) {
	r := newDemo(t, Options{})
	first := r.list(demo + "/commits/main")[0]["id"].(string)
	r.commit("main", header("Ahead"), file("main.txt", "main"))
	r.watch("user:mock-user")
	t.Run("create_commit with create_pr", func(t *testing.T) {
		answer := r.call("POST", demo+"/commit/main?create_pr=1", lines(header("Propose", "parentCommit", first[:7]), file("pr.txt", "1")))
		sha := answer["commitOid"].(string)
		if answer["pullRequestUrl"] != r.url+"/mock-user/demo/discussions/1" {
			t.Errorf("answered: %v", answer)
		}
		var draft arrival
		shapes, refs := []string{}, []any{}
		for _, a := range r.arrivals() {
			shapes, refs = append(shapes, a.shape()), append(refs, a.payload["updatedRefs"])
			if a.shape() == "discussion.create" {
				draft = a
			}
		}
		if len(shapes) != 2 || draft.at("discussion.status") != "draft" || draft.at("discussion.isPullRequest") != true ||
			draft.at("discussion.title") != "Propose" || draft.at("comment.content") != "why" {
			t.Errorf("happened: %v %s", shapes, draft.body)
		}
		for i, shape := range shapes {
			if shape == "repo.content.update" && !reflect.DeepEqual(refs[i], moved("refs/pr/1", "", sha)) {
				t.Errorf("the reference: %v", refs[i])
			}
		}
		if got := each(r.list(demo+"/tree/refs%2Fpr%2F1"), "path"); got != ".gitattributes pr.txt" {
			t.Errorf("the pull request has %s", got)
		}
	})
	t.Run("create_commit to a pull request", func(t *testing.T) {
		sha := r.commit("refs%2Fpr%2F1", header("More"), file("pr.txt", "2"))
		shapes, _ := r.happened()
		if !reflect.DeepEqual(shapes, []string{"repo.content.update"}) || r.content("refs%2Fpr%2F1", "pr.txt") != "2" {
			t.Errorf("happened: %v", shapes)
		}
		r.db.View(func(s *domain.State) {
			messages := s.Entries(s.RepoNamed("model", "mock-user/demo").ID, 1)
			if len(messages) != 3 || messages[2].Type != "commit" || messages[2].To != sha || messages[2].From != "More" || messages[2].Seq != 2 {
				t.Errorf("messages: %v", messages)
			}
		})
	})
}

func TestEveryEventOfACommitIsStrictlyValid(t *testing.T) {
	r := newDemo(t, Options{})
	r.watch("user:mock-user")
	r.commit("main", header("a \u2028 \"title\""), file("x", "1"))
	r.commit("main?create_pr=true", line("header", map[string]any{"summary": "no description"}), file("x", "2"))
	r.commit("refs%2Fpr%2F1", header("again"), file("x", "3"))
	if shapes, _ := r.happened(); len(shapes) != 4 {
		t.Errorf("happened: %v", shapes)
	}
}

func TestCommitsAreRefused(t *testing.T) {
	r := newDemo(t, Options{})
	head := r.commit("main", header("Begin"), file("dir/x", "x"))
	r.commit("main", header("Go on"), file("y", "y"))
	r.call("POST", demo+"/commit/main?create_pr=1", lines(header("Propose"), file("p", "p")))
	if err := r.db.Update(func(tx *domain.Tx) error {
		repo := *tx.RepoNamed("model", "mock-user/demo")
		d := *tx.Discussion(repo.ID, 1)
		d.Status = "merged"
		tx.SaveDiscussion(&d)
		return tx.SetRef(&repo, domain.TagRefs+"v1", domain.Ref{SHA: head})
	}); err != nil {
		t.Fatal(err)
	}
	r.watch("user:mock-user")
	before := r.kept()
	ok := header("Change")
	many := func(n int, line string) string { return ok + strings.Repeat("\n"+line, n) }
	for _, test := range []struct {
		name, rev, body string
		status          int
		code            string
	}{
		{"no repo", "/api/models/mock-user/nothing/commit/main", lines(ok), 404, problem.CodeRepo},
		{"no such branch", "nowhere", lines(ok, file("a", "a")), 404, problem.CodeRevision},
		{"a tag", "v1", lines(ok, file("a", "a")), 404, problem.CodeRevision},
		{"a SHA", head, lines(ok, file("a", "a")), 404, problem.CodeRevision},
		{"a merged pull request", "refs%2Fpr%2F1", lines(ok, file("a", "a")), 409, ""},
		{"a pull request against another pull request", "refs%2Fpr%2F1?create_pr=1", lines(ok, file("a", "a")), 400, ""},
		{"a parent that is not the head", "main", lines(header("Change", "parentCommit", head), file("a", "a")), 412, ""},
		{"a parent that is nowhere", "main", lines(header("Change", "parentCommit", strings.Repeat("0", 40)), file("a", "a")), 412, ""},
		{"a parent that is no SHA", "main", lines(header("Change", "parentCommit", "main"), file("a", "a")), 400, ""},
		{"a pull request from nowhere", "main?create_pr=1", lines(header("Change", "parentCommit", "0123456"), file("a", "a")), 404, problem.CodeRevision},
		{"empty", "main", "", 400, ""},
		{"no JSON", "main", lines(ok, "{"), 400, ""},
		{"no object", "main", lines(ok, "[]"), 400, ""},
		{"no header", "main", file("a", "a"), 400, ""},
		{"two headers", "main", lines(ok, ok), 400, ""},
		{"no summary", "main", line("header", map[string]any{"description": "why"}), 400, ""},
		{"a long summary", "main", header(strings.Repeat("x", api.MaxSummary+1)), 413, ""},
		{"an unknown key", "main", lines(ok, line("copyFile", map[string]any{"path": "a"})), 400, ""},
		{"no base64", "main", lines(ok, line("file", map[string]any{"path": "a", "content": "?", "encoding": "base64"})), 400, ""},
		{"an unknown encoding", "main", lines(ok, line("file", map[string]any{"path": "a", "content": "?", "encoding": "hex"})), 400, ""},
		{"LFS without a hash", "main", lines(ok, line("lfsFile", map[string]any{"path": "a", "algo": "sha256", "oid": "x"})), 400, ""},
		{"LFS of another algorithm", "main", lines(ok, line("lfsFile", map[string]any{"path": "a", "algo": "md5", "oid": strings.Repeat("0", 64)})), 400, ""},
		{"LFS of a size below zero", "main", lines(ok, line("lfsFile", map[string]any{"path": "a", "oid": strings.Repeat("0", 64), "size": -1})), 400, ""},
		{"deleting what is not there", "main", lines(ok, file("a", "a"), deletes("b")), 404, problem.CodeEntry},
		{"deleting a folder that is not there", "main", lines(ok, line("deletedFolder", map[string]any{"path": "dir/x/"})), 404, problem.CodeEntry},
		{"renaming what is not there", "main", lines(ok, line("file", map[string]any{"path": "a", "oldPath": "b"})), 404, problem.CodeEntry},
		{"a file in a file", "main", lines(ok, file("y/z", "z")), 400, ""},
		{"a file over a folder", "main", lines(ok, file("dir", "z")), 400, ""},
		{"too many operations", "main", many(api.MaxCommitOperations+1, deletes("dir")), 413, ""},
		{"too many folders", "main", many(domain.MaxFolders+1, lines(deletes("dir"), file("dir/x", "x"))), 413, ""},
		{"a file that is too large", "main", lines(ok, `{"key":"file","value":{"path":"a","content":"`+strings.Repeat("A", api.MaxLine)+`"}}`), 413, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := demo + "/commit/" + test.rev
			if strings.HasPrefix(test.rev, "/") {
				path = test.rev
			}
			answer := r.send("POST", path, test.body)
			if answer.status != test.status || answer.header.Get("X-Error-Code") != test.code || !strings.HasPrefix(string(answer.body), `{"error":"`) {
				t.Errorf("answered %d %s %.200s", answer.status, answer.header.Get("X-Error-Code"), answer.body)
			}
		})
	}
	for _, path := range []string{"", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "a\x00b", ".git/config", "a/.GIT/b", strings.Repeat("a", domain.MaxPath+1), strings.Repeat("a/", domain.MaxDepth) + "a"} {
		t.Run("the path "+url.PathEscape(path)[:min(len(path), 20)], func(t *testing.T) {
			for _, body := range []string{file(path, "a"), deletes(path), line("file", map[string]any{"path": "ok", "oldPath": path, "content": ""})} {
				if path == "" && strings.Contains(body, "oldPath") {
					continue // a file that is empty
				}
				r.fail(400, "POST", demo+"/commit/main", lines(ok, body))
			}
		})
	}
	r.unchanged(before)
	if arrived := r.arrivals(); len(arrived) != 0 {
		t.Errorf("%d events of what has not happened", len(arrived))
	}
}

func TestHubIsFull(t *testing.T) {
	r := newDemo(t, Options{maxStored: 150})
	before := r.kept()
	if text := r.fail(413, "POST", demo+"/commit/main", lines(header("Big"), file("a", strings.Repeat("a", 200)))); !strings.Contains(text, "room") {
		t.Errorf("body: %s", text)
	}
	r.unchanged(before)
	r.commit("main", header("Small"), file("a", "a"))
}

func TestPreparationsOfACommit(t *testing.T) {
	r := newDemo(t, Options{})
	t.Run("validate_yaml", func(t *testing.T) {
		answer := r.call("POST", "/api/validate-yaml", map[string]string{"content": "---\na: b\n---", "repoType": "model"})
		if !reflect.DeepEqual(answer, map[string]any{"warnings": []any{}, "errors": []any{}}) {
			t.Errorf("answered: %v", answer)
		}
	})
	t.Run("preupload", func(t *testing.T) {
		files := []any{map[string]any{"path": "a/b.bin", "size": 1 << 20, "sample": "AAAA"}}
		answer := r.call("POST", demo+"/preupload/main?create_pr=1", map[string]any{"files": files, "gitIgnore": "*"})
		want := []any{map[string]any{"path": "a/b.bin", "uploadMode": "regular", "shouldIgnore": false}}
		if !reflect.DeepEqual(answer["files"], want) {
			t.Errorf("answered: %v", answer)
		}
		r.fail(413, "POST", demo+"/preupload/main", map[string]any{"files": []any{map[string]any{"path": "a", "size": api.MaxFile + 1}}})
		r.fail(400, "POST", demo+"/preupload/main", map[string]any{"files": []any{map[string]any{"path": "../a"}}})
		r.fail(404, "POST", demo+"/preupload/nowhere", map[string]any{"files": files})
		r.fail(404, "POST", "/api/models/no/body/preupload/main", map[string]any{"files": files})
	})
}

func TestOldCommitsAreForgotten(t *testing.T) {
	r := newDemo(t, Options{KeepCommits: 3})
	r.commit("main", header("1"), file("once.txt", "only here"), file("always.txt", "always"))
	base := r.commit("main", header("2"), deletes("once.txt"))
	r.call("POST", demo+"/commit/main?create_pr=1", lines(header("Propose"), file("pr.txt", "pr")))
	for _, text := range []string{"3", "4", "5"} {
		r.commit("main", header(text), file("n.txt", text))
	}
	if got := each(r.list(demo+"/commits/main"), "title"); got != "5 4" {
		t.Errorf("main has the commits %s", got)
	}
	r.fail(404, "GET", demo+"/tree/"+base, nil)
	for rev, paths := range map[string]string{"main": ".gitattributes always.txt n.txt", "refs%2Fpr%2F1": ".gitattributes always.txt pr.txt"} {
		if got := each(r.list(demo+"/tree/"+rev), "path"); got != paths {
			t.Errorf("%s has %s", rev, got)
		}
		if got := r.content(rev, "always.txt"); got != "always" {
			t.Errorf("%s: %q", rev, got)
		}
	}
	r.db.View(func(s *domain.State) {
		repo := s.RepoNamed("model", "mock-user/demo")
		for _, gone := range []string{"only here", "3"} {
			if _, kept := s.Content(repo.ID, domain.GitOID([]byte(gone))); kept {
				t.Error("contents that nothing names are kept")
			}
		}
		bytes := 0
		for key, value := range stateRows(s) {
			if strings.HasPrefix(key, "blob ") {
				bytes += len(value)
			}
		}
		if counted := indexesOf(s)["storedBytes"]; fmt.Sprint(bytes) != counted {
			t.Errorf("%d bytes are kept, and %s counted", bytes, counted)
		}
	})
}

// The database has everything, though trees of old commits are not in memory.
func TestTreesComeBackFromTheRecords(t *testing.T) {
	r := newDemo(t, Options{KeepCommits: 4})
	for _, text := range []string{"1", "2", "3", "4", "5", "6"} {
		r.commit("main", header(text), file(text+".txt", text))
	}
	r.db.View(func(s *domain.State) {
		again := reload(t, s)
		mustBeSame(t, "reloaded", indexesOf(s), indexesOf(again))
		if kept := again.Commits(s.RepoNamed("model", "mock-user/demo").ID); len(kept) != 4 {
			t.Errorf("%d commits are kept", len(kept))
		}
	})
}

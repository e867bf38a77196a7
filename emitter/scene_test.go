package emitter_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
)

func TestRepoURLsHoldItsNameAndThePrefixOfItsType(t *testing.T) {
	for _, c := range []struct{ kind, web, api string }{
		{"model", "https://huggingface.co/", "https://huggingface.co/api/models/"},
		{"dataset", "https://huggingface.co/datasets/", "https://huggingface.co/api/datasets/"},
		{"space", "https://huggingface.co/spaces/", "https://huggingface.co/api/spaces/"},
		{"bucket", "https://huggingface.co/buckets/", "https://huggingface.co/api/buckets/"},
	} {
		for _, canonical := range []bool{false, true} {
			r := emitter.Request{Shape: "repo.create", Scene: emitter.Scene{RepoType: c.kind, Canonical: canonical}}
			each(t, r, 40, func(_ []byte, p gjson.Result) {
				name := p.Get("repo.name").String()
				if got := strings.Count(name, "/"); p.Get("repo.type").String() != c.kind || canonical != (got == 0) || got > 1 {
					t.Errorf("a %s has the name %q", c.kind, name)
				}
				if web, api := p.Get("repo.url.web").String(), p.Get("repo.url.api").String(); web != c.web+name || api != c.api+name {
					t.Errorf("URLs are %s and %s", web, api)
				}
			})
		}
	}
}

func TestEveryRepoTypeComesUp(t *testing.T) {
	for shape, want := range map[string]int{"repo.update": 4, "repo.content.update": 4, "discussion.create": 3, "discussion.comment.*": 3} {
		kinds := map[string]bool{}
		each(t, emitter.Request{Shape: shape}, 100, func(_ []byte, p gjson.Result) {
			kinds[p.Get("repo.type").String()] = true
		})
		if len(kinds) != want {
			t.Errorf("%s is about %v", shape, kinds)
		}
	}
}

func TestSpaceAloneHasASubdomain(t *testing.T) {
	each(t, emitter.Request{Shape: "repo.update"}, 200, func(_ []byte, p gjson.Result) {
		subdomain := p.Get("repo.subdomain")
		if subdomain.Exists() != (p.Get("repo.type").String() == "space") {
			t.Error("subdomain does not fit the type")
		}
		owner, _, _ := strings.Cut(strings.ToLower(p.Get("repo.name").String()), "/")
		owner = regexp.MustCompile(`[^a-z0-9]`).ReplaceAllString(owner, "-")
		if subdomain.Exists() && !strings.HasPrefix(subdomain.String(), owner+"-") {
			t.Errorf("subdomain is %s", subdomain)
		}
	})
}

func TestBucketHasFilesWhereGitReposHaveRefs(t *testing.T) {
	actions := map[bool]bool{}
	each(t, emitter.Request{Shape: "repo.content.update"}, 300, func(_ []byte, p gjson.Result) {
		bucket := p.Get("repo.type").String() == "bucket"
		if p.Get("updatedFiles").Exists() != bucket || p.Get("updatedRefs").Exists() == bucket || p.Get("repo.headSha").Exists() == bucket {
			t.Error("content does not fit the type")
		}
		for _, file := range p.Get("updatedFiles").Array() {
			deleted := file.Get("action").String() == "delete"
			actions[deleted] = true
			if file.Get("xetHash").Exists() == deleted || file.Get("size").Exists() == deleted {
				t.Errorf("file %s", file)
			}
		}
	})
	if len(actions) != 2 {
		t.Error("files are always added, or always deleted")
	}
}

var commit = regexp.MustCompile(`^"[0-9a-f]{40}"$`)

func TestPushMovesTheHeadOfMain(t *testing.T) {
	pushed := 0
	each(t, emitter.Request{Shape: "repo.content.update"}, 300, func(_ []byte, p gjson.Result) {
		main := p.Get(`updatedRefs.#(ref=="refs/heads/main").newSha`)
		if !main.Exists() {
			return
		}
		pushed++
		if main.String() != p.Get("repo.headSha").String() {
			t.Error("headSha is not the new commit of main")
		}
	})
	if pushed == 0 {
		t.Error("nothing is ever pushed to main")
	}
}

func TestRefsTellWhatHappenedToThem(t *testing.T) {
	scene := emitter.Scene{RepoType: "model", Refs: []emitter.Ref{
		{Name: "refs/heads/main"},
		{Name: "refs/tags/v1.0", Change: emitter.RefCreated},
		{Name: "refs/heads/old", Change: emitter.RefDeleted},
	}}
	each(t, emitter.Request{Shape: "repo.content.update", Scene: scene}, 50, func(_ []byte, p gjson.Result) {
		refs := p.Get("updatedRefs").Array()
		if len(refs) != len(scene.Refs) {
			t.Fatalf("%d refs", len(refs))
		}
		for i, want := range scene.Refs {
			before, after := refs[i].Get("oldSha").Raw, refs[i].Get("newSha").Raw
			if refs[i].Get("ref").String() != want.Name || before == after ||
				!fits(before, want.Change == emitter.RefCreated) || !fits(after, want.Change == emitter.RefDeleted) {
				t.Errorf("%+v is told as %s", want, refs[i])
			}
		}
	})
}

// fits reports whether a member is there, and is null or a commit.
func fits(raw string, null bool) bool {
	return null && raw == "null" || !null && commit.MatchString(raw)
}

func TestDeletedMainKeepsNoNewHead(t *testing.T) {
	scene := emitter.Scene{RepoType: "model", Refs: []emitter.Ref{{Name: "refs/heads/main", Change: emitter.RefDeleted}}}
	each(t, emitter.Request{Shape: "repo.content.update", Scene: scene}, 5, func(_ []byte, p gjson.Result) {
		if p.Get("updatedRefs.0.newSha").Raw != "null" || !commit.MatchString(p.Get("repo.headSha").Raw) {
			t.Error("a deleted ref has no new commit")
		}
	})
}

func TestUsualPushesCreateUpdateAndDelete(t *testing.T) {
	seen := map[string]bool{}
	each(t, emitter.Request{Shape: "repo.content.update"}, 300, func(_ []byte, p gjson.Result) {
		for _, ref := range p.Get("updatedRefs").Array() {
			seen[fmt.Sprintf("old %v, new %v", ref.Get("oldSha").Type, ref.Get("newSha").Type)] = true
		}
	})
	if len(seen) != 3 {
		t.Errorf("pushes have %v", seen)
	}
}

func TestPullRequestAloneHasChangesAndAMergeCommitOnceMerged(t *testing.T) {
	statuses := map[string]bool{}
	each(t, emitter.Request{Shape: "discussion.update"}, 300, func(_ []byte, p gjson.Result) {
		d := p.Get("discussion")
		status, pull := d.Get("status").String(), d.Get("isPullRequest").Bool()
		statuses[fmt.Sprint(status, pull)] = true
		if d.Get("changes").Exists() != pull || pull && d.Get("changes.base").String() != "refs/heads/main" {
			t.Error("changes do not fit")
		}
		if d.Get("changes.mergeCommitId").Exists() != (status == "merged") || !pull && (status == "merged" || status == "draft") {
			t.Error("status does not fit")
		}
		path := fmt.Sprintf("/discussions/%d", d.Get("num").Int())
		for _, in := range []string{"web", "api"} {
			if d.Get("url."+in).String() != p.Get("repo.url."+in).String()+path {
				t.Errorf("%s URL does not fit the repo's", in)
			}
		}
	})
	if len(statuses) != 6 {
		t.Errorf("discussions are %v", statuses)
	}
}

func TestNewDiscussionIsNotYetClosed(t *testing.T) {
	each(t, emitter.Request{Shape: "discussion.create"}, 200, func(_ []byte, p gjson.Result) {
		if status := p.Get("discussion.status").String(); status != "open" && status != "draft" {
			t.Errorf("a new discussion is %s", status)
		}
		if p.Get("comment.hidden").Bool() || p.Get("comment.author.id").String() != p.Get("discussion.author.id").String() {
			t.Error("the first comment is its author's, in the open")
		}
	})
}

func TestSceneDecidesWhatItNames(t *testing.T) {
	for _, c := range []struct {
		scene emitter.Scene
		path  string
		want  string
	}{
		{emitter.Scene{Status: "merged"}, "discussion.isPullRequest", `true`},
		{emitter.Scene{Status: "merged"}, "discussion.status", `"merged"`},
		{emitter.Scene{Status: "draft"}, "discussion.isPullRequest", `true`},
		{emitter.Scene{Status: "closed"}, "discussion.status", `"closed"`},
		{emitter.Scene{PullRequest: emitter.Yes}, "discussion.isPullRequest", `true`},
		{emitter.Scene{PullRequest: emitter.No}, "discussion.isPullRequest", `false`},
		{emitter.Scene{PullRequest: emitter.No}, "discussion.changes", ``},
		{emitter.Scene{Hidden: emitter.Yes}, "comment.hidden", `true`},
		{emitter.Scene{Hidden: emitter.Yes}, "comment.content", ``},
		{emitter.Scene{Hidden: emitter.No}, "comment.hidden", `false`},
		{emitter.Scene{RepoType: "space"}, "repo.type", `"space"`},
	} {
		r := emitter.Request{Shape: "discussion.comment.update", Scene: c.scene}
		each(t, r, 40, func(_ []byte, p gjson.Result) {
			if got := p.Get(c.path).Raw; got != c.want {
				t.Errorf("%+v: %s is %s", c.scene, c.path, got)
			}
		})
	}
}

func TestHiddenCommentHasNoContent(t *testing.T) {
	hidden := 0
	each(t, emitter.Request{Shape: "discussion.comment.update"}, 200, func(_ []byte, p gjson.Result) {
		comment := p.Get("comment")
		if comment.Get("hidden").Bool() {
			hidden++
		}
		if comment.Get("content").Exists() == comment.Get("hidden").Bool() {
			t.Error("content does not fit")
		}
		if want := p.Get("discussion.url.web").String() + "#" + comment.Get("id").String(); comment.Get("url.web").String() != want {
			t.Errorf("the comment's URL is not %s", want)
		}
	})
	if hidden == 0 || hidden > 100 {
		t.Errorf("%d of 200 are hidden", hidden)
	}
}

func TestMoveTellsTheNewName(t *testing.T) {
	each(t, emitter.Request{Shape: "repo.move"}, 300, func(_ []byte, p gjson.Result) {
		if p.Get("movedTo.name").String() == p.Get("repo.name").String() {
			t.Error("it moved to where it is")
		}
	})
}

func TestConfigFitsTheRepo(t *testing.T) {
	seen := map[string]bool{}
	each(t, emitter.Request{Shape: "repo.config.update"}, 200, func(text []byte, p gjson.Result) {
		private := p.Get("updatedConfig.private")
		seen[private.Raw] = true
		if private.Exists() && private.Bool() != p.Get("repo.private").Bool() || !bytes.Contains(text, []byte(`"updatedConfig":{`)) {
			t.Error("the changed setting is not that of the repo")
		}
	})
	if len(seen) != 3 {
		t.Errorf("settings are %v", seen)
	}
}

func TestSceneThatCannotBeIsAnError(t *testing.T) {
	g := generator(t, emitter.Options{})
	for _, c := range []struct {
		shape string
		scene emitter.Scene
		says  []string
	}{
		{"repo.update", emitter.Scene{RepoType: "paper"}, []string{"repo.update", "paper", "model", "bucket"}},
		{"repo.update", emitter.Scene{RepoType: "Model"}, []string{"Model"}},
		{"discussion.create", emitter.Scene{RepoType: "bucket"}, []string{"discussion.create", "bucket", "space"}},
		{"discussion.comment.reaction.create", emitter.Scene{RepoType: "bucket"}, []string{"bucket"}},
		{"discussion.*", emitter.Scene{RepoType: "bucket"}, []string{"bucket"}},
		{"discussion.update", emitter.Scene{Status: "done"}, []string{"done", "draft, open, closed, merged"}},
		{"discussion.update", emitter.Scene{PullRequest: emitter.No, Status: "merged"}, []string{"merged", "no pull request"}},
		{"discussion.update", emitter.Scene{PullRequest: emitter.No, Status: "draft"}, []string{"draft"}},
		{"repo.content.update", emitter.Scene{RepoType: "bucket", Refs: []emitter.Ref{{Name: "refs/heads/main"}}}, []string{"bucket", "Git"}},
		{"repo..x", emitter.Scene{}, []string{`"repo..x"`, "repo.update"}},
	} {
		text, err := g.Payload(emitter.Request{Shape: c.shape, Scene: c.scene})
		if err == nil || len(text) > 0 {
			t.Errorf("%s with %+v: %s, %v", c.shape, c.scene, text, err)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not say %q", err, part)
			}
		}
	}
}

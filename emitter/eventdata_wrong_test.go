package emitter_test

import (
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter"
)

func TestWrongEventDataIsNamed(t *testing.T) {
	g := generator(t, emitter.Options{})
	const hostile = "\x1b[2J\n\"\xff"
	for _, c := range []struct {
		shape  string
		change func(*emitter.EventData)
		want   []string // all in the message
	}{
		{"repo.crate", func(*emitter.EventData) {}, []string{`"repo.crate"`, "repo.create"}},
		{"", func(*emitter.EventData) {}, []string{"unknown shape"}},
		{hostile, func(*emitter.EventData) {}, []string{"unknown shape"}},
		{"repo.update", func(f *emitter.EventData) { f.HubURL = "hub" }, []string{"HubURL", `"hub"`, "http://host"}},
		{"repo.update", func(f *emitter.EventData) { f.WebhookID = "1" }, []string{"WebhookID", `"1"`, "24 hex"}},
		{"repo.update", func(f *emitter.EventData) { f.Repo.Type = "models" }, []string{"Repo.Type", `"models"`, "model, dataset, space, bucket"}},
		{"repo.update", func(f *emitter.EventData) { f.Repo.Type = "kernel" }, []string{"Repo.Type", `"kernel"`}},
		{"repo.update", func(f *emitter.EventData) { f.Repo = emitter.RepoData{} }, []string{"Repo.Type", `""`}},
		{"repo.update", func(f *emitter.EventData) { f.Repo.Name = "" }, []string{"Repo.Name", "owner/name"}},
		{"repo.update", func(f *emitter.EventData) { f.Repo.Name = "a/b/c" }, []string{"Repo.Name", `"a/b/c"`}},
		{"repo.update", func(f *emitter.EventData) { f.Repo.Name = "/b" }, []string{"Repo.Name", `"/b"`}},
		{"repo.update", func(f *emitter.EventData) { f.Repo.Name = hostile }, []string{"Repo.Name"}},
		{"repo.update", func(f *emitter.EventData) { f.Repo.ID = "621FFDC036468D709F174340" }, []string{"Repo.ID", "lower case"}},
		{"repo.update", func(f *emitter.EventData) { f.Repo.OwnerID = strings.Repeat("g", 24) }, []string{"Repo.OwnerID", "24 hex"}},
		{"repo.update", func(f *emitter.EventData) { f.Repo.HeadSHA = "main" }, []string{"Repo.HeadSHA", `"main"`, "40 hex"}},
		{"repo.move", func(f *emitter.EventData) { f.MovedTo = nil }, []string{"repo.move", "MovedTo"}},
		{"repo.move", func(f *emitter.EventData) { f.MovedTo.Name = "a b" }, []string{"MovedTo.Name", `"a b"`}},
		{"repo.move", func(f *emitter.EventData) { f.MovedTo.OwnerID = "" }, []string{"MovedTo.OwnerID", `""`}},
		{"repo.move", func(f *emitter.EventData) { f.Repo.ID, f.MovedTo.Name, f.Refs[0].Name = "1", "", "" }, []string{"Repo.ID"}},
		{"repo.content.update", func(f *emitter.EventData) { f.Refs = nil }, []string{"repo.content.update", "model", "Refs"}},
		{"repo.content.*", func(f *emitter.EventData) { f.Refs = nil }, []string{"repo.content.*", "Refs"}},
		{"repo.content.update", intoBucket(), []string{"bucket", "Files"}},
		{"repo.content.update", func(f *emitter.EventData) { f.Refs[0].Name = "main" }, []string{"Refs[0].Name", `"main"`, "refs/heads/main"}},
		{"repo.content.update", func(f *emitter.EventData) { f.Refs[0].Name = "refs/" }, []string{"Refs[0].Name"}},
		{"repo.content.update", func(f *emitter.EventData) { f.Refs[0].Old = "1" }, []string{"Refs[0].Old", `"1"`, "40 hex"}},
		{"repo.content.update", func(f *emitter.EventData) { f.Refs[0].New = "1" }, []string{"Refs[0].New", `"1"`, "40 hex"}},
		{"repo.content.update", func(f *emitter.EventData) { f.Refs[0].Old, f.Refs[0].New = "", "" }, []string{"Refs[0].Old"}},
		{"repo.content.update", intoBucket(aFile("x"), aFile("")), []string{"Files[1].Path"}},
		{"repo.content.update", intoBucket(emitter.FileData{Path: "x", XetHash: "1"}), []string{"Files[0].XetHash", "64 hex"}},
		{"discussion.update", func(f *emitter.EventData) { f.Discussion = nil }, []string{"discussion.update", "no Discussion"}},
		{"discussion.comment.create", func(f *emitter.EventData) { f.Discussion = nil }, []string{"no Discussion"}},
		{"discussion.comment.create", func(f *emitter.EventData) { f.Comment = nil }, []string{"discussion.comment.create", "no Comment"}},
		{"discussion.comment.*", func(f *emitter.EventData) { f.Comment = nil }, []string{"no Comment"}},
		{"discussion.update", intoBucket(aFile("x")), []string{"bucket", "no discussions"}},
		{"discussion.update", func(f *emitter.EventData) { f.Discussion.ID = "1" }, []string{"Discussion.ID", "24 hex"}},
		{"discussion.update", func(f *emitter.EventData) { f.Discussion.Title = "" }, []string{"Discussion.Title"}},
		{"discussion.update", func(f *emitter.EventData) { f.Discussion.Num = 0 }, []string{"Discussion.Num", "from 1"}},
		{"discussion.update", func(f *emitter.EventData) { f.Discussion.Status = "Open" }, []string{"Discussion.Status", "draft, open, closed, merged"}},
		{"discussion.update", func(f *emitter.EventData) { f.Discussion.AuthorID = "1" }, []string{"Discussion.AuthorID"}},
		{"discussion.update", func(f *emitter.EventData) { f.Discussion.MergeCommitID = "1" }, []string{"Discussion.MergeCommitID", "40 hex"}},
		{"discussion.comment.update", func(f *emitter.EventData) { f.Comment.ID = "1" }, []string{"Comment.ID"}},
		{"discussion.comment.update", func(f *emitter.EventData) { f.Comment.AuthorID = "1" }, []string{"Comment.AuthorID"}},
	} {
		_, err := g.Render(nil, changed(c.shape, c.change))
		if err == nil {
			t.Errorf("%s: there is no error that says %q", c.shape, c.want)
			continue
		}
		oneLined(t, err)
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q does not say %q", err, want)
			}
		}
	}
}

// What was wrong once leaves nothing behind.
func TestRenderAfterWrongEventData(t *testing.T) {
	g := generator(t, emitter.Options{})
	want := render(t, g, pushOf("discussion.comment.create"))
	for range 3 {
		if _, err := g.Render(nil, changed("discussion.comment.create", func(f *emitter.EventData) { f.Comment.ID, f.HubURL = "1", "http://other" })); err == nil {
			t.Fatal("no error")
		}
		if got := render(t, g, pushOf("discussion.comment.create")); string(got) != string(want) {
			t.Errorf("%s\nnot %s", got, want)
		}
	}
}

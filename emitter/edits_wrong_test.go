package emitter_test

import (
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter"
)

func TestSetThatSaysNothingIsAnError(t *testing.T) {
	for _, c := range []struct {
		text string
		says []string
	}{
		{"", []string{`""`, "repo.name=me/x"}},
		{"repo.name", []string{`"repo.name"`, "path and a value"}},
		{"=x", []string{`"=x"`}},
		{":=5", []string{`":=5"`}},
		{"a\nb=@x", []string{`"a\nb"`, "no such file"}},
		{"a:={", []string{"a: ", "no JSON", "a=…"}},
		{"a:=", []string{"a: ", "no JSON"}},
		{"a:=1 2", []string{"a: ", "no JSON"}},
		{"a:=\"\xff\"", []string{"a: ", "UTF-8"}},
		{"a:=@note", []string{"a: ", "no JSON"}},
		{"comment.content=@julien look", []string{"comment.content: ", "no such file", `comment.content:="@julien look"`}},
	} {
		edit, err := emitter.ParseSet(c.text, files)
		if err == nil {
			t.Errorf("%q is read as %v", c.text, edit)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q: %q does not say %q in one line", c.text, err, part)
			}
		}
	}
}

func TestWrongEditIsAnErrorOfOneLine(t *testing.T) {
	for _, c := range []struct {
		shape string
		edits []string
		says  []string
	}{
		{"discussion.create", []string{"discussion.num=x"}, []string{"discussion.num takes", "integer", `"x"`, "discussion.num:="}},
		{"discussion.create", []string{"discussion.num=7.5"}, []string{"integer", `"7.5"`}},
		{"discussion.create", []string{"discussion.num="}, []string{"integer", `""`}},
		{"repo.update", []string{"repo.private=yes"}, []string{"repo.private", "boolean", `"yes"`}},
		{"repo.update", []string{"repo.url=x"}, []string{"repo.url", "object", `"x"`}},
		{"repo.update", []string{"repo.private=" + strings.Repeat("long\n", 500)}, []string{"boolean", "…"}},
		{"repo.content.update", []string{"updatedRefs={}"}, []string{"updatedRefs", "array"}},
		{"repo.content.update", []string{"updatedFiles.0.size=big"}, []string{"updatedFiles.0.size", "integer"}},
		{"repo.update", []string{"repo.headSHA=x"}, []string{"repo.headSHA", `"repo.headSha"`}},
		{"repo.update", []string{"-repo.head_sha"}, []string{"repo.head_sha", `"repo.headSha"`}},
		{"repo.update", []string{"comment.content=x"}, []string{"comment.content", "no payload here"}},
		{"repo.update", []string{"repo=x", "-"}, []string{"repo", "object"}},
		{"repo.update", []string{"-"}, []string{`""`}},
		{"repo.update", []string{"-repo."}, []string{"repo."}},
		{"repo.update", []string{"repo..name=x"}, []string{"repo..name", `"repo.name"`}},
		{"repo.update", []string{"repo.name.first=x"}, []string{"repo.name.first"}},
		{"repo.update", []string{"repo.\nname=x"}, []string{`"repo.\nname"`, `"repo.name"`}},
		{"repo.content.update", []string{"updatedRefs.12.reff=x"}, []string{`"updatedRefs.12.ref"`}},
		{"repo.content.update", []string{"updatedRefs.-1.ref=x"}, []string{"updatedRefs.-1.ref"}},
		{"repo.content.update", []string{"updatedRefs.x.ref=x"}, []string{"updatedRefs.x.ref"}},
		{"repo.content.update", []string{"updatedRefs.99999999999.ref=x"}, []string{"99999999999"}},
		{"repo.content.update", []string{"updatedRefs.0:={}"}, []string{"updatedRefs.0: ", "updatedRefs:=["}},
		{"repo.content.update", []string{"-updatedRefs.0"}, []string{"updatedRefs.0: ", "updatedRefs:=["}},
		{"repo.content.update", []string{"-updatedRefs.*"}, []string{"updatedRefs.*: ", "left out"}},
		{"repo.update", []string{"repo:={}", "repo.name=x"}, []string{"repo.name: repo is set as a whole"}},
		{"repo.update", []string{"-repo.url", "repo.url.web=x"}, []string{"repo.url.web: repo.url is left out"}},
		{"repo.content.update", []string{"updatedRefs:=[]", "updatedRefs.0.ref=x"}, []string{"updatedRefs.0.ref: updatedRefs is set"}},
	} {
		_, err := edited(t, c.edits...).Feed(emitter.FeedOptions{Shapes: []string{c.shape}})
		if err == nil {
			t.Errorf("%q: no error", c.edits)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
				t.Errorf("%q: %q does not say %q in one line", c.edits, err, part)
			}
		}
	}
}

func TestEditWithoutAPathOrAValueIsAnError(t *testing.T) {
	for _, edit := range []emitter.Edit{{}, {Raw: "5"}, {Remove: true}} {
		if _, err := emitter.New(emitter.Options{Edits: []emitter.Edit{edit}}); err == nil || !strings.Contains(err.Error(), "path") {
			t.Errorf("%+v: %v", edit, err)
		}
	}
	for _, raw := range []string{"", "{", "\"\xff\""} {
		g := generator(t, emitter.Options{Edits: []emitter.Edit{{Path: []string{"repo", "id"}, Raw: raw}}})
		if _, err := g.Payload(emitter.Request{Shape: "repo.update"}); err == nil || !strings.Contains(err.Error(), "repo.id: the value is no JSON") {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

package emitter_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

// oneLined checks that an error is one line of bounded length, so
// that it fits a terminal. The texts in it may be long.
func oneLined(t *testing.T, err error, texts ...string) {
	t.Helper()
	room := 1000
	for _, text := range texts {
		room += 12 * len(text)
	}
	if text := err.Error(); strings.ContainsAny(text, "\n\r\x1b") || len(text) > room {
		t.Errorf("%q is no line", text)
	}
}

// jsonOr checks that there is either JSON or an error.
func jsonOr(t *testing.T, body []byte, err error, texts ...string) {
	t.Helper()
	switch {
	case err != nil:
		oneLined(t, err, texts...)
	case !json.Valid(body):
		t.Errorf("%q is not JSON", body)
	}
}

func unreadable(string) ([]byte, error) { return nil, errors.New("no such file") }

// FuzzSet sets whatever there is to whatever may be.
func FuzzSet(f *testing.F) {
	for _, text := range []string{
		"repo.name=me/x", "discussion.num=7", "discussion.num:=1e3", "comment.content=@x", "updatedRefs.0.ref=refs/heads/x",
		"updatedRefs.*.newSha=null", "updatedFiles.1.action=delete", "updatedFiles:=[]", "repo:={\"a\":1}", "repo.owner={}",
		"a.b.c=", "=", ":=", "repo.private= true ", "comment.hidden=true", "event.scope=\x00\"\\", "repo.name=\xff\xfe",
		"discussion.status=merged", "movedTo.name=a", "webhook.version=18446744073709551616", "repo.url:=\"\xff\"", "repo.id:=\"\\ud800\"",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		edit, err := emitter.ParseSet(text, unreadable)
		if err != nil {
			oneLined(t, err, text)
			return
		}
		g := generator(t, emitter.Options{Seed: 7, Edits: []emitter.Edit{edit}})
		for _, shape := range g.Schemas().Shapes() {
			for index := range uint64(3) {
				body, err := g.Payload(emitter.Request{Shape: shape.Name, Index: index})
				jsonOr(t, body, err, text)
			}
		}
	})
}

// FuzzEditPaths sets and leaves out several values, one on each line: "-" leaves
// out.
func FuzzEditPaths(f *testing.F) {
	for _, text := range []string{
		"repo.name=me/x\n-repo.headSha", "-repo\nrepo.name=x", "repo:={}\n-repo.name", "updatedRefs.*.ref=a\nupdatedRefs.0.ref=b",
		"-updatedRefs.0\n-updatedFiles.*.path", "-updatedRefs.*.ref\nupdatedRefs.1.ref=c", "comment.hidden=true\ncomment.content=x",
		"-\n-.\n-..", "updatedFiles.0.size=1\nupdatedFiles.0.action=delete", "repo.type=bucket\ndiscussion.num=3", "-event\n-webhook\n-repo.url.web",
		"discussion.isPullRequest=false\ndiscussion.changes.mergeCommitId=x", "repo.url:=[1]\n-repo.url.web\nrepo.url.api=x",
	} {
		f.Add(text, uint8(0))
		f.Add(text, uint8(1))
	}
	f.Fuzz(func(t *testing.T, text string, how uint8) {
		var list []emitter.Edit
		for line := range strings.SplitSeq(text, "\n") {
			if path, removes := strings.CutPrefix(line, "-"); removes {
				list = append(list, emitter.ParseUnset(path))
			} else if edit, err := emitter.ParseSet(line, unreadable); err == nil {
				list = append(list, edit)
			}
		}
		o := emitter.Options{Seed: uint64(how), Edits: list}
		if how&2 > 0 {
			o.Future = emitter.SomeFuture()
		}
		if how&5 == 4 {
			o.Size = 9000
		}
		feed, err := generator(t, o).Feed(emitter.FeedOptions{Story: how&1 > 0})
		if err != nil {
			oneLined(t, err, text)
			return
		}
		for range 40 {
			body, err := feed.Append(nil)
			jsonOr(t, body, err, text)
		}
	})
}

// FuzzMix reads mixes, and draws from those that can be.
func FuzzMix(f *testing.F) {
	for _, text := range []string{
		"repo.content=6,discussion.comment=3", "repo=1", "repo.config.*=1000000", "repo.config.dois.minted=2,repo.config.dois.*=1", "repo=0",
		"repo=-1", "repo=1,", "=1", "repo=1=1", "repo=1\n", "repo=99999999999999999999", "a.b=1", "repo.update=1,repo.update=2", "repo\x00=1", "REPO=1", "repo=0x10",
	} {
		f.Add(text)
	}
	g := generator(f, emitter.Options{Seed: 7})
	f.Fuzz(func(t *testing.T, text string) {
		mix, err := emitter.ParseMix(text)
		if err != nil {
			oneLined(t, err, text)
			return
		}
		feed, err := g.Feed(emitter.FeedOptions{Mix: mix})
		if err != nil {
			oneLined(t, err, text)
			return
		}
		for range 20 {
			body, err := feed.Append(nil)
			jsonOr(t, body, err, text)
		}
	})
}

// FuzzFuture reads futures, and looks into those that there may be.
func FuzzFuture(f *testing.F) {
	for _, text := range []string{
		"all", "scopes", "scopes=0.5,properties", "types=0,version=1e-2", "scopes=Inf", "scopes=-0", "types=0x1p-2", "version=1_0", "", ",", "scopes==1", "types=1\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		future, err := emitter.ParseFuture(text)
		if err != nil {
			oneLined(t, err, text)
			return
		}
		feed := feed(t, generator(t, emitter.Options{Seed: 7, Future: future}), emitter.FeedOptions{})
		for range 40 {
			body, err := feed.Append(nil)
			if err != nil {
				t.Fatal(err)
			}
			jsonOr(t, body, nil)
		}
	})
}

// FuzzOverlaySchema generates by whatever a user's schema says.
func FuzzOverlaySchema(f *testing.F) {
	for some := range slices.Chunk(properties, 8) {
		var described []string
		for _, p := range some {
			described = append(described, fmt.Sprintf("%q: %s", p.name, p.schema))
		}
		f.Add([]byte(`{"properties": {` + strings.Join(described, ", ") + `}, "$defs": {"doi": {"pattern": "^a+$"}, "again": {"$ref": "#/$defs/doi"}}}`))
	}
	for _, text := range []string{
		`{"$ref": "repo.content.update.json"}`,
		`{"type": "array", "minItems": 3, "items": {"type": "array", "minItems": 9, "items": {"minLength": 99, "type": "string"}}}`,
		`{"properties": {"a": {"x-from": "world:discussion.changes", "type": "object"}}}`,
		`{"properties": {"a": {"type": "array", "items": {"x-from": "world:config.private", "type": "boolean"}, "uniqueItems": true}}}`,
		`{"properties": {"a": {"pattern": "((a*)*)*"}, "b": {"pattern": "[^\\x00-\\x7f]\\b"}}}`,
		`{"const": {"a": [1, 2]}}`, `{"enum": []}`, `false`, `{"properties": {"a": {"$ref": "#"}}}`,
		`{"properties": {"updatedRefs": {"x-from": "world:refs", "type": "array", "items": {"x-from": "world:ref.name"}}}}`,
		`{"required": ["a", "a", ""], "properties": {"": {"type": ["integer", "null"], "multipleOf": 1e-9}}}`,
		`{"properties": {"a": {"x-from": "fake:regex"}, "b": {"x-from": "fake:json"}, "c": {"x-from": "fake:number", "maximum": -1}}}`,
	} {
		f.Add([]byte(text))
	}
	if text, err := os.ReadFile("testdata/overlay/" + doisUpdate + ".json"); err == nil {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := schemas.Load(schemas.Options{Overlay: fstest.MapFS{doisUpdate + ".json": {Data: text}}})
		if err != nil {
			return
		}
		start := time.Now()
		g, err := emitter.New(emitter.Options{Schemas: set, Seed: 7})
		if err != nil {
			oneLined(t, err, string(text))
			return
		}
		for index := range uint64(3) {
			body, err := g.Payload(emitter.Request{Shape: doisUpdate, Index: index})
			jsonOr(t, body, err, string(text))
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

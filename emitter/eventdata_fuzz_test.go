package emitter_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

// FuzzRender renders whatever somebody may keep: payloads say what was given.
func FuzzRender(f *testing.F) {
	g := generator(f, emitter.Options{Seed: 7})
	shapes := g.Schemas().Shapes()
	for i, text := range hostileTexts {
		f.Add(uint8(i), text, hostileTexts[(i+1)%len(hostileTexts)], "heads/"+text, "me/x", "621ffdc036468d709f174340", "")
	}
	f.Add(uint8(99), "", "", "", "a/b/c", "621FFDC036468D709F174340", "http://\x00")
	f.Add(uint8(6), "a", "b", "main", "a", "x", "https://hub.example/é?")
	f.Fuzz(func(t *testing.T, which uint8, title, content, path, name, id, hub string) {
		data := newKeeper(uint64(which)).eventData(shapes[int(which)%len(shapes)].Name)
		data.HubURL, data.Repo.Name, data.Repo.ID = hub, name, id
		data.Refs[0].Name, data.Files[0].Path = "refs/"+path, path
		data.Discussion.Title, data.Discussion.Status = title, "open"
		if data.Comment != nil {
			data.Comment.Content = content
		}
		body, err := g.Render(nil, data)
		if err != nil {
			oneLined(t, err, hub)
			return
		}
		doc, err := schemas.Decode(body)
		if err != nil {
			t.Fatalf("%v: %q", err, body)
		}
		if judgement, err := g.Schemas().Judge(doc, schemas.Strict); err != nil || len(judgement.Problems) > 0 {
			t.Fatalf("%v %v\n%s", err, judgement.Problems, body)
		}
		readsBack(t, body, data)
	})
}

// readsBack checks that the texts of a payload are those of the event data, each
// byte that is no UTF-8 put right.
func readsBack(t *testing.T, body []byte, f *emitter.EventData) {
	t.Helper()
	var p struct {
		Repo       struct{ Name string }
		Discussion *struct{ Title string }
		Comment    *struct{ Content *string }
		Refs       []struct{ Ref string }  `json:"updatedRefs"`
		Files      []struct{ Path string } `json:"updatedFiles"`
	}
	if err := json.Unmarshal(body, &p); err != nil || !utf8.Valid(body) {
		t.Fatalf("%v: %q", err, body)
	}
	same := func(what, got, want string) {
		if want = string([]rune(want)); got != want {
			t.Errorf("the %s is %q, not %q", what, got, want)
		}
	}
	same("name", p.Repo.Name, f.Repo.Name)
	if p.Discussion != nil {
		same("title", p.Discussion.Title, f.Discussion.Title)
	}
	if p.Comment != nil && p.Comment.Content != nil {
		same("content", *p.Comment.Content, f.Comment.Content)
	}
	if len(p.Refs) > 0 {
		same("reference", p.Refs[0].Ref, f.Refs[0].Name)
	}
	if len(p.Files) > 0 {
		same("path", p.Files[0].Path, f.Files[0].Path)
	}
}

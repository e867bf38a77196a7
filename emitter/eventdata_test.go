package emitter_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
)

func TestEventDataOfEveryShapeIsValid(t *testing.T) {
	g := generator(t, emitter.Options{Seed: 7})
	keeper := newKeeper(1)
	names := []string{"repo.config.dois.minted", "discussion.comment.reactions.*"}
	for _, shape := range g.Schemas().Shapes() {
		names = append(names, shape.Name)
	}
	for _, name := range names {
		for range 150 {
			f := keeper.eventData(name)
			body := render(t, g, f)
			if _, found := problems(t, g.Schemas(), body); len(found) > 0 {
				t.Fatalf("%s: %v\n%s\n%+v", name, found, body, f)
			}
			if event := gjson.GetBytes(body, "event.scope").String() + "." + gjson.GetBytes(body, "event.action").String(); event != name && !strings.HasSuffix(name, "*") {
				t.Fatalf("%s is told as %s", name, event)
			}
		}
	}
}

// The whole of a payload, so that no fact comes to stand in the place of another.
func TestEventDataPropertiesAreInTheirPlaces(t *testing.T) {
	const repo = `"repo":{"type":"model","name":"ada/engine","id":"621ffdc036468d709f174340","private":false,` +
		`"url":{"web":"http://127.0.0.1:8080/ada/engine","api":"http://127.0.0.1:8080/api/models/ada/engine"},` +
		`"owner":{"id":"5dd96eb166059660ed1ee413"}`
	const head = `,"headSha":"abababababababababababababababababababab"`
	const webhook = `"webhook":{"id":"63bc01b27f7d2f0a1c0000a0","version":3}`
	const discussion = `"discussion":{"id":"63fe0d1b8d1e2f0a1c0000b1","title":"Add the Bernoulli numbers",` +
		`"url":{"web":"http://127.0.0.1:8080/ada/engine/discussions/12","api":"http://127.0.0.1:8080/api/models/ada/engine/discussions/12"},` +
		`"status":"merged","author":{"id":"5dd96eb166059660ed1ee415"},"num":12,"isPullRequest":true,` +
		`"changes":{"base":"refs/heads/main","mergeCommitId":"efefefefefefefefefefefefefefefefefefefef"}}`
	const comment = `"comment":{"id":"63fe0d1b8d1e2f0a1c0000b2","author":{"id":"5dd96eb166059660ed1ee416"},"content":"Note G","hidden":false,` +
		`"url":{"web":"http://127.0.0.1:8080/ada/engine/discussions/12#63fe0d1b8d1e2f0a1c0000b2"}}`
	g := generator(t, emitter.Options{Seed: 7})
	for shape, want := range map[string]string{
		"repo.create":               repo + head + `},` + webhook,
		"repo.move":                 repo + head + `},"movedTo":{"name":"charles/engine-2","owner":{"id":"5dd96eb166059660ed1ee414"}},` + webhook,
		"repo.content.update":       repo + head + `},"updatedRefs":[{"ref":"refs/heads/main","oldSha":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd","newSha":"abababababababababababababababababababab"}],` + webhook,
		"repo.config.update":        repo + head + `},"updatedConfig":{},` + webhook,
		"discussion.create":         repo + `},` + discussion + `,` + comment + `,` + webhook,
		"discussion.update":         repo + `},` + discussion + `,` + webhook,
		"discussion.comment.update": repo + `},` + discussion + `,` + comment + `,` + webhook,
	} {
		dot := strings.LastIndex(shape, ".")
		want = fmt.Sprintf(`{"event":{"action":%q,"scope":%q},%s}`, shape[dot+1:], shape[:dot], want)
		if got := render(t, g, pushOf(shape)); !equalJSON(t, got, []byte(want)) {
			t.Errorf("%s\nis   %s\nnot %s", shape, got, want)
		}
	}
}

// equalJSON compares whatever the order of properties.
func equalJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var values [2]any
	for i, text := range [][]byte{a, b} {
		if err := json.Unmarshal(text, &values[i]); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
	}
	first, _ := json.Marshal(values[0])
	second, _ := json.Marshal(values[1])
	return bytes.Equal(first, second)
}

func TestEventDataTextsAreUnchanged(t *testing.T) {
	g := generator(t, emitter.Options{})
	for _, text := range append(hostileTexts, strings.Repeat("long ", 100_000)) {
		for _, f := range []*emitter.EventData{
			changed("discussion.comment.create", func(f *emitter.EventData) { f.Discussion.Title, f.Comment.Content = text, text }),
			changed("repo.content.update", func(f *emitter.EventData) { f.Refs[0].Name = "refs/" + text }),
			changed("repo.content.update", intoBucket(aFile(text))),
		} {
			readsBack(t, render(t, g, f), f)
		}
	}
}

func TestMissingEventDataIsOmitted(t *testing.T) {
	yes := true
	for _, c := range []struct {
		what, shape string
		change      func(*emitter.EventData)
		path, want  string // as JSON; empty: there is nothing
	}{
		{"no head", "repo.update", func(f *emitter.EventData) { f.Repo.HeadSHA = "" }, "repo.headSha", ""},
		{"the head of a bucket", "repo.update", intoBucket(), "repo.headSha", ""},
		{"a model's subdomain", "repo.update", func(*emitter.EventData) {}, "repo.subdomain", ""},
		{"a Space's subdomain", "repo.update", func(f *emitter.EventData) { f.Repo.Type, f.Repo.Name = "space", "Ada/my.engine" }, "repo.subdomain", `"ada-my-engine"`},
		{"a setting", "repo.config.update", func(f *emitter.EventData) { f.Private = &yes }, "updatedConfig", `{"private":true}`},
		{"no setting", "repo.config.update", func(*emitter.EventData) {}, "updatedConfig", `{}`},
		{"a hidden comment", "discussion.comment.update", func(f *emitter.EventData) { f.Comment.Hidden = true }, "comment.content", ""},
		{"a new discussion without comment", "discussion.create", func(f *emitter.EventData) { f.Comment = nil }, "comment", ""},
		{"a deleted discussion without comment", "discussion.delete", func(f *emitter.EventData) { f.Comment = nil }, "discussion.num", "12"},
		{"a merge without commit", "discussion.update", func(f *emitter.EventData) { f.Discussion.MergeCommitID = "" }, "discussion.changes", `{"base":"refs/heads/main"}`},
		{"a discussion that is no pull request", "discussion.update", func(f *emitter.EventData) { f.Discussion.PullRequest = false }, "discussion.changes", ""},
		{"no references where nothing was pushed", "repo.update", func(f *emitter.EventData) { f.Refs = nil }, "repo.name", `"ada/engine"`},
		{"a new branch", "repo.content.update", func(f *emitter.EventData) { f.Refs[0].Old = "" }, "updatedRefs.0.oldSha", "null"},
		{"a deleted branch", "repo.content.update", func(f *emitter.EventData) { f.Refs[0].New = "" }, "updatedRefs.0.newSha", "null"},
		{"files of a model", "repo.content.update", func(f *emitter.EventData) { f.Files = []emitter.FileData{aFile("x")} }, "updatedFiles", ""},
		{"references of a bucket", "repo.content.update", intoBucket(aFile("x")), "updatedRefs", ""},
		{"a deleted file", "repo.content.update", intoBucket(emitter.FileData{Path: "x", Deleted: true}), "updatedFiles", `[{"path":"x","action":"delete"}]`},
		{"the options' webhook", "repo.update", func(f *emitter.EventData) { f.WebhookID = "" }, "webhook.id", `"0123456789abcdef01234567"`},
		{"the options' Hub", "repo.update", func(f *emitter.EventData) { f.HubURL = "" }, "repo.url.web", `"https://hub.example/ada/engine"`},
	} {
		g := generator(t, emitter.Options{HubURL: "https://hub.example", WebhookIDs: []string{"0123456789abcdef01234567", "0123456789abcdef01234568"}})
		body := render(t, g, changed(c.shape, c.change))
		if got := gjson.GetBytes(body, c.path).Raw; got != c.want {
			t.Errorf("%s: %s is %q, not %q\n%s", c.what, c.path, got, c.want, body)
		}
	}
}

func TestEventDataOfTooManyFilesIsTruncated(t *testing.T) {
	g := generator(t, emitter.Options{})
	files := make([]emitter.FileData, 10_002)
	for i := range files {
		files[i] = aFile(fmt.Sprint("f", i))
	}
	for _, c := range []struct {
		count, listed int
		truncated     string
	}{{1, 1, ""}, {10_000, 10_000, ""}, {10_001, 10_000, "true"}, {10_002, 10_000, "true"}, {2, 2, ""}} {
		body := render(t, g, changed("repo.content.update", intoBucket(files[:c.count]...)))
		list, truncated := gjson.GetBytes(body, "updatedFiles").Array(), gjson.GetBytes(body, "updatedFilesTruncated").Raw
		if len(list) != c.listed || truncated != c.truncated || list[c.listed-1].Get("path").String() != fmt.Sprint("f", c.listed-1) {
			t.Errorf("of %d files, %d are told, truncated: %q", c.count, len(list), truncated)
		}
		if _, found := problems(t, g.Schemas(), body); len(found) > 0 {
			t.Errorf("%d files: %v", c.count, found)
		}
	}
}

func TestSameEventDataRendersTheSameBytesConcurrently(t *testing.T) {
	o := emitter.Options{Seed: 5, Future: emitter.SomeFuture()}
	keeper := newKeeper(2)
	var data []*emitter.EventData
	var want [][]byte
	g := generator(t, o)
	for _, shape := range g.Schemas().Shapes() {
		for range 4 {
			data = append(data, keeper.eventData(shape.Name))
			want = append(want, render(t, g, data[len(data)-1]))
		}
	}
	g = generator(t, o)
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := range data {
				at := (i*7 + worker*11) % len(data) // 64 of them
				if body, err := g.Render(nil, data[at]); err != nil || !bytes.Equal(body, want[at]) {
					t.Errorf("%v\n%s\nnot %s", err, body, want[at])
					return
				}
			}
		})
	}
	wait.Wait()
}

func TestRenderAppends(t *testing.T) {
	g := generator(t, emitter.Options{})
	body, err := g.Render([]byte("before "), pushOf("repo.update"))
	if err != nil || !bytes.HasPrefix(body, []byte(`before {"event"`)) {
		t.Errorf("%v %s", err, body)
	}
	body, err = g.Render([]byte("before "), changed("repo.update", func(f *emitter.EventData) { f.Repo.ID = "" }))
	if err == nil || string(body) != "before " {
		t.Errorf("%v %s", err, body)
	}
}

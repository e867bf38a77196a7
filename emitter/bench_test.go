package emitter_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/brianvoe/gofakeit/v7"

	"github.com/hubhook/hubhook/emitter"
)

// BenchmarkFeed is generation with the world behind it; B/event reports how long a
// payload is on average.
func BenchmarkFeed(b *testing.B) {
	for _, c := range []struct {
		name    string
		options emitter.FeedOptions
	}{
		{"story", emitter.FeedOptions{Story: true}},
		{"in-turn", emitter.FeedOptions{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			f := feed(b, generator(b, emitter.Options{Seed: 7}), c.options)
			benchmark(b, f.Append)
		})
	}
}

// BenchmarkIndexed is one payload alone, by its index.
func BenchmarkIndexed(b *testing.B) {
	g := generator(b, emitter.Options{Seed: 7})
	r := emitter.Request{Shape: "discussion.comment.create"}
	benchmark(b, func(dst []byte) ([]byte, error) {
		r.Index++
		return g.Append(dst, r)
	})
}

// BenchmarkRender renders event data.
func BenchmarkRender(b *testing.B) {
	g := generator(b, emitter.Options{Seed: 7})
	for _, shape := range []string{"discussion.comment.create", "repo.content.update"} {
		b.Run(shape, func(b *testing.B) {
			f := pushOf(shape)
			benchmark(b, func(dst []byte) ([]byte, error) { return g.Render(dst, f) })
		})
	}
}

// BenchmarkMarshal is what one writes first: gofakeit fills a struct of the shape
// that comes up most, encoding/json writes it.
func BenchmarkMarshal(b *testing.B) {
	faker := gofakeit.New(7)
	benchmark(b, func(dst []byte) ([]byte, error) {
		text, err := json.Marshal(fakedPayload(faker))
		return append(dst, text...), err
	})
}

func benchmark(b *testing.B, next func([]byte) ([]byte, error)) {
	var text []byte
	total := 0
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if text, err = next(text[:0]); err != nil {
			b.Fatal(err)
		}
		total += len(text)
	}
	b.ReportMetric(float64(total)/float64(b.N), "B/event")
}

type (
	benchURL struct {
		Web string `json:"web"`
		API string `json:"api,omitempty"`
	}
	benchAccount struct {
		ID string `json:"id"`
	}
	benchPayload struct {
		Event struct {
			Action string `json:"action"`
			Scope  string `json:"scope"`
		} `json:"event"`
		Repo struct {
			Type    string       `json:"type"`
			Name    string       `json:"name"`
			ID      string       `json:"id"`
			Private bool         `json:"private"`
			URL     benchURL     `json:"url"`
			Owner   benchAccount `json:"owner"`
		} `json:"repo"`
		Discussion struct {
			ID            string       `json:"id"`
			Title         string       `json:"title"`
			URL           benchURL     `json:"url"`
			Status        string       `json:"status"`
			Author        benchAccount `json:"author"`
			Num           int          `json:"num"`
			IsPullRequest bool         `json:"isPullRequest"`
		} `json:"discussion"`
		Comment struct {
			ID      string       `json:"id"`
			Author  benchAccount `json:"author"`
			Content string       `json:"content"`
			Hidden  bool         `json:"hidden"`
			URL     benchURL     `json:"url"`
		} `json:"comment"`
		Webhook struct {
			ID      string `json:"id"`
			Version int    `json:"version"`
		} `json:"webhook"`
	}
)

func fakedPayload(f *gofakeit.Faker) *benchPayload {
	id := func() string { return fmt.Sprintf("%08x%016x", f.Uint32(), f.Uint64()) }
	p := new(benchPayload)
	p.Event.Action, p.Event.Scope = "create", "discussion.comment"
	p.Repo.Type, p.Repo.ID, p.Repo.Private = f.RandomString([]string{"model", "dataset", "space"}), id(), f.Bool()
	p.Repo.Name = f.Username() + "/" + f.AdjectiveDescriptive() + "-" + f.NounConcrete()
	p.Repo.URL = benchURL{"https://huggingface.co/" + p.Repo.Name, "https://huggingface.co/api/models/" + p.Repo.Name}
	p.Repo.Owner.ID = id()
	p.Discussion.ID, p.Discussion.Title, p.Discussion.Num = id(), f.Question(), f.Number(1, 200)
	path := fmt.Sprintf("/discussions/%d", p.Discussion.Num)
	p.Discussion.URL = benchURL{p.Repo.URL.Web + path, p.Repo.URL.API + path}
	p.Discussion.Status, p.Discussion.Author.ID, p.Discussion.IsPullRequest = "open", id(), f.Bool()
	p.Comment.ID, p.Comment.Author.ID = id(), id()
	p.Comment.Content = f.HackerPhrase() + "\n\n" + f.Question() + "\n\n" + f.HackerPhrase()
	p.Comment.URL.Web = p.Discussion.URL.Web + "#" + p.Comment.ID
	p.Webhook.ID, p.Webhook.Version = id(), 3
	return p
}

package emitter_test

import (
	"fmt"
	"log"

	"github.com/hubhook/hubhook/emitter"
)

// A story tells everything that happens on a small Hub, one thing after another.
func ExampleGenerator_Feed() {
	g, err := emitter.New(emitter.Options{Seed: 7})
	if err != nil {
		log.Fatal(err)
	}
	story, err := g.Feed(emitter.FeedOptions{Story: true})
	if err != nil {
		log.Fatal(err)
	}
	payload, err := story.Append(nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(story.Shape())
	fmt.Printf("%s…\n", payload[:48])
	// Output:
	// repo.create
	// {"event":{"action":"create","scope":"repo"},"rep…
}

// One payload alone: the same index is told of the same repo and discussion.
func ExampleGenerator_Append() {
	g, err := emitter.New(emitter.Options{})
	if err != nil {
		log.Fatal(err)
	}
	payload, err := g.Append(nil, emitter.Request{
		Shape: "repo.config.dois.minted", // a scope of the future
		Index: 3,
		Scene: emitter.Scene{RepoType: "dataset"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s…\n", payload[:57])
	// Output:
	// {"event":{"action":"minted","scope":"repo.config.dois"},"…
}

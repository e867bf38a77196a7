package emitter_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
)

// A story has everything that happens on a small Hub, one event after another.
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

// A single payload: the same index always has the same repo and discussion.
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

// An attempt at a delivery, with the secret in its header as the Hub sends it.
func ExampleSender() {
	handler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(delivery.SecretHeader) != "s3cret" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer handler.Close()
	g, err := emitter.New(emitter.Options{})
	if err != nil {
		log.Fatal(err)
	}
	payload, err := g.Payload(emitter.Request{Shape: "repo.create"})
	if err != nil {
		log.Fatal(err)
	}
	sender := delivery.NewSender(delivery.SenderOptions{})
	defer sender.Close()

	a := delivery.NewAttempt(handler.URL, delivery.NewWebhookID(), payload)
	a.Header.Set(delivery.SecretHeader, "s3cret")
	x := sender.Send(context.Background(), a)
	if x.Err != nil {
		log.Fatal(x.Err)
	}
	fmt.Println(x.Response.Status, x.Accepted())
	// Output:
	// 202 true
}

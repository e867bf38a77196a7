package load_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/load"
)

// Twenty deliveries at once, and whether the handler accepts all of them.
func ExampleRun() {
	handler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
	}))
	defer handler.Close()
	target, err := url.Parse(handler.URL)
	if err != nil {
		log.Fatal(err)
	}
	generator, err := emitter.New(emitter.Options{})
	if err != nil {
		log.Fatal(err)
	}
	payloads, err := generator.Indexed(emitter.FeedOptions{})
	if err != nil {
		log.Fatal(err)
	}
	plan, err := load.AtOnce(20)
	if err != nil {
		log.Fatal(err)
	}
	report, err := load.Run(context.Background(), load.Options{
		To:       delivery.Destination{URL: target, SecretIn: delivery.InHeader},
		Secrets:  []string{"s3cret"},
		Payloads: load.FromIndexed(payloads),
		Plan:     plan,
	})
	if err != nil {
		log.Fatal(err)
	}
	wanted, err := load.ParseThreshold("errors=0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Counts.Accepted, "of", report.Counts.Triggers, "accepted;", wanted, "holds:", wanted.Evaluate(report).Holds)
	// Output:
	// 20 of 20 accepted; errors==0 holds: true
}

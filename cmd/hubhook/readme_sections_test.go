package main

import "github.com/hubhook/hubhook/cmd/hubhook/internal/flags"

// readmeSection is a part of the README whose commands are run.
type readmeSection struct {
	heading string   // with its number signs
	before  string   // lines that its reader has run already
	uses    string   // heading of the section whose files its reader has
	edits   []string // pairs of the README's text and what is run instead
	inside  bool     // its reader is in the source, and not in a folder of their own
	bug     string   // of the handler that its reader has
	recipe  bool     // it needs more than Go: .ci/readme runs it
	limited bool     // its reader's handler has a limit that hubhook reaches on any machine
	alone   bool     // it measures, so that no other section may run beside it
}

const (
	exportSecret = "export " + flags.SecretVariable + "=" + exampleSecret + "\n"
	// untilItListens is as patient as a reader is.
	untilItListens = "curl -s -o /dev/null --retry 20 --retry-connrefused --retry-delay 1 "
	// goModule is the module of somebody who has a handler in Go.
	goModule = `cp "$SOURCE/go.sum" .
export GOFLAGS=-mod=mod
cat >go.mod <<END
module example.com/mine
go 1.26
require github.com/hubhook/hubhook v0.0.0
replace github.com/hubhook/hubhook => $SOURCE
END
cat >handler.go <<END
package main

import (
	"crypto/subtle"
	"net/http"
)

func main() { http.ListenAndServe("127.0.0.1:8000", newHandler("s3cret")) }

func newHandler(secret string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent := r.Header.Values("X-Webhook-Secret")
		if len(sent) != 1 || subtle.ConstantTimeCompare([]byte(sent[0]), []byte(secret)) != 1 {
			w.WriteHeader(http.StatusForbidden)
		}
	})
}
END
`
)

// readmeSections returns all sections that show commands.
func readmeSections() []readmeSection {
	python := []string{"uvicorn app:app", "/usr/bin/python3 -m uvicorn app:app", "pytest -q", "/usr/bin/python3 -m pytest -q"}
	return []readmeSection{
		// What is installed is a release, and this source is none.
		{heading: "## Install", edits: []string{"go install github.com/hubhook/hubhook/cmd/hubhook@latest", "hubhook version"}},
		{heading: "### My FastAPI handler", edits: python, recipe: true},
		{heading: "### My Express handler", recipe: true},
		{heading: "### My Go test", before: goModule, recipe: true},
		{heading: "### Fixtures for my tests", uses: "### My FastAPI handler", edits: python, recipe: true},
		{
			heading: "### How many webhooks can I take?", before: exportSecret, limited: true, alone: true,
			edits: []string{"errors<0.1%'", "errors<0.1%' --step 200ms"},
		},
		{heading: "## Your handler", bug: "open-without-header", edits: []string{"127.0.0.1:9000", shownHandler}},
		{heading: "## What a failure means"},
		{
			heading: "## CI",
			before: exportSecret + "hubhook check --only SEC-02 --quiet --json main.json\n" +
				"cp main.json go.json && cp main.json express.json && cp main.json fastapi.json\n",
			edits: []string{"my-handler &", "hubhook handler --listen " + shownHandler + " &"},
		},
		{
			heading: "## In a Go test", inside: true,
			edits: []string{" ginkgo --label", " go run github.com/onsi/ginkgo/v2/ginkgo --label"},
		},
		{heading: "## Payloads", before: exportSecret},
		{
			heading: "## A Hub of your own",
			edits: []string{
				"export HF_ENDPOINT", untilItListens + "http://" + hubAddress + "/\nexport served=$! HF_ENDPOINT",
				// Python's client is on no machine that has Go alone.
				"hf webhooks create", ": hf webhooks create", "hf repos create demo && hf upload", ": hf",
				// It listens where the one above did, which its reader has ended by then.
				"HF_ENDPOINT=http://" + hubAddress + " my-bot &", "kill $served; wait $served || :", "webhook --hub", "webhook --only SEC-01,RTY-09 --hub",
			},
		},
		{heading: "## How much it can take", edits: []string{"--step 500ms", "--step 200ms"}, alone: true},
		{heading: "## A handler that does it right"},
	}
}

package builtin

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/suites"
)

// Each piece of code that a check names is one that the right handlers have.
func TestEveryExampleIsInEveryLanguage(t *testing.T) {
	topics := handlers.Topics()
	named := []suites.Example{
		suites.ExampleSecret, suites.ExampleReject, suites.ExampleQuerySecret, suites.ExampleScope, suites.ExampleAcknowledge,
		suites.ExampleIdempotency, suites.ExampleAnswerFirst, suites.ExampleParse, suites.ExampleModel, suites.ExampleOptional, suites.ExampleBodyLimit,
		suites.ExampleMethod, suites.ExampleEncoding, suites.ExampleOverload, suites.ExampleServer, suites.ExampleRestart,
	}
	for _, check := range suites.Catalogue() {
		if check.Example != "" {
			named = append(named, check.Example)
		}
	}
	for _, topic := range named {
		shown := Code(string(topic), handlers.Languages())
		if !slices.Contains(topics, string(topic)) || len(shown) != len(handlers.Languages()) {
			t.Errorf("%s is shown in %d languages, of %v", topic, len(shown), topics)
		}
		for _, piece := range shown {
			file, err := os.ReadFile("../../../../" + piece.File)
			if err != nil {
				t.Fatal(err)
			}
			last := piece.Parts[len(piece.Parts)-1]
			first, _, _ := strings.Cut(last.Code, "\n")
			if !strings.Contains(string(file), first) || last.Topic != string(topic) {
				t.Errorf("%s: %q is not in %s", topic, first, piece.File)
			}
		}
	}
}

package builtin

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

// Each piece of code that a check names is one that the right handlers have.
func TestEveryExampleIsInEveryLanguage(t *testing.T) {
	topics := handlers.Topics()
	named := []check.Example{
		check.ExampleSecret, check.ExampleReject, check.ExampleQuerySecret, check.ExampleScope, check.ExampleAcknowledge,
		check.ExampleIdempotency, check.ExampleAnswerFirst, check.ExampleParse, check.ExampleModel, check.ExampleOptional, check.ExampleBodyLimit,
		check.ExampleMethod, check.ExampleEncoding, check.ExampleOverload, check.ExampleServer, check.ExampleRestart,
	}
	for _, c := range catalogue.All() {
		if c.Example != "" {
			named = append(named, c.Example)
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

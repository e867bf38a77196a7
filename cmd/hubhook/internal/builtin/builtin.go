// Package builtin gives verbs of hubhook the built-in handlers: started as a target of
// checks, as mutants in reports, and as code that shows how to fix what a check found.
//
// The handlers themselves, their mutants and their sources are in fixtures/handlers.
package builtin

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"path"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/fixtures/mutants"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/schemas/suggest"
	"github.com/hubhook/hubhook/suites"
)

// Code returns the code on a topic, in each of the languages that has some.
func Code(topic string, languages []string) []reports.Example {
	list := []reports.Example{}
	titles := map[string]string{"go": "Go", "express": "Express", "fastapi": "FastAPI"}
	for _, language := range languages {
		example := reports.Example{
			Language: cmp.Or(titles[language], language), File: path.Join("fixtures/handlers", handlers.SourceFile(language)),
			Whole: "hubhook handler --source " + language,
		}
		for _, part := range handlers.Example(language, topic) {
			example.Parts = append(example.Parts, reports.Part{Topic: part.Topic, Code: part.Code})
		}
		if len(example.Parts) > 0 {
			list = append(list, example)
		}
	}
	return list
}

// CodeFor returns the code that shows how to fix what failed in a report, by topic.
func CodeFor(report *reports.Report) map[string][]reports.Example {
	byTopic := map[string][]reports.Example{}
	for _, check := range report.Checks {
		if check.Status == reports.Failed && check.Example != "" && byTopic[check.Example] == nil {
			byTopic[check.Example] = Code(check.Example, handlers.Languages())
		}
	}
	return byTopic
}

// Languages returns the language that a flag's value names, or all of them without a value.
func Languages(flag, name string) ([]string, error) {
	all := handlers.Languages()
	if name == "" {
		return all, nil
	}
	if language, ok := handlers.FindLanguage(name); ok {
		return []string{language}, nil
	}
	return nil, fmt.Errorf("%s: no code in %q: %s", flag, name,
		suggest.Or(name, all, "it is one of "+strings.Join(all, ", ")))
}

// Mutant returns a mutant as reports have it.
func Mutant(m mutants.Mutant) reports.Mutant {
	run := "hubhook handler --bug " + m.Name
	if m.SecretIn != "" {
		run += " --secret-in " + m.SecretIn
	}
	return reports.Mutant{Name: m.Name, Area: m.Area, Title: m.Title, Fails: m.Fails, Run: run}
}

// StartRight starts the right handler, and returns the secret that it knows. If none is
// given, nobody else knows it.
func StartRight(secret string, in delivery.SecretIn) (*handlers.Server, string, error) {
	if secret == "" && in != delivery.InNone {
		secret = rand.Text()
	}
	server, err := handlers.Start("127.0.0.1:0", handlers.Options{Secret: secret, SecretIn: string(in)})
	return server, secret, err
}

// Secret is a secret of which every check can make the variant that it needs: it is long
// enough and has letters. Reports show it as $HUBHOOK_SECRET.
const Secret = "Correct-Horse-7-Battery"

// Start starts the built-in handler, and returns it as a target of every check: it is
// observed, can be restarted, and its certificate is trusted.
func Start(o handlers.Options) (*handlers.Server, suites.Target, error) {
	server, err := handlers.Start("127.0.0.1:0", o)
	if err != nil {
		return nil, suites.Target{}, err
	}
	target := suites.Target{
		URL: server.URL, Secret: o.Secret, SecretIn: delivery.SecretIn(o.SecretIn), Observe: server.State,
		Restart: func(context.Context) error { return server.Restart() },
	}
	if server.Certificate != nil {
		target.Route.RootCAs = x509.NewCertPool()
		target.Route.RootCAs.AppendCertsFromPEM(server.Certificate)
	}
	return server, target, nil
}

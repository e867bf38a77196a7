package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"path"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/fixtures/mutants"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/schemas"
	"github.com/hubhook/hubhook/suites"
)

// handlersFolder is where the right handlers are, in the repository.
const handlersFolder = "fixtures/handlers"

// mends are the pieces of code on a topic, in each language that has some.
func mends(topic string, languages []string) []reports.Example {
	list := []reports.Example{}
	for _, language := range languages {
		mend := reports.Example{
			Language: languageTitle(language), File: path.Join(handlersFolder, handlers.SourceFile(language)),
			Whole: "hubhook handler --source " + language,
		}
		for _, part := range handlers.Example(language, topic) {
			mend.Parts = append(mend.Parts, reports.Part{Topic: part.Topic, Code: part.Code})
		}
		if len(mend.Parts) > 0 {
			list = append(list, mend)
		}
	}
	return list
}

// mendsOf are the pieces of code for the checks of a report that failed, by their names.
func mendsOf(report *reports.Report) map[string][]reports.Example {
	byName := map[string][]reports.Example{}
	for _, check := range report.Checks {
		if check.Status == reports.Failed && check.Example != "" && byName[check.Example] == nil {
			byName[check.Example] = mends(check.Example, handlers.Languages())
		}
	}
	return byName
}

// languageTitle is the name of a language as people write it.
func languageTitle(language string) string {
	return cmp.Or(map[string]string{"go": "Go", "express": "Express", "fastapi": "FastAPI"}[language], language)
}

// languagesNamed is the one language that a flag names, or all of them where it names
// none.
func languagesNamed(flag, name string) ([]string, error) {
	all := handlers.Languages()
	if name == "" {
		return all, nil
	}
	if language, ok := handlers.FindLanguage(name); ok {
		return []string{language}, nil
	}
	if near, ok := schemas.Closest(name, all); ok {
		return nil, fmt.Errorf("%s: no code in %q: did you mean %q?", flag, name, near)
	}
	return nil, fmt.Errorf("%s: no code in %q: it is one of %s", flag, name, strings.Join(all, ", "))
}

// reportMutant returns a mutant as reports have it.
func reportMutant(m mutants.Mutant) reports.Mutant {
	run := "hubhook handler --bug " + m.Name
	if m.SecretIn != "" {
		run += " --secret-in " + m.SecretIn
	}
	return reports.Mutant{Name: m.Name, Area: m.Area, Title: m.Title, Fails: m.Fails, Run: run}
}

// rehearsalSecret is long enough, and has letters: there is a variant of it for every
// check. It is shown as $HUBHOOK_SECRET.
const rehearsalSecret = "Correct-Horse-7-Battery"

// startBuiltIn starts the built-in handler, and gives it as a target that leaves
// nothing to be wished for: it is observed, restarted and trusted.
func startBuiltIn(o handlers.Options) (*handlers.Server, suites.Target, error) {
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

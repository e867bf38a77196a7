package main

import (
	"context"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// stage is a handler that passes, as some checks need it.
type stage struct {
	secretIn string
	variant  string
	observed bool
}

// stageFor is the one on which a check can be seen. To be observed takes a second,
// so only those are that must be.
func stageFor(needs suites.Needs) stage {
	s := stage{secretIn: string(delivery.InHeader), observed: needs.Observer}
	if needs.QuerySecret {
		s.secretIn = string(delivery.InQuery)
	}
	if needs.HTTPS {
		s.variant = "http2"
	}
	return s
}

// rehearse finds out what checks send, by ID. What cannot be seen is told with the
// reason: the rest of an explanation is of use nevertheless.
func (shown shownURL) rehearse(ctx context.Context, checks []suites.Check) map[string]reports.DryRun {
	byStage := map[stage][]suites.Check{}
	for _, check := range checks {
		s := stageFor(check.Needs)
		byStage[s] = append(byStage[s], check)
	}
	seen := map[string]reports.DryRun{}
	for s, group := range byStage {
		list, err := s.rehearse(ctx, group, shown)
		for i, check := range group {
			if err != nil {
				seen[check.ID] = reports.DryRun{Status: reports.Error, Reason: err.Error(), Steps: []reports.Step{}}
				continue
			}
			seen[check.ID] = list[i]
		}
	}
	return seen
}

// rehearse runs checks on a stage. Its URL is told as the one that readers have.
func (s stage) rehearse(ctx context.Context, checks []suites.Check, shown shownURL) ([]reports.DryRun, error) {
	server, target, err := startBuiltIn(handlers.Options{Secret: rehearsalSecret, SecretIn: s.secretIn, Variant: s.variant})
	if err != nil {
		return nil, err
	}
	defer server.Close()
	if !s.observed {
		target.Observe = ""
	}
	list, err := suites.DryRun(ctx, target, checks)
	for i := range list {
		list[i].Curl = shown.in(list[i].Curl, server.URL, checks[i].Needs)
	}
	return list, err
}

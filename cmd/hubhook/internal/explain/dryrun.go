package explain

import (
	"context"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/builtin"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/check"
)

// setup is how the built-in handler runs for some checks.
type setup struct {
	secretIn string
	variant  string
	observed bool
}

// setupFor returns the setup that a check needs. Observing the handler takes a second, so it
// is done only for checks that need it.
func setupFor(needs check.Needs) setup {
	s := setup{secretIn: string(delivery.InHeader), observed: needs.Observer}
	if needs.QuerySecret {
		s.secretIn = string(delivery.InQuery)
	}
	if needs.HTTPS {
		s.variant = "http2"
	}
	return s
}

// dryRun finds out what checks send, and returns that by ID. An error becomes a part of the
// result, for the rest of an explanation is of use without it.
func (u URL) dryRun(ctx context.Context, checks []check.Check) map[string]reports.DryRun {
	bySetup := map[setup][]check.Check{}
	for _, c := range checks {
		s := setupFor(c.Needs)
		bySetup[s] = append(bySetup[s], c)
	}
	results := map[string]reports.DryRun{}
	for s, group := range bySetup {
		list, err := s.dryRun(ctx, group, u)
		for i, c := range group {
			if err != nil {
				results[c.ID] = reports.DryRun{Status: reports.Error, Reason: err.Error(), Steps: []reports.Step{}}
				continue
			}
			results[c.ID] = list[i]
		}
	}
	return results
}

// dryRun runs checks with the same setup. Their commands name the reader's URL, not the
// built-in handler's.
func (s setup) dryRun(ctx context.Context, checks []check.Check, shown URL) ([]reports.DryRun, error) {
	options := handlers.Options{Secret: builtin.Secret, SecretIn: s.secretIn, Variant: s.variant}
	server, target, err := builtin.Start(options)
	if err != nil {
		return nil, err
	}
	defer server.Close()
	if !s.observed {
		target.Observe = ""
	}
	target.ShownURL = shown.forCheck(checks[0].Needs) // all have the same scheme
	return suites.DryRun(ctx, target, checks)
}

package main

import (
	"context"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// mutantsAtOnce is how many mutants are judged at the same time: most of that time
// they wait, and more would make each other slow.
const mutantsAtOnce = 8

// judgeMutants judges each mutant of a matrix, and fills in which checks found it.
// The bugs are those of the mutants, in the same order. Progress is told line by line.
func judgeMutants(ctx context.Context, m *reports.Matrix, bugs []handlers.Bug, progress io.Writer) error {
	all, ctx := errgroup.WithContext(ctx)
	all.SetLimit(mutantsAtOnce)
	var mu sync.Mutex
	done := 0
	m.Judged = true
	for i, bug := range bugs {
		all.Go(func() error {
			found, err := judgeMutant(ctx, bug)
			if err != nil {
				return fmt.Errorf("judge the mutant %s: %w", bug.Name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			mutant := &m.Mutants[i]
			mutant.Found = found
			as := "as it must"
			if len(mutant.Missed())+len(mutant.Unexpected()) > 0 {
				as = "otherwise than it must"
			}
			fmt.Fprintf(progress, "%d of %d: %s fails %d, %s\n", done, len(bugs), bug.Name, len(found), as)
			return nil
		})
	}
	return all.Wait()
}

// judgeMutant gives the IDs of the checks that a mutant fails.
func judgeMutant(ctx context.Context, bug handlers.Bug) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	server, target, err := startBuiltIn(handlers.Options{Secret: rehearsalSecret, SecretIn: bug.SecretIn, Variant: bug.Variant, Bug: bug.Name})
	if err != nil {
		return nil, err
	}
	defer server.Close()
	report, err := suites.Judge(ctx, target, suites.ForMutants())
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err // what is missing was not looked for
	}
	found := []string{}
	for _, check := range report.Checks {
		if check.Status == reports.Failed {
			found = append(found, check.ID)
		}
	}
	return found, nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/builtin"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/hubhook/hubhook/fixtures/mutants"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/html"
	"github.com/hubhook/hubhook/reports/markdown"
	"github.com/hubhook/hubhook/reports/terminal"
	"github.com/hubhook/hubhook/schemas/suggest"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

func matrixFormats() []string { return []string{"text", "markdown", "html"} }

func newMutants(std cli.Streams) *cobra.Command {
	var format string
	var only []string
	var judge bool
	cmd := &cobra.Command{
		Use:   "mutants [NAME...]",
		Short: "Show which check finds which mutant: how verdicts are known to be right",
		Long: `Show which check finds which mutant, all of them or those that are named. A mutant is
the built-in handler with one known bug; it must fail exactly the checks that the
matrix says. --run judges them here and now, which takes some minutes for all, and
marks what comes otherwise.

Exit code 0: all as it must be. 1: with --run, something came otherwise. 2: a mistake.`,
		Example: `  hubhook mutants
  hubhook mutants --format html > mutants.html
  hubhook mutants prefix contains --run
  hubhook mutants --only SEC-05 --run
  hubhook mutants --format markdown | grep SEC-05`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return mutantCompletions(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, names []string) error {
			if !slices.Contains(matrixFormats(), format) {
				return fmt.Errorf("unknown form %q: it is one of %s", format, strings.Join(matrixFormats(), ", "))
			}
			list, err := findMutants(names)
			if err != nil {
				return err
			}
			selection := suites.Selection{Only: only}
			checks, err := selection.Select(catalogue.All())
			if err != nil {
				return err
			}
			matrix := newMatrix(checks, list)
			if judge {
				if err := judgeMutants(cmd.Context(), &matrix, list, selection, std.Err); err != nil {
					return err
				}
			}
			if len(names)+len(only) > 0 {
				matrix = matrix.OnlyAffected()
			}
			if len(matrix.Mutants) == 0 {
				return errors.New("none of these checks finds one of these mutants, so that there is nothing to show")
			}
			if err := writeMatrix(std.Out, matrix, format, output.TerminalOptions(std.Out)); err != nil {
				return err
			}
			if len(matrix.Mismatches()) > 0 {
				return cli.ErrFailed
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, markdown, or html: one page that needs no network")
	cmd.Flags().StringSliceVar(&only, "only", nil, "of these checks alone, by `ID`")
	cmd.Flags().BoolVar(&judge, "run", false, "judge each mutant, and mark what comes otherwise")
	cli.Complete(cmd, "format", matrixFormats)
	return cmd
}

// findMutants returns the mutants with the given names; all of them if there are no names.
func findMutants(names []string) ([]mutants.Mutant, error) {
	all := mutants.All()
	if len(names) == 0 {
		return all, nil
	}
	var known []string
	for _, m := range all {
		known = append(known, m.Name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("unknown mutant %q: %s", name,
				suggest.Or(name, known, "`hubhook handler --bug list` shows them all"))
		}
	}
	return slices.DeleteFunc(all, func(m mutants.Mutant) bool { return !slices.Contains(names, m.Name) }), nil
}

func newMatrix(checks []check.Check, list []mutants.Mutant) reports.Matrix {
	proofs := map[string]string{}
	for _, proof := range catalogue.WithoutMutant() {
		proofs[proof.ID] = proof.How
	}
	var m reports.Matrix
	for _, c := range checks {
		m.Checks = append(m.Checks, reports.MatrixCheck{
			ID: c.ID, Area: string(c.Area), Level: string(c.Level), Title: c.Title, Proof: proofs[c.ID],
		})
	}
	for _, mutant := range list {
		column := builtin.Mutant(mutant)
		column.Fails = slices.DeleteFunc(column.Fails, func(id string) bool { return !m.Has(id) })
		m.Mutants = append(m.Mutants, column)
	}
	return m
}

func writeMatrix(w io.Writer, m reports.Matrix, format string, o terminal.Options) error {
	switch format {
	case "markdown":
		return markdown.WriteMatrix(w, m)
	case "html":
		return html.WriteMatrix(w, m)
	}
	return terminal.WriteMatrix(w, m, o)
}

// mutantsAtOnce limits how many are judged at once: they mostly wait, but slow each other down.
const mutantsAtOnce = 8

// judgeMutants runs the checks on each mutant of a matrix, and fills in which checks found it.
// The list has the mutants of the matrix, in its order. Progress is written line by line.
func judgeMutants(
	ctx context.Context, m *reports.Matrix, list []mutants.Mutant, selection suites.Selection, progress io.Writer,
) error {
	all, ctx := errgroup.WithContext(ctx)
	all.SetLimit(mutantsAtOnce)
	var mu sync.Mutex
	done := 0
	m.Judged = true
	for i, mutant := range list {
		all.Go(func() error {
			found, err := judgeMutant(ctx, mutant, selection.Only)
			if err != nil {
				return fmt.Errorf("judge the mutant %s: %w", mutant.Name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			row := &m.Mutants[i]
			row.Found = found
			as := "as it must"
			if len(row.Missed())+len(row.UnexpectedlyFound()) > 0 {
				as = "otherwise than it must"
			}
			fmt.Fprintf(progress, "%d of %d: %s fails %d, %s\n", done, len(list), mutant.Name, len(found), as)
			return nil
		})
	}
	return all.Wait()
}

func judgeMutant(ctx context.Context, mutant mutants.Mutant, only []string) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	server, target, err := builtin.Start(mutant.Options(builtin.Secret))
	if err != nil {
		return nil, err
	}
	defer server.Close()
	options := suites.ForMutants()
	if len(only) > 0 {
		options.Selection = suites.Selection{Only: only}
	}
	report, err := suites.Judge(ctx, target, options)
	if report == nil { // with one, none of its deliveries was accepted
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err // checks are missing
	}
	found := []string{}
	for _, c := range report.Checks {
		if c.Status == reports.Failed {
			found = append(found, c.ID)
		}
	}
	return found, nil
}

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/schemas"
	"github.com/hubhook/hubhook/suites"
)

// forms are how the matrix can be written.
func forms() []string { return []string{"text", "markdown", "html"} }

func newMutants(std streams) *cobra.Command {
	var format string
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
  hubhook mutants --format markdown | grep SEC-05`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return bugNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, names []string) error {
			if !slices.Contains(forms(), format) {
				return fmt.Errorf("unknown form %q: it is one of %s", format, strings.Join(forms(), ", "))
			}
			bugs, err := findBugs(names)
			if err != nil {
				return err
			}
			matrix := newMatrix(suites.Catalogue(), bugs)
			if judge {
				if err := judgeMutants(cmd.Context(), &matrix, bugs, std.err); err != nil {
					return err
				}
			}
			if len(names) > 0 {
				matrix = matrix.Met()
			}
			if err := writeMatrix(std.out, matrix, format, terminalOptions(std)); err != nil {
				return err
			}
			if len(matrix.Differs()) > 0 {
				return errFailed
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, markdown, or html: one page that needs no network")
	cmd.Flags().BoolVar(&judge, "run", false, "judge each mutant, and mark what comes otherwise")
	complete(cmd, "format", forms)
	return cmd
}

// findBugs finds the bugs that are named; all where none is.
func findBugs(names []string) ([]handlers.Bug, error) {
	all := handlers.Bugs()
	if len(names) == 0 {
		return all, nil
	}
	var known []string
	for _, bug := range all {
		known = append(known, bug.Name)
	}
	for _, name := range names {
		if slices.Contains(known, name) {
			continue
		}
		if closest, ok := schemas.Closest(name, known); ok {
			return nil, fmt.Errorf("unknown mutant %q: did you mean %q?", name, closest)
		}
		return nil, fmt.Errorf("unknown mutant %q: `hubhook handler --bug list` shows them all", name)
	}
	return slices.DeleteFunc(all, func(bug handlers.Bug) bool { return !slices.Contains(names, bug.Name) }), nil
}

// newMatrix is the matrix as the tables have it.
func newMatrix(checks []suites.Check, bugs []handlers.Bug) reports.Matrix {
	proofs := map[string]string{}
	for _, proof := range suites.ProvenOtherwise() {
		proofs[proof.ID] = proof.How
	}
	var m reports.Matrix
	for _, check := range checks {
		m.Checks = append(m.Checks, reports.MatrixCheck{
			ID: check.ID, Area: string(check.Area), Level: string(check.Level), Title: check.Title, Proof: proofs[check.ID],
		})
	}
	for _, bug := range bugs {
		m.Mutants = append(m.Mutants, newMutant(bug))
	}
	return m
}

func writeMatrix(w io.Writer, m reports.Matrix, format string, o reports.TerminalOptions) error {
	switch format {
	case "markdown":
		return reports.WriteMatrixMarkdown(w, m)
	case "html":
		return reports.WriteMatrixHTML(w, m)
	}
	return reports.WriteMatrix(w, m, o)
}

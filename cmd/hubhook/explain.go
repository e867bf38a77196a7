package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/builtin"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/explain"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports/terminal"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

func newExplain(std cli.Streams) *cobra.Command {
	var language, address string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain ID...",
		Short: "Explain a check: why, what it sends, and how to mend what fails it",
		Long: `Explain checks: what a right handler does and why, what the documentation says, what
the check sends and how to send the same by hand, how to mend a handler that fails,
with code from handlers that pass, and which known defects it finds. The ID of a
table, PAY-01, stands for its entries, PAY-01a, PAY-01b and so on.

` + "`hubhook list`" + ` has the IDs.`,
		Example: `  hubhook explain SEC-03
  hubhook explain SCP-02 --lang express
  hubhook explain PAY-19 sec-16 --lang go --url http://127.0.0.1:3000/hooks/hub
  hubhook explain RTY-01 --json > rty-01.json`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return tablesAndChecks(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, ids []string) error {
			if len(ids) == 0 {
				return cmd.Help()
			}
			checks, err := findChecks(ids)
			if err != nil {
				return err
			}
			languages, err := builtin.Languages("--lang", language)
			if err != nil {
				return err
			}
			shown, err := readShownURL(address)
			if err != nil {
				return err
			}
			list := explain.Checks(cmd.Context(), checks, explain.Options{Languages: languages, URL: shown})
			if !asJSON {
				return terminal.WriteExplanations(std.Out, list, output.TerminalOptions(std.Out))
			}
			encoder := output.NewEncoder(std.Out)
			encoder.SetIndent("", "  ")
			return encoder.Encode(list)
		},
	}
	cmd.Flags().StringVar(&language, "lang", "", "show code in this language alone: go, express (or js, node) or fastapi (or python)")
	cmd.Flags().StringVar(&address, "url", "", "the `URL` of your handler, for the commands that are shown (default the one in HUBHOOK_URL or "+flags.SettingsFile+"); nothing is sent to it")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON, a list of explanations")
	cli.Complete(cmd, "lang", handlers.Languages)
	return cmd
}

// tablesAndChecks returns the IDs of all tables and checks, with their titles, for completion.
func tablesAndChecks() []string {
	var ids []string
	for _, c := range catalogue.All() {
		if table := c.Table() + "\ta table of checks"; c.Table() != c.ID && !slices.Contains(ids, table) {
			ids = append(ids, table)
		}
		ids = append(ids, c.ID+"\t"+c.Title)
	}
	return ids
}

// findChecks returns the checks with the given IDs, each once, in their order.
func findChecks(ids []string) ([]check.Check, error) {
	var checks []check.Check
	for _, id := range ids {
		found, err := suites.Find(catalogue.All(), id)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			if !slices.ContainsFunc(checks, func(other check.Check) bool { return other.ID == c.ID }) {
				checks = append(checks, c)
			}
		}
	}
	return checks, nil
}

// readShownURL returns the URL of a flag, or else the one that check would use.
func readShownURL(onCommandLine string) (explain.URL, error) {
	address, from := onCommandLine, "--url"
	if address == "" {
		// The URL is a setting of check.
		c := new(checkFlags)
		args, err := c.read(c.verb(cli.Streams{}), nil)
		if err != nil {
			return "", err
		}
		if len(args) == 0 {
			return "", nil
		}
		address, from = args[0], "the handler's URL"
	}
	parsed, err := delivery.ParseURL(from, address)
	if err != nil {
		return "", err
	}
	return explain.NewURL(parsed), nil
}

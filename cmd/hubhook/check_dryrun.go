package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/safetext"
	"github.com/hubhook/hubhook/suites"
)

// runDry shows what the checks send. It runs them on the built-in handler, for what a check
// sends next often depends on what came back.
func (f *checkFlags) runDry(ctx context.Context, args []string, std cli.Streams) error {
	for _, name := range append(reportFormatNames(), "save") {
		writes := "writes a report on the handler"
		if name == "save" {
			writes = "keeps what failed"
		}
		if f.settings.OnCommandLine[name] {
			return fmt.Errorf("--%s %s, and --dry-run sends it nothing: drop one of them", name, writes)
		}
	}
	if err := writeDryTarget(args, std.Out); err != nil {
		return err
	}
	observed := f.target.Observe != "" || f.target.ObserveCmd != "" || f.hub != ""
	restarted := f.target.RestartCmd != ""
	// None of these applies to the built-in handler.
	f.target.Observe, f.target.ObserveCmd, f.target.RestartCmd, f.target.Route.Unix = "", "", "", ""
	target, server, err := f.startBuiltIn()
	if err != nil {
		return err
	}
	defer server.Close()
	if !observed {
		target.Observe = ""
	}
	if restarted {
		target.Restart = func(context.Context) error { return nil }
	}
	report, err := f.judge(ctx, target, std)
	if report == nil {
		return err
	}
	return errors.Join(writeDryRun(std.Out, report), dryResult(report, err))
}

// writeDryTarget writes the address that nothing is sent to. A wrong URL is an error as in any other run.
func writeDryTarget(args []string, out io.Writer) (err error) {
	if len(args) == 0 {
		_, err = fmt.Fprintln(out, "dry run: this is what a right handler is sent")
		return err
	}
	address, err := delivery.ParseURL("the handler's URL", args[0])
	if err != nil {
		return err
	}
	delivery.CutSecret(address)
	_, err = fmt.Fprintf(out, "dry run: nothing is sent to %s; this is what a right handler would be sent there\n",
		redact.Password(address.String()))
	return err
}

func dryResult(report *reports.Report, err error) error {
	var interrupted *suites.Interrupted
	if errors.As(err, &interrupted) {
		return err
	}
	if n := report.Summary.Error; n > 0 {
		return fmt.Errorf("%s could not be shown because of a fault of hubhook: please report it",
			english.Plural(n, "check", ""))
	}
	return nil // that nothing was accepted says nothing about the handler at the URL
}

func writeDryRun(w io.Writer, report *reports.Report) error {
	out := bufio.NewWriter(w)
	silent := 0
	for _, check := range report.Checks {
		fmt.Fprintf(out, "\n%-8s %s\n", check.ID, check.Title)
		if check.Sent == 0 {
			silent++
			fmt.Fprintf(out, "         nothing: %s\n", safetext.OneLine(check.Reason))
		}
		writeSent(out, check)
	}
	fmt.Fprintf(out, "\n%s, of which %d send nothing; %s in all, for several checks look at the same ones\n",
		english.Plural(len(report.Checks), "check", ""), silent, english.Plural(report.Sent, "request", ""))
	return out.Flush()
}

// writeSent writes what one check sent. Equal descriptions are counted, if the report has them all.
func writeSent(out io.Writer, check reports.Check) {
	var order []string
	counts := map[string]int{}
	for _, exchange := range check.Exchanges {
		if counts[exchange.What]++; counts[exchange.What] == 1 {
			order = append(order, exchange.What)
		}
	}
	all := check.Sent == len(check.Exchanges)
	if !all {
		fmt.Fprintf(out, "         %d requests, among them:\n", check.Sent)
	}
	for _, what := range order {
		if n := counts[what]; all && n > 1 {
			what = fmt.Sprintf("%s (%d times)", what, n)
		}
		fmt.Fprintf(out, "         %s\n", what)
	}
}

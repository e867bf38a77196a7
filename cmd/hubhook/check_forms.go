package main

import (
	"io"
	"os"

	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/reports"
)

// reportForm is a form in which a report is written to a file.
type reportForm struct {
	name, usage string
	render      func(io.Writer, *reports.Report) error
}

func reportForms() []reportForm {
	return []reportForm{
		{"json", "write the report as JSON to this `file`", reports.WriteJSON},
		{"junit", "write the report as JUnit XML to this `file`", reports.WriteJUnit},
		{"html", "write the report as a page to this `file`, with how to mend what failed", reports.WriteHTML},
		{"markdown", "write the report as Markdown to this `file`, or add it to $" + stepSummary, reports.WriteMarkdown},
		{"sarif", "write what failed as SARIF to this `file`, for code scanning", reports.WriteSARIF},
		{"badge", "write the verdict to this `file`, as JSON for a badge of shields.io", reports.WriteBadge},
	}
}

func formNames() (names []string) {
	for _, form := range reportForms() {
		names = append(names, form.name)
	}
	return names
}

// reportFlags are the files that were named, by form.
type reportFlags struct{ paths map[string]*string }

func (f *reportFlags) add(flags *pflag.FlagSet) {
	f.paths = map[string]*string{}
	for _, form := range reportForms() {
		f.paths[form.name] = flags.String(form.name, "", form.usage)
	}
}

// files are the files to be opened, one for each form.
func (f *reportFlags) files() (files []reportFile[*reports.Report]) {
	for _, form := range reportForms() {
		path := *f.paths[form.name]
		files = append(files, reportFile[*reports.Report]{
			flag: "--" + form.name, path: path, adds: form.name == "markdown" && isStepSummary(path), render: form.render,
		})
	}
	return files
}

// stepSummary names the file of which GitHub shows what the commands of a step add to
// it: what one of them wrote is not for the next to replace.
const stepSummary = "GITHUB_STEP_SUMMARY"

func isStepSummary(path string) bool {
	summary, err := os.Stat(os.Getenv(stepSummary))
	if err != nil {
		return false
	}
	file, err := os.Stat(path)
	return err == nil && os.SameFile(file, summary)
}

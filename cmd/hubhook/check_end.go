package main

import (
	"errors"
	"fmt"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// end is what a run comes to: errFailed where the handler failed, another error
// where there is no verdict, or none that is whole.
func end(report *reports.Report, err error, std streams) error {
	var interrupted *suites.Interrupted
	told := errors.As(err, &interrupted)
	if err != nil && !told {
		return err
	}
	if n := report.Summary.Error; n > 0 {
		err = errors.Join(err, fmt.Errorf("%s could not be judged because of a fault of hubhook: please report it", counted(n, "check")))
	}
	if report.Verdict != reports.Failed {
		return err
	}
	if err != nil {
		fmt.Fprintf(std.err, "hubhook: %s\n", oneLine(err.Error()))
	}
	return errFailed
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

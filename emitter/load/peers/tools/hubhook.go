package tools

import (
	"path/filepath"
	"strconv"

	"github.com/hubhook/hubhook/reports"
)

// Hubhook returns this project as a tool.
func Hubhook() Tool {
	return Tool{Name: "hubhook", Open: true, Command: hubhookCommand, Summary: hubhookSummary}
}

func hubhookCommand(p Place, l Load) (Command, error) {
	rate := "max"
	if l.Rate > 0 {
		rate = strconv.Itoa(l.Rate) + "/s"
	}
	args := []string{
		"load", p.URL, "--rate", rate, "--duration", l.Duration.String(), "--seed", strconv.FormatUint(p.Seed, 10),
		"--json", p.file("load.json"), "--quiet",
	}
	if l.Connections > 0 {
		args = append(args, "--connections", strconv.Itoa(l.Connections))
	}
	return Command{Path: filepath.Join(p.Bin, "hubhook"), Args: args, Env: []string{"HUBHOOK_SECRET=" + webhookSecret}}, nil
}

func hubhookSummary(p Place) (Summary, error) {
	var r reports.Load
	if err := readJSON(p.file("load.json"), &r); err != nil {
		return Summary{}, err
	}
	return Summary{
		Sent: r.Counts.Attempts - r.Counts.Unsent, Failed: r.Counts.Failed, Dropped: r.Counts.Unsent,
		Started: r.Started, Unreliable: r.Unreliable,
		P50: r.Latency.P50, P90: r.Latency.P90, P95: r.Latency.P95, P99: r.Latency.P99,
	}, nil
}

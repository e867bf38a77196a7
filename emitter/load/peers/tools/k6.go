package tools

import (
	_ "embed"
	"path/filepath"
	"strconv"
)

//go:embed k6.js
var k6Script string

// K6 returns the tool k6 1, whose script makes the requests.
func K6() Tool { return Tool{Name: "k6", Open: true, Command: k6Command, Summary: k6Summary} }

func k6Command(p Place, l Load) (Command, error) {
	script, err := writeFile(p, "k6.js", k6Script)
	return Command{
		Path: filepath.Join(p.Bin, "k6"),
		// No server of its own, no word to others.
		Args: []string{"run", "--quiet", "--no-usage-report", "--no-thresholds", "--address", "", script},
		Env: []string{
			"XDG_CONFIG_HOME=" + p.Dir, // where there are no settings of whoever runs this
			"PEERS_URL=" + p.URL, "PEERS_OUT=" + p.file("k6.json"), "PEERS_SECRET=" + webhookSecret,
			"PEERS_RATE=" + strconv.Itoa(l.Rate), "PEERS_DURATION=" + l.Duration.String(),
			"PEERS_VUS=" + strconv.Itoa(l.Connections),
		},
	}, err
}

func k6Summary(p Place) (Summary, error) {
	var r struct {
		Metrics map[string]struct{ Values map[string]float64 }
	}
	if err := readJSON(p.file("k6.json"), &r); err != nil {
		return Summary{}, err
	}
	times := r.Metrics["http_req_duration"].Values
	return Summary{
		Sent:    uint64(r.Metrics["http_reqs"].Values["count"]),
		Failed:  uint64(r.Metrics["http_req_failed"].Values["passes"]),
		Dropped: uint64(r.Metrics["dropped_iterations"].Values["count"]),
		P50:     times["p(50)"], P90: times["p(90)"], P95: times["p(95)"], P99: times["p(99)"],
	}, nil
}

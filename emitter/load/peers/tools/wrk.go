package tools

import (
	_ "embed"
	"strconv"
)

//go:embed wrk.lua
var wrkScript string

// Wrk returns the tool wrk 4.1, of which Debian has a package. It knows only a closed loop.
func Wrk() Tool { return Tool{Name: "wrk", Command: wrkCommand, Summary: wrkSummary} }

func wrkCommand(p Place, l Load) (Command, error) {
	script, err := writeFile(p, "wrk.lua", wrkScript)
	return Command{
		Path: "wrk",
		Args: []string{
			"--threads", "1", "--connections", strconv.Itoa(l.Connections), "--duration",
			strconv.Itoa(int(l.Duration.Seconds())) + "s",
			"--script", script, p.URL,
		},
		Env: []string{"PEERS_OUT=" + p.file("wrk.json"), "PEERS_SECRET=" + webhookSecret},
	}, err
}

func wrkSummary(p Place) (t Summary, err error) { return t, readJSON(p.file("wrk.json"), &t) }

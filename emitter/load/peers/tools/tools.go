// Package tools has the load tools that are compared: how each is asked for the same
// load, and what it reports afterwards.
package tools

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Load is what a tool is asked to send.
type Load struct {
	Rate        int           // requests a second; 0: each connection sends as soon as it was answered
	Duration    time.Duration // from the first to the last request
	Connections int           // at most; 0: as many as the tool likes
}

// Place is where a run finds what it needs, and leaves its report.
type Place struct {
	URL     string // of the server
	Bin     string // folder of programs
	Dir     string // folder of this run's own files
	Targets string // file of requests, for a tool that makes none
	Seed    uint64 // of the payloads, for a tool that makes them
}

func (p Place) file(name string) string { return filepath.Join(p.Dir, name) }

// Summary is what a tool reports about its run. Latencies are in milliseconds.
type Summary struct {
	Sent       uint64    `json:"sent"`             // with or without an answer
	Failed     uint64    `json:"failed"`           // of those, not answered, or not by 2xx
	Dropped    uint64    `json:"dropped"`          // due, and never sent
	Started    time.Time `json:"started,omitzero"` // when the first was due, if it says so
	Unreliable string    `json:"behind,omitempty"` // why not to believe it, in its own words
	P50        float64   `json:"p50"`              // as the tool reckons latency; so with the others
	P90        float64   `json:"p90"`
	P95        float64   `json:"p95"`
	P99        float64   `json:"p99"`
}

// Command is a program to be run.
type Command struct {
	Path string   // of the program
	Args []string // without the program's name
	Env  []string // beside that of this process
}

// Tool is one of those that are compared.
type Tool struct {
	Name string // as it is called in tables: "hubhook"
	// Open reports whether it can send at a rate of its own.
	Open bool
	// Command returns the command that sends a load, and writes what the tool needs into the place.
	Command func(Place, Load) (Command, error)
	// Summary returns what the tool reported about the run at a place.
	Summary func(Place) (Summary, error)
}

// webhookSecret is what every request carries in X-Webhook-Secret.
const webhookSecret = "a secret of the comparison"

func readJSON(name string, into any) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(name), err)
	}
	return nil
}

func writeFile(p Place, name, text string) (string, error) {
	path := p.file(name)
	return path, os.WriteFile(path, []byte(text), 0o600)
}

package tools

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// Vegeta returns the tool vegeta 12. It makes no requests of its own: it is given them in a file,
// which it reads as it goes.
func Vegeta() Tool {
	return Tool{Name: "vegeta", Open: true, Command: vegetaCommand, Summary: vegetaSummary}
}

func vegetaCommand(p Place, l Load) (Command, error) {
	args := []string{
		"attack", "-format=json", "-lazy", "-targets=" + p.Targets, "-header=X-Webhook-Secret: " + webhookSecret,
		"-rate=" + strconv.Itoa(l.Rate), "-duration=" + l.Duration.String(), "-output=" + p.file("vegeta.bin"),
	}
	if l.Connections > 0 {
		args = append(args, "-max-workers="+strconv.Itoa(l.Connections))
	}
	return Command{Path: filepath.Join(p.Bin, "vegeta"), Args: args}, nil
}

// Targets writes n requests for vegeta into a file.
func Targets(ctx context.Context, p Place, count uint64) error {
	file, err := os.Create(p.Targets)
	if err != nil {
		return err
	}
	defer file.Close()
	generate := exec.CommandContext(ctx, filepath.Join(p.Bin, "hubhook"), "generate", "--format", "vegeta",
		"--to", p.URL, "--count", strconv.FormatUint(count, 10), "--seed", strconv.FormatUint(p.Seed, 10))
	generate.Stdout, generate.Stderr = file, os.Stderr
	if err := generate.Run(); err != nil {
		return fmt.Errorf("make requests for vegeta: %w", err)
	}
	return file.Close()
}

// vegetaSummary lets vegeta sum up, which is not part of the run.
func vegetaSummary(p Place) (Summary, error) {
	report := exec.Command(filepath.Join(p.Bin, "vegeta"), "report", "-type=json", "-output="+p.file("vegeta.json"),
		p.file("vegeta.bin"))
	report.Stderr = os.Stderr
	if err := report.Run(); err != nil {
		return Summary{}, err
	}
	return vegetaSums(p)
}

// vegetaSums reads what it summed up. It counts durations in nanoseconds.
func vegetaSums(p Place) (Summary, error) {
	var r struct {
		Requests  uint64
		Codes     map[string]uint64 `json:"status_codes"`
		Latencies struct {
			P50 time.Duration `json:"50th"`
			P90 time.Duration `json:"90th"`
			P95 time.Duration `json:"95th"`
			P99 time.Duration `json:"99th"`
		}
	}
	if err := readJSON(p.file("vegeta.json"), &r); err != nil {
		return Summary{}, err
	}
	l := r.Latencies
	return Summary{
		Sent: r.Requests, Failed: r.Requests - r.Codes["202"],
		P50: millis(l.P50), P90: millis(l.P90), P95: millis(l.P95), P99: millis(l.P99),
	}, nil
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

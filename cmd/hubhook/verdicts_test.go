package main

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
)

// What is wrong with a payload of a stream is written before the next one comes.
func TestProblemsAppearBeforeMoreInputComes(t *testing.T) {
	for _, flags := range [][]string{{"validate"}, {"validate", "--json"}} {
		in, payloads := io.Pipe()
		lines, out := io.Pipe()
		ended := make(chan int)
		var errors strings.Builder
		go func() {
			code := run(flags, cli.Streams{In: in, Out: out, Err: &errors})
			out.Close()
			ended <- code
		}()
		io.WriteString(payloads, "{\"event\": \"update\"}\n")
		reader := bufio.NewReader(lines)
		line, err := reader.ReadString('\n')
		if err != nil || !strings.Contains(line, "standard input") || !strings.Contains(line, "event is an object") {
			t.Errorf("%v: %q, %v", flags, line, err)
		}
		payloads.Close()
		io.Copy(io.Discard, reader)
		if code := <-ended; code != cli.ExitFailed || errors.Len() > 0 {
			t.Errorf("%v: exit code %d, %q", flags, code, errors.String())
		}
	}
}

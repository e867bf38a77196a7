package observe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports/safetext"
)

// A Source returns what a handler did, as JSON or as text.
type Source func(ctx context.Context) ([]byte, error)

// Limits of a source.
const (
	sizeLimit = 8 << 20 // bytes
	timeout   = 10 * time.Second
)

// URL returns a source that reads a page by a route.
func URL(address string, route delivery.Route) Source {
	client := &http.Client{Timeout: timeout, Transport: route.Transport()}
	return func(ctx context.Context) ([]byte, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, err
		}
		response, err := client.Do(request)
		if err != nil {
			return nil, withoutURL(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(io.LimitReader(response.Body, sizeLimit+1))
		switch {
		case err != nil:
			return nil, fmt.Errorf("read what it says: %w", err)
		case len(text) > sizeLimit:
			return nil, errTooLong
		case response.StatusCode != http.StatusOK:
			return nil, fmt.Errorf("it answers %s, not 200", response.Status)
		}
		return text, nil
	}
}

var errTooLong = fmt.Errorf("it says more than %d MiB", sizeLimit>>20)

// withoutURL drops the URL from an error: there may be a secret in it.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// Command returns a source that runs a command in the shell and takes its output.
func Command(command string) Source {
	return func(ctx context.Context) ([]byte, error) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		stdout, stderr := &limitedBuffer{}, &limitedBuffer{}
		run := exec.CommandContext(ctx, "sh", "-c", command)
		run.Stdout, run.Stderr = stdout, stderr
		// Do not wait for processes that the command left running.
		run.WaitDelay = time.Second
		err := run.Run()
		switch {
		case stdout.exceeded:
			return nil, errTooLong
		case ctx.Err() != nil:
			return nil, fmt.Errorf("it took more than %v", timeout)
		case err != nil:
			return nil, CommandError(err, stderr.kept.String())
		}
		return stdout.kept.Bytes(), nil
	}
}

// limitedBuffer keeps no more than sizeLimit bytes. It does not embed the buffer, whose
// ReadFrom would read without a limit.
type limitedBuffer struct {
	kept     bytes.Buffer
	exceeded bool
}

func (l *limitedBuffer) Write(p []byte) (int, error) {
	if l.kept.Len()+len(p) > sizeLimit {
		l.exceeded = true
		return 0, errTooLong
	}
	return l.kept.Write(p)
}

// CommandError returns the error of a command with an excerpt of its output, if it has
// any.
func CommandError(err error, output string) error {
	if output = safetext.Truncate(safetext.OneLine(output), excerptRunes); output == "" {
		return err
	}
	return fmt.Errorf("%w: %s", err, output)
}

package suites

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// lookFunc tells what a handler did, as JSON or as text.
type lookFunc func(ctx context.Context) ([]byte, error)

// What an observer may take and say at most.
const (
	observerLimit   = 8 << 20 // bytes
	observerTimeout = 10 * time.Second
)

// look is the way in which the target is observed; nil where nobody looks.
func (t Target) look() lookFunc {
	switch {
	case t.Look != nil:
		return t.Look
	case t.ObserveCommand != "":
		return lookByCommand(t.ObserveCommand)
	case t.Observe != "":
		return lookByURL(t.Observe, t.routeTo(t.Observe))
	}
	return nil
}

// routeTo is how another URL than the handler's is reached: as the handler is, where it
// is on the same host. A socket stands for one port of it.
func (t Target) routeTo(address string) delivery.Route {
	handler, err := url.Parse(t.URL)
	if err != nil {
		return delivery.Route{}
	}
	other, err := url.Parse(address)
	if err != nil || !strings.EqualFold(handler.Hostname(), other.Hostname()) {
		return delivery.Route{}
	}
	route := t.Route
	if portOf(handler) != portOf(other) {
		route.Unix = ""
	}
	return route
}

func portOf(u *url.URL) string {
	return cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
}

// lookByURL reads a page.
func lookByURL(address string, route delivery.Route) lookFunc {
	client := &http.Client{Timeout: observerTimeout, Transport: route.Transport()}
	return func(ctx context.Context) ([]byte, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, err
		}
		answer, err := client.Do(request)
		if err != nil {
			return nil, withoutURL(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(io.LimitReader(answer.Body, observerLimit+1))
		switch {
		case err != nil:
			return nil, fmt.Errorf("read what it says: %w", err)
		case len(text) > observerLimit:
			return nil, errSaysTooMuch
		case answer.StatusCode != http.StatusOK:
			return nil, fmt.Errorf("it answers %s, not 200", answer.Status)
		}
		return text, nil
	}
}

var errSaysTooMuch = fmt.Errorf("it says more than %d MiB", observerLimit>>20)

// withoutURL drops the URL from an error: there may be a secret in it.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// lookByCommand runs a command in the shell, and takes what it writes.
func lookByCommand(command string) lookFunc {
	return func(ctx context.Context) ([]byte, error) {
		ctx, cancel := context.WithTimeout(ctx, observerTimeout)
		defer cancel()
		said, fault := &limited{}, &limited{}
		run := exec.CommandContext(ctx, "sh", "-c", command)
		run.Stdout, run.Stderr = said, fault
		// What the command left running must not keep us waiting.
		run.WaitDelay = time.Second
		err := run.Run()
		switch {
		case said.over:
			return nil, errSaysTooMuch
		case ctx.Err() != nil:
			return nil, fmt.Errorf("it took more than %v", observerTimeout)
		case err != nil:
			return nil, withWords(err, excerpt(strings.TrimSpace(fault.String())))
		}
		return said.Bytes(), nil
	}
}

// limited keeps as much as an observer may say.
type limited struct {
	bytes.Buffer
	over bool
}

func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > observerLimit {
		l.over = true
		return 0, errSaysTooMuch
	}
	return l.Buffer.Write(p)
}

// withWords adds what a command said to its error, where it said something.
func withWords(err error, said string) error {
	if said == "" {
		return err
	}
	return fmt.Errorf("%w: %s", err, said)
}

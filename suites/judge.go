package suites

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/reports"
)

// Judge runs the selected checks against a handler, one after another.
//
// The error tells a user why there is nothing to judge. It comes with a report
// where deliveries were made and none was accepted; otherwise there is none.
func Judge(ctx context.Context, target Target, options Options) (*reports.Report, error) {
	options = options.withDefaults()
	target, err := target.normal()
	if err != nil {
		return nil, err
	}
	checks, err := options.Selection.Select(options.Checks)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, options.Timeout, errRunTimeout)
	defer cancel()
	r, err := newRun(ctx, target, options)
	if err != nil {
		return nil, err
	}
	defer r.sender.Close()
	if err := r.reach(); err != nil {
		return nil, err
	}
	report := r.newReport()
	for _, check := range checks {
		report.Checks = append(report.Checks, r.judge(check))
	}
	return report, r.finish(report)
}

func newRun(ctx context.Context, target Target, options Options) (*run, error) {
	generator, err := emitter.New(emitter.Options{Seed: options.Seed, Schemas: options.Schemas})
	if err != nil {
		return nil, err
	}
	r := &run{
		ctx: ctx, target: target, options: options,
		generator: generator,
		sender:    emitter.NewSender(emitter.SenderOptions{Timeout: options.AnswerWithin}),
		mask:      newMasker(target.Secret),
	}
	r.mask.learnURL(target.URL)
	r.mask.learnURL(target.Observe)
	if target.Observe != "" {
		r.observer = newObserver(target.Observe, options.Settle)
	}
	return r, nil
}

// reach finds out whether there is anybody at all, before anything is judged.
func (r *run) reach() error {
	parsed, err := url.Parse(r.target.URL)
	if err != nil {
		return err
	}
	port := parsed.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[parsed.Scheme]
	}
	address := net.JoinHostPort(parsed.Hostname(), port)
	conn, err := (&net.Dialer{Timeout: r.options.AnswerWithin}).DialContext(r.ctx, "tcp", address)
	switch {
	case err == nil:
		conn.Close()
	case !errors.Is(err, syscall.ECONNRESET): // who resets is there, and is judged
		return fmt.Errorf("nothing answers at %s (%v): is the handler running there?", address, dialFault(err))
	}
	if r.observer == nil {
		return nil
	}
	if err := r.observer.learn(r.ctx); err != nil {
		return fmt.Errorf("the observer cannot be used: %s", r.mask.text(err.Error()))
	}
	return nil
}

// dialFault is the innermost reason, without the address a second time.
func dialFault(err error) error {
	var failed *net.OpError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

func (r *run) newReport() *reports.Report {
	return &reports.Report{
		Tool:    reports.Tool{Name: "hubhook", Version: r.options.Version},
		Target:  reports.Target{URL: r.mask.text(redactURL(r.target.URL))},
		Seed:    r.options.Seed,
		Started: time.Now().UTC().Truncate(time.Millisecond),
		Verdict: reports.Passed,
		Checks:  []reports.Check{},
	}
}

// finish sums up, and says why nothing was judged where that is so.
func (r *run) finish(report *reports.Report) error {
	report.DurationMs = time.Since(report.Started).Milliseconds()
	report.Count()
	sent := 0
	for _, check := range report.Checks {
		sent += check.Sent
		if check.Status == reports.Failed && check.Level == string(Must) {
			report.Verdict = reports.Failed
		}
	}
	switch {
	case r.accepted > 0:
		return nil
	case sent == 0:
		report.Verdict = reports.Failed
		return fmt.Errorf("nothing was sent, so nothing was judged: %s: %s", report.Checks[0].ID, report.Checks[0].Reason)
	}
	report.Verdict = reports.Failed
	return fmt.Errorf("no delivery was accepted at all, so nothing was judged: is this the handler's URL, and the secret the one that it knows? The last answer: %s", r.last)
}

// judge runs one check.
func (r *run) judge(check Check) reports.Check {
	h := &Handler{run: r, next: firstIndex(check)}
	began := time.Now()
	status, reason := r.verdict(check, h)
	told := reports.Check{
		ID: check.ID, Area: string(check.Area), Level: string(check.Level),
		Title: check.Title, Why: check.Why, Spec: check.Spec,
		Status: status, Reason: r.mask.text(reason),
		DurationMs: time.Since(began).Milliseconds(),
		Exchanges:  h.notes.exchanges(r),
		Sent:       h.notes.sent,
	}
	if r.options.Rerun != nil {
		told.Rerun = r.mask.text(r.options.Rerun(check.ID))
	}
	return told
}

// verdict runs a check and says what came of it.
func (r *run) verdict(check Check, h *Handler) (status reports.Status, reason string) {
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case outcome:
			status, reason = fault.verdict()
		default:
			// A fault of ours says nothing about the handler.
			status, reason = reports.Error, fmt.Sprintf("a fault of hubhook, please report it: %v\n%s", fault, debug.Stack())
		}
	}()
	if over := r.over(); over != "" {
		return reports.Inconclusive, over
	}
	r.meet(check.Needs, h)
	g := gomega.NewGomega(func(message string, _ ...int) {
		panic(outcome{outcomeFailed, strings.TrimSpace(message)})
	})
	check.Run(g, h)
	return reports.Passed, ""
}

func (o outcome) verdict() (reports.Status, string) {
	return map[outcomeKind]reports.Status{
		outcomeFailed: reports.Failed, outcomeInconclusive: reports.Inconclusive, outcomeSkipped: reports.Skipped,
	}[o.kind], o.reason
}

// meet ends a check whose needs the target does not meet.
func (r *run) meet(needs Needs, h *Handler) {
	secret := r.target.SecretIn
	switch {
	case (needs.Secret || needs.HeaderSecret || needs.QuerySecret) && secret == emitter.InNone:
		h.Skip("this handler takes no secret")
	case needs.HeaderSecret && secret != emitter.InHeader:
		h.Skip("this handler takes its secret in the URL: see SEC-16")
	case needs.QuerySecret && secret != emitter.InQuery:
		h.Skip("this handler takes its secret in a header, not in the URL")
	case len(r.target.Secret) < needs.SecretLength:
		h.Skip("the secret has fewer than %d characters", needs.SecretLength)
	case needs.SecretLetter && !h.Secret().differs(h.Secret().swappedCase()):
		h.Skip("the secret has no letters")
	case needs.Observer && r.observer == nil:
		h.Inconclusive("no answer shows what the handler did: --observe URL would, a page that tells it")
	}
}

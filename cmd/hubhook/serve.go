package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/emitter/hub"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/reports/safetext"
)

// tokenVariable names the variable with the only token that is accepted when others can reach the Hub.
const tokenVariable = "HUBHOOK_TOKEN"

const hubAddress = "127.0.0.1:8027"

func newServe(std cli.Streams) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a mock Hub that official clients talk to, and that calls your handler",
		Long: `Run a mock of the Hub: webhooks are registered by the settings API, repos and
discussions change by the API, and every change is delivered as the Hub delivers it,
with retries, a quota, suspension, and an activity with replays. Its page shows all
of it. The official clients talk to it as they are: HF_ENDPOINT=http://` + hubAddress + `
for Python and its hf webhooks, hubUrl for JavaScript. Any token is a user.

With --to a webhook is there from the beginning, with the secret in
$HUBHOOK_SECRET. Without --db all is in memory. What the Hub does and nobody has
published is an option; its help says what is assumed.

It listens to this machine alone. Where --listen has others reach it, a token of
your own must be in $` + tokenVariable + `, which clients send and the page asks for as a password,
and --url or --host must say under which name they call it.

Exit code 0: ended by a signal. 2: a mistake in flags, an address that is taken, a
database that cannot be used.`,
		Example: `  HUBHOOK_SECRET=s3cret hubhook handler --listen 127.0.0.1:8000 & handler=$!
  HUBHOOK_SECRET=s3cret hubhook serve --to http://127.0.0.1:8000/webhook &
  curl -s --retry 5 --retry-connrefused http://127.0.0.1:8027/_mock/v1/clock    # until it listens
  curl -s http://127.0.0.1:8027/api/repos/create -H 'Authorization: Bearer any' -d '{"name": "demo"}'
  curl -s http://127.0.0.1:8027/_mock/v1/trigger -d '{"shape": "discussion.comment.create"}'
  curl -s -X POST http://127.0.0.1:8027/_mock/v1/idle
  curl -s http://127.0.0.1:8000/state
  kill $! $handler`,
		Args:              cli.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return f.run(cmd, std) },
	}
	f.add(cmd)
	return cmd
}

func (f *serveFlags) run(cmd *cobra.Command, std cli.Streams) error {
	options, err := f.options(cmd)
	if err != nil {
		return err
	}
	listener, url, err := listenHub("--listen", f.listen, &options.Token)
	if err != nil {
		return err
	}
	options.URL = cmp.Or(options.URL, url)
	activity := &activityLog{out: std.Out}
	if !f.quiet {
		options.Changed = activity.add
	}
	options.Log = slog.New(slog.NewTextHandler(std.Err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if options.DB != "" {
		// A thread that waits for the disk keeps its processor until the runtime notices, which
		// takes a good part of a write's time.
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	}
	h, err := hub.New(options)
	if err != nil {
		listener.Close()
		return err
	}
	f.announce(std, h, options)
	activity.start(h)
	return errors.Join(serveHTTP(cmd.Context(), listener, h), h.Close())
}

// listenHub listens for a mock Hub at the address of a flag, and sets its token. The URL is one by
// which this machine reaches it.
func listenHub(flag, address string, token *string) (listener net.Listener, url string, err error) {
	if *token, err = hubToken(flag, address); err != nil {
		return nil, "", err
	}
	listener, err = net.Listen("tcp", address)
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err // without the address
	}
	if err != nil {
		return nil, "", fmt.Errorf("%s %s: %w", flag, address, err)
	}
	reached := listener.Addr().String()
	if tcp, ok := listener.Addr().(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		reached = fmt.Sprintf("127.0.0.1:%d", tcp.Port)
	}
	return listener, "http://" + reached, nil
}

// hubToken returns the token of the environment. It is an error if there is none and others can
// reach the address of a flag.
func hubToken(flag, address string) (string, error) {
	token := os.Getenv(tokenVariable)
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("%s %s is no address: expected HOST:PORT, such as %s", flag, address, hubAddress)
	}
	if isLoopback(host) || len(token) >= 8 {
		return token, nil
	}
	return "", fmt.Errorf("%s %s has others reach this Hub: put a token of your own, of 8 characters at least, into $%s",
		flag, address, tokenVariable)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// serveHTTP serves until the context ends, and then finishes requests for up to 5 seconds.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       10 * time.Minute, // a commit can be large
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx }, // which ends streams
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if server.Shutdown(patience) != nil {
		server.Close()
	}
	return nil
}

// announce says where the Hub is, and what it does wrong on purpose.
func (f *serveFlags) announce(std cli.Streams, h *hub.Hub, o hub.Options) {
	fmt.Fprintf(std.Out, "the mock Hub is at %s: its page, and what HF_ENDPOINT names\n", o.URL)
	if o.Faults.String() != "" {
		fmt.Fprintf(std.Out, "faults, with seed %d: %s\n", h.Seed(), o.Faults)
	}
	if o.Token != "" {
		fmt.Fprintf(std.Err, "hubhook: only who has the token in $%s is let in\n", tokenVariable)
	}
	host, _, _ := net.SplitHostPort(f.listen)
	if ip := net.ParseIP(host); (host == "" || ip != nil && ip.IsUnspecified()) && f.o.URL == "" && len(f.o.Hosts) == 0 {
		fmt.Fprintln(std.Err, "hubhook: whoever calls this Hub by another name than a loopback address is refused: --url or --host says that name")
	}
	if !isLoopback(host) {
		fmt.Fprintf(std.Err, "hubhook: others can reach this Hub at %s, and what they send to it unencrypted can be read on the way\n", f.listen)
	}
}

// activityLog writes a line for each attempt, and for each delivery that is not attempted.
type activityLog struct {
	out io.Writer

	mu    sync.Mutex
	hub   *hub.Hub
	early []hub.Delivery // from a Hub that is still being opened on its database
}

// start writes lines from now on, and those of deliveries that were added before.
func (l *activityLog) start(h *hub.Hub) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hub = h
	for _, d := range l.early {
		l.write(d)
	}
	l.early = nil
}

func (l *activityLog) add(d hub.Delivery) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hub == nil {
		l.early = append(l.early, d)
		return
	}
	l.write(d)
}

func (l *activityLog) write(d hub.Delivery) {
	about := fmt.Sprintf("%s %s", d.Shape, d.RepoName)
	if d.Num > 0 {
		about += fmt.Sprintf("#%d", d.Num)
	}
	if name, only := l.hub.WebhookName(d.RegistrationID); !only {
		about += " to " + name
	}
	for _, line := range activityLines(d, about) {
		fmt.Fprintln(l.out, line)
	}
}

// activityLines returns lines about the latest attempts at a delivery, or why there is none.
func activityLines(d hub.Delivery, about string) []string {
	line := func(at time.Time, what string) string { return fmt.Sprintf("%s  %s: %s", clockTime(at), about, what) }
	latest := d.Latest()
	switch {
	case d.State == activity.Withheld && len(latest) == 0:
		return []string{line(d.Created, "not delivered, "+string(d.Reason))}
	case d.State == activity.Withheld && !latest[len(latest)-1].Replay:
		return []string{line(latest[len(latest)-1].At, "no further attempt, "+string(d.Reason))}
	}
	var lines []string
	for _, a := range latest {
		lines = append(lines, line(a.At, attemptResult(a)+attemptNote(d, a)))
	}
	return lines
}

// attemptNote returns what follows an attempt at a delivery, or what is special about it.
func attemptNote(d hub.Delivery, a hub.Attempt) string {
	switch {
	case a.Replay:
		return ", a replay"
	case slices.Contains(a.Faults, activity.FaultWrongSecret):
		return ", with a wrong secret on purpose"
	case slices.Contains(a.Faults, activity.FaultDuplicate):
		return ", once more on purpose"
	case d.State == activity.Failed:
		return ", given up"
	case d.State == activity.Pending && !d.Due.IsZero():
		return ", again at " + clockTime(d.Due)
	}
	return ""
}

// attemptResult returns what came of an attempt; a response that began may have failed.
func attemptResult(a hub.Attempt) string {
	result := safetext.OneLine(a.Error)
	switch {
	case a.Status > 0 && result != "":
		result = fmt.Sprintf("%d, but %s", a.Status, result)
	case a.Status > 0:
		result = fmt.Sprint(a.Status)
	}
	if slices.Contains(a.Faults, activity.FaultFailFirst) {
		return result // nothing was sent
	}
	return fmt.Sprintf("%s in %v", result, a.Latency.Round(time.Millisecond))
}

func clockTime(t time.Time) string { return t.UTC().Format("15:04:05") }

package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"
)

// Series makes deliveries one after another, an attempt for each, over
// connections that are kept.
type Series struct {
	Sender *Sender     // who makes the attempts; it must be set
	To     Destination // where they go
	Secret string      // put where Destination.SecretIn says
	// Report hears of each delivery; it must be set. Its error ends the series.
	Report func(Message, Exchange) error
}

// Tally counts what came of deliveries.
type Tally struct {
	Delivered  int // of which each is one of those below
	Accepted   int // 2xx, which is success to the Hub
	Rejected   int // 4xx
	Failed     int // any other complete answer
	Unanswered int // no complete answer
	// Stopped says why the series ended before its messages did; empty where it
	// did not.
	Stopped string
}

// maxUnanswered is after how many unanswered deliveries in a row a series
// ends: at 30 s each, a handler that hangs would otherwise take hours.
const maxUnanswered = 3

// Run delivers what next hands over until that is io.EOF. It ends early where ctx
// does, though never in the middle of a delivery, and where a handler leaves too
// many unanswered. That nobody answers the first one is an error, as is any of
// next.
func (s Series) Run(ctx context.Context, next func(context.Context) (Message, error)) (Tally, error) {
	var tally Tally
	for silent := 0; ; {
		if silent >= maxUnanswered {
			tally.Stopped = fmt.Sprintf("the handler left %d deliveries in a row without a complete answer", silent)
			return tally, nil
		}
		m, err := next(ctx)
		switch {
		case ctx.Err() != nil:
			tally.Stopped = "interrupted"
			return tally, nil
		case errors.Is(err, io.EOF):
			return tally, nil
		case err != nil:
			return tally, err
		}
		m.Shape = m.ResolvedShape()
		x := s.Sender.Send(context.WithoutCancel(ctx), s.To.Attempt(m, s.Secret))
		if err := unreachable(x.Err); err != nil && tally.Delivered == 0 {
			return tally, fmt.Errorf("nothing answers at %s (%w): is the handler running there?", cmp.Or(s.Sender.route.Unix, s.To.URL.Host), err)
		}
		tally.count(x)
		silent = countUnanswered(silent, x.Err)
		if err := s.Report(m, x); err != nil {
			return tally, err
		}
	}
}

// countUnanswered counts the deliveries in a row that left their sender waiting.
func countUnanswered(before int, err error) int {
	if IsUnanswered(err) {
		return before + 1
	}
	return 0
}

// IsUnanswered tells the faults of a handler that leaves its sender waiting, or is no
// longer there, from those that are over at once.
func IsUnanswered(err error) bool {
	return errors.Is(err, ErrTimeout) || errors.Is(err, ErrEndless) || unreachable(err) != nil
}

// IsRefused tells whether nobody listens where an attempt went. That no connection came
// about can have other reasons, which are the sender's: it has no port left.
func IsRefused(err error) bool {
	failed := unreachable(err)
	return errors.Is(failed, syscall.ECONNREFUSED) || errors.Is(failed, fs.ErrNotExist) // of a socket that is gone
}

// unreachable is why there is no connection; nil where there was one.
func unreachable(err error) error {
	var failed *net.OpError
	if errors.As(err, &failed) && failed.Op == "dial" {
		return failed.Err
	}
	return nil
}

// Accepted tells whether an answer is what the Hub takes for success: any 2xx,
// complete and in time.
func (x Exchange) Accepted() bool { return x.status()/100 == 2 }

// status is that of a complete answer, and 0 where there is none.
func (x Exchange) status() int {
	if x.Err != nil || x.Response == nil {
		return 0
	}
	return x.Response.Status
}

func (t *Tally) count(x Exchange) {
	t.Delivered++
	switch x.status() / 100 {
	case 0:
		t.Unanswered++
	case 2:
		t.Accepted++
	case 4:
		t.Rejected++
	default:
		t.Failed++
	}
}

// AllAccepted tells whether there is nothing to complain of.
func (t Tally) AllAccepted() bool { return t.Accepted == t.Delivered && t.Stopped == "" }

// String tells the numbers in one line.
func (t Tally) String() string {
	parts := []string{fmt.Sprintf("%d delivered", t.Delivered), fmt.Sprintf("%d accepted", t.Accepted)}
	for _, part := range []struct {
		count int
		what  string
	}{{t.Rejected, "refused"}, {t.Failed, "failed"}, {t.Unanswered, "unanswered"}} {
		if part.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.count, part.what))
		}
	}
	line := strings.Join(parts, ", ")
	if t.Stopped != "" {
		line += "; stopped: " + t.Stopped
	}
	return line
}

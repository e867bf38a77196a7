package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Series makes deliveries one after another, an attempt for each, over connections that are kept.
type Series struct {
	Sender *Sender     // makes the attempts; it must be set
	To     Destination // where they go
	Secret string      // sent as Destination.SecretIn says
	// Report is called after each delivery; it must be set. Its error ends the series.
	Report func(Message, Exchange) error
}

// Tally counts the results of deliveries.
type Tally struct {
	Delivered  int // of which each is one of those below
	Accepted   int // 2xx, which is success to the Hub
	Rejected   int // 4xx
	Failed     int // any other complete response
	Unanswered int // no complete response
	// Stopped says why the series ended before its messages did; empty if it did not.
	Stopped string
}

// maxUnanswered is after how many unanswered deliveries in a row a series ends: at 30 s each, a handler that hangs
// would otherwise take hours.
const maxUnanswered = 3

// Run delivers the messages that next returns until its error is io.EOF. It ends early with ctx, though never in the
// middle of a delivery, and if the handler leaves too many in a row unanswered. It returns an error if nobody listens
// for the first one, and those of next and Report.
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
		if err := DialError(x.Err); err != nil && tally.Delivered == 0 {
			return tally, fmt.Errorf("nothing answers at %s (%w): is the handler running there?",
				cmp.Or(s.Sender.route.Unix, s.To.URL.Host), err)
		}
		tally.count(x)
		if silent++; !IsUnanswered(x.Err) {
			silent = 0
		}
		if err := s.Report(m, x); err != nil {
			return tally, err
		}
	}
}

// Accepted reports whether the response is what the Hub takes for success: any 2xx, complete and in time.
func (x Exchange) Accepted() bool { return x.status()/100 == 2 }

// status returns that of a complete response; 0 if there is none.
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

// AllAccepted reports whether every delivery was accepted.
func (t Tally) AllAccepted() bool { return t.Accepted == t.Delivered && t.Stopped == "" }

// String returns the counts in one line.
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

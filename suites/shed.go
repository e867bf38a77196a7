package suites

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// retryAfter is the header that says when to come again (RFC 9110, 10.2.3).
const retryAfter = "Retry-After"

// comeAgain is how long an answer asks to wait; false where it does not say.
func (a Answer) comeAgain() (time.Duration, bool) {
	value := strings.TrimSpace(a.Header(retryAfter))
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(a.ended())), true
	}
	return 0, false
}

func (a Answer) ended() time.Time { return a.x.Started.Add(a.x.Duration) }

// BeShedPolitely wants an answer that says it is too much, and when to come again.
func BeShedPolitely() types.GomegaMatcher {
	return expectation{"where it is too much, 429 or 503 with Retry-After in seconds or as a date", func(a Answer) bool {
		_, tells := a.comeAgain()
		return tells && (a.Status() == http.StatusTooManyRequests || a.Status() == http.StatusServiceUnavailable)
	}}
}

// shedsPolitely looks at what was not accepted of all bursts.
func shedsPolitely(g gomega.Gomega, h *Handler) {
	sent, shed := 0, 0
	for _, b := range h.UsefulBursts() {
		sent += len(b.Answers)
		if len(b.shed()) == 0 {
			continue
		}
		h.noteBurst(b.Connections)
		for i, answer := range b.Answers {
			if !answer.Accepted() {
				shed++
				g.Expect(answer).To(BeShedPolitely(), ofBurst(i, b))
			}
		}
	}
	if shed == 0 {
		h.run.mayGoOn(h)
		h.Skip("nothing was shed: all %d deliveries of the bursts were accepted", sent)
	}
}

// recovers has the handler accept a delivery again about the repo of which it shed
// some.
func recovers(g gomega.Gomega, h *Handler) {
	var latest Answer
	connections := 0
	bursts := h.UsefulBursts()
	for _, b := range bursts {
		if shed := b.shed(); len(shed) > 0 {
			latest, connections = shed[len(shed)-1], b.Connections
		}
	}
	if connections == 0 {
		last := h.run.bursts[bursts[len(bursts)-1].Connections]
		g.Expect(h.Attempt(last.about.at(dailyQuota + 3))).To(BeAccepted())
		return
	}
	h.noteBurst(connections)
	g.Expect(h.comeAgain(h.run.bursts[connections].about, latest)).To(BeAccepted(),
		"within %v of having shed load, Retry-After heeded", h.run.options.Limits.Recover)
}

// How long is waited between two tries where the handler does not say.
const (
	firstWait = 100 * time.Millisecond
	lastWait  = 5 * time.Second
)

// comeAgain tries until a delivery is accepted, or the handler had long enough to
// recover. It waits as it was asked to by the answer before.
func (h *Handler) comeAgain(about sameRepo, latest Answer) Answer {
	deadline := time.Now().Add(h.run.options.Limits.Recover)
	about.first.what = append(append([]string{}, about.first.what...), "about the repo of which deliveries were shed")
	for i, wait := dailyQuota+3, firstWait; ; i, wait = i+1, min(2*wait, lastWait) {
		asked, _ := latest.comeAgain()
		next := latest.ended().Add(max(wait, asked))
		if next.After(deadline) {
			next = deadline
		}
		// An interruption is told by the attempt.
		_ = pause(h.run.ctx, time.Until(next))
		latest = h.Attempt(about.at(i))
		if latest.Accepted() || !time.Now().Before(deadline) {
			return latest
		}
		if latest.Unanswered() {
			h.Deliver(Called("about another repo")) // is it all of the handler that is silent?
		}
	}
}

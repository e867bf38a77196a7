package hub

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// errand is what an attempt needs to know.
type errand struct {
	delivery *Delivery
	webhook  *Webhook // nil: it is deleted
	body     []byte
}

// errand reads what an attempt needs; nil if the delivery or its payload is gone.
func (p *dispatcher) errand(find func(*state) *Delivery) (e *errand) {
	p.db.View(func(s *state) {
		d := find(s)
		if d == nil {
			return
		}
		if body := s.Payload(d.Number); body != nil {
			e = &errand{delivery: d, webhook: s.Webhook(d.Webhook), body: body}
		}
	})
	return e
}

// attempt makes the next attempt at a delivery, if it is due.
func (p *dispatcher) attempt(number uint64) {
	e := p.errand(func(s *state) *Delivery { return s.Delivery(number) })
	if e == nil || e.delivery.Done() || e.delivery.Due.After(p.clock.Now()) {
		return
	}
	if Undeliverable(e.webhook) != "" {
		p.db.Record(func(tx *tx) {
			if reason := Undeliverable(tx.Webhook(e.delivery.Webhook)); reason != "" {
				tx.Suppress(number, reason)
			} else { // any more
				tx.Retry(number)
			}
		})
		return
	}
	made, job := p.make(e)
	if p.ctx.Err() != nil && !slices.ContainsFunc(made, func(a Attempt) bool { return a.Accepted && !IsExtra(&a) }) {
		return // it was given up, and is made again after a restart
	}
	p.db.Record(func(tx *tx) { tx.attempted(number, made, job) })
}

// make makes the next attempt, and with it those that come of faults.
func (p *dispatcher) make(e *errand) (made []Attempt, job *Job) {
	plan := p.config.Faults(e.delivery.Number, e.webhook)
	if Failures(e.delivery) < plan.FailFirst {
		return []Attempt{{
			At: p.clock.Now(), URL: p.masks.of(e.webhook).url, Faults: []string{FaultFailFirst},
			Error: fmt.Sprintf("not sent, on purpose: fail-first=%d", plan.FailFirst),
		}}, nil
	}
	if plan.WrongSecret && !HasMet(e.delivery, FaultWrongSecret) {
		foreign, _ := p.once(p.ctx, e, wrongSecret(e.webhook.Secret))
		foreign.Faults = []string{FaultWrongSecret}
		made = append(made, foreign)
	}
	own, job := p.once(p.ctx, e, e.webhook.Secret)
	made = append(made, own)
	if plan.Duplicated && own.Accepted && p.ctx.Err() == nil {
		var again Attempt
		again, job = p.once(p.ctx, e, e.webhook.Secret)
		again.Faults = []string{FaultDuplicate}
		made = append(made, again)
	}
	return made, job
}

// once makes one attempt, whatever the state of the delivery.
func (p *dispatcher) once(ctx context.Context, e *errand, secret string) (Attempt, *Job) {
	mask := p.masks.of(e.webhook)
	made := Attempt{At: p.clock.Now(), URL: mask.url}
	if e.webhook.JobID != "" {
		return p.runJob(ctx, e, made)
	}
	note(&made, p.sent(ctx, e, secret), mask)
	return made, nil
}

// sent sends the request of a delivery.
func (p *dispatcher) sent(ctx context.Context, e *errand, secret string) delivery.Exchange {
	target, err := url.Parse(e.webhook.URL)
	if err != nil {
		return delivery.Exchange{Err: fmt.Errorf("the webhook's URL is none")}
	}
	to := delivery.Destination{URL: target, SecretIn: delivery.InNone, Header: http.Header{
		"User-Agent": {p.config.UserAgent}, "Content-Type": {p.config.ContentType},
	}}
	if secret != "" {
		to.SecretIn = delivery.InHeader
	}
	a := to.Attempt(delivery.Message{Shape: e.delivery.Shape, ID: e.delivery.WebhookID, Body: e.body}, secret)
	a.Chunked = p.config.Chunked
	// The limit is for all redirects together.
	ctx, cancel := context.WithTimeoutCause(ctx, p.config.Timeout, delivery.ErrTimeout)
	defer cancel()
	return p.follow(ctx, p.config.Sender.Send(ctx, a))
}

// note writes down what came of an attempt.
func note(a *Attempt, x delivery.Exchange, mask *mask) {
	a.Latency, a.Accepted = x.Duration, x.Accepted()
	if x.Err != nil {
		a.Error = mask.Text(x.Err.Error())
	}
	if x.Response == nil {
		return
	}
	a.Status = x.Response.Status
	body := x.Response.Body
	if a.Cut = len(body) > KeptBody; a.Cut {
		body = body[:KeptBody]
	}
	a.Body = mask.cut(string(body), a.Cut || x.Err != nil)
	a.Header = fields(x.Response.Header, mask)
}

// keptFields bounds how much of an answer's head is kept.
const keptFields = 32

func fields(header http.Header, mask *mask) []Field {
	var list []Field
	for name, values := range header {
		for _, value := range values {
			list = append(list, Field{mask.field(name), mask.field(value)})
		}
	}
	slices.SortFunc(list, func(a, b Field) int {
		if a.Name != b.Name {
			return strings.Compare(a.Name, b.Name)
		}
		return strings.Compare(a.Value, b.Value)
	})
	return list[:min(len(list), keptFields)]
}

// wrongSecret returns a secret that is not a webhook's own.
func wrongSecret(own string) string {
	const guess = "not-the-secret"
	if own == guess {
		return guess + "-either"
	}
	return guess
}

// mostAttempts bounds how often a delivery is attempted by hand, for each attempt is
// kept.
const mostAttempts = 1000

// Replay attempts an old delivery once more, to the webhook's current URL and secret,
// with the same Webhook-Id (hub docs). It returns when the answer is there. Where the
// context ends before, the attempt is not counted, and the error is the context's.
func (p *dispatcher) Replay(ctx context.Context, webhookID, deliveryID string) (Attempt, error) {
	e := p.errand(func(s *state) *Delivery {
		if d := s.DeliveryByID(deliveryID); d != nil && d.Webhook == webhookID {
			return d
		}
		return nil
	})
	switch {
	case e == nil:
		return Attempt{}, notFound("", "this webhook has no delivery %s", deliveryID)
	case e.webhook == nil:
		return Attempt{}, notFound("", "the webhook of this delivery is deleted")
	case len(e.delivery.Attempts) >= mostAttempts:
		return Attempt{}, conflict("this delivery was attempted %d times: trigger another one", mostAttempts)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.ctx, cancel)()
	made, job := p.once(ctx, e, e.webhook.Secret)
	made.Replay = true
	if ctx.Err() != nil && !made.Accepted {
		return made, p.givenUp(ctx) // which says nothing about the handler
	}
	err := p.db.Update(func(tx *tx) error {
		tx.attempted(e.delivery.Number, []Attempt{made}, job)
		return nil
	})
	return made, err
}

// givenUp says why something was not waited for.
func (p *dispatcher) givenUp(ctx context.Context) error {
	if p.ctx.Err() != nil {
		return ErrClosed
	}
	return ctx.Err()
}

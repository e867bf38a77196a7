package dispatch

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

type target struct {
	delivery *activity.Delivery
	webhook  *activity.Webhook // nil: it is deleted
	body     []byte
}

// findTarget reads what an attempt needs; nil if the delivery or its payload is not kept.
func (p *Dispatcher) findTarget(find func(*domain.State) *activity.Delivery) (e *target) {
	p.db.View(func(s *domain.State) {
		d := find(s)
		if d == nil {
			return
		}
		if body := s.Payload(d.Number); body != nil {
			e = &target{delivery: d, webhook: s.Webhook(d.RegistrationID), body: body}
		}
	})
	return e
}

func (p *Dispatcher) attempt(number uint64) {
	e := p.findTarget(func(s *domain.State) *activity.Delivery { return s.Delivery(number) })
	if e == nil || e.delivery.Done() || e.delivery.Due.After(p.clock.Now()) {
		return
	}
	if domain.Undeliverable(e.webhook) != "" {
		p.db.Record(func(tx *domain.Tx) {
			if reason := domain.Undeliverable(tx.Webhook(e.delivery.RegistrationID)); reason != "" {
				tx.Suppress(number, reason)
			} else { // any more
				tx.Retry(number)
			}
		})
		return
	}
	made, job := p.make(e)
	if p.ctx.Err() != nil && !slices.ContainsFunc(made,
		func(a activity.Attempt) bool { return a.Accepted && !domain.IsExtra(&a) }) {
		return // it was given up, and is made again after a restart
	}
	p.db.Record(func(tx *domain.Tx) { tx.RecordAttempts(number, made, job) })
}

func (p *Dispatcher) make(e *target) (made []activity.Attempt, job *activity.Job) {
	plan := p.config.Faults(e.delivery.Number, e.webhook)
	if domain.Failures(e.delivery) < plan.FailFirst {
		return []activity.Attempt{{
			At: p.clock.Now(), URL: p.masks.For(e.webhook).URL, Faults: []activity.Fault{activity.FaultFailFirst},
			Error: fmt.Sprintf("not sent, on purpose: fail-first=%d", plan.FailFirst),
		}}, nil
	}
	hadWrong := func(a activity.Attempt) bool { return slices.Contains(a.Faults, activity.FaultWrongSecret) }
	if plan.WrongSecret && !slices.ContainsFunc(e.delivery.Attempts, hadWrong) {
		foreign, _ := p.once(p.ctx, e, wrongSecret(e.webhook.Secret))
		foreign.Faults = []activity.Fault{activity.FaultWrongSecret}
		made = append(made, foreign)
	}
	own, job := p.once(p.ctx, e, e.webhook.Secret)
	made = append(made, own)
	if plan.Duplicated && own.Accepted && p.ctx.Err() == nil {
		var again activity.Attempt
		again, job = p.once(p.ctx, e, e.webhook.Secret)
		again.Faults = []activity.Fault{activity.FaultDuplicate}
		made = append(made, again)
	}
	return made, job
}

// once makes one attempt, whatever the state of the delivery.
func (p *Dispatcher) once(ctx context.Context, e *target, secret string) (activity.Attempt, *activity.Job) {
	mask := p.masks.For(e.webhook)
	made := activity.Attempt{At: p.clock.Now(), URL: mask.URL}
	if e.webhook.JobID != "" {
		return p.runJob(ctx, e, made)
	}
	note(&made, p.sent(ctx, e, secret), mask)
	return made, nil
}

func (p *Dispatcher) sent(ctx context.Context, e *target, secret string) delivery.Exchange {
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
	a := to.Attempt(delivery.Message{Shape: e.delivery.Shape, ID: e.delivery.WebhookIDHeader, Body: e.body}, secret)
	a.Chunked = p.config.Chunked
	// The limit is for all redirects together.
	ctx, cancel := context.WithTimeoutCause(ctx, p.config.Timeout, delivery.ErrTimeout)
	defer cancel()
	return p.follow(ctx, p.config.Sender.Send(ctx, a))
}

func note(a *activity.Attempt, x delivery.Exchange, mask *mask.Mask) {
	a.Latency, a.Accepted = x.Duration, x.Accepted()
	if x.Err != nil {
		a.Error = mask.Text(x.Err.Error())
	}
	if x.Response == nil {
		return
	}
	a.Status = x.Response.Status
	body := x.Response.Body
	if a.Cut = len(body) > activity.KeptBody; a.Cut {
		body = body[:activity.KeptBody]
	}
	a.Body = mask.TextPrefix(string(body), a.Cut || x.Err != nil)
	a.Header = fields(x.Response.Header, mask)
}

const keptFields = 32

func fields(header http.Header, mask *mask.Mask) []activity.Field {
	var list []activity.Field
	for name, values := range header {
		for _, value := range values {
			list = append(list, activity.Field{Name: mask.Field(name), Value: mask.Field(value)})
		}
	}
	slices.SortFunc(list, func(a, b activity.Field) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
	})
	return list[:min(len(list), keptFields)]
}

func wrongSecret(own string) string {
	const guess = "not-the-secret"
	if own == guess {
		return guess + "-either"
	}
	return guess
}

// maxAttempts bounds how often a delivery is attempted by hand, for each attempt is kept.
const maxAttempts = 1000

// Replay attempts an old delivery once more, to the webhook's current URL and secret,
// with the same Webhook-Id (hub docs). It returns when the answer is there. If the
// context ends before, the attempt is not counted, and the error is the context's.
func (p *Dispatcher) Replay(ctx context.Context, webhookID, deliveryID string) (activity.Attempt, error) {
	e := p.findTarget(func(s *domain.State) *activity.Delivery {
		if d := s.DeliveryByID(deliveryID); d != nil && d.RegistrationID == webhookID {
			return d
		}
		return nil
	})
	switch {
	case e == nil:
		return activity.Attempt{}, problem.NotFound("", "this webhook has no delivery %s", deliveryID)
	case e.webhook == nil:
		return activity.Attempt{}, problem.NotFound("", "the webhook of this delivery is deleted")
	case len(e.delivery.Attempts) >= maxAttempts:
		return activity.Attempt{}, problem.Conflict("this delivery was attempted %d times: trigger another one",
			maxAttempts)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.ctx, cancel)()
	made, job := p.once(ctx, e, e.webhook.Secret)
	made.Replay = true
	if ctx.Err() != nil && !made.Accepted {
		return made, p.givenUp(ctx) // which says nothing about the handler
	}
	err := p.db.Update(func(tx *domain.Tx) error {
		tx.RecordAttempts(e.delivery.Number, []activity.Attempt{made}, job)
		return nil
	})
	return made, err
}

func (p *Dispatcher) givenUp(ctx context.Context) error {
	if p.ctx.Err() != nil {
		return domain.ErrClosed
	}
	return ctx.Err()
}

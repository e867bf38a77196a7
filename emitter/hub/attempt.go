package hub

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// errand is what an attempt needs to know.
type errand struct {
	delivery *Delivery
	webhook  *Webhook // nil: it is deleted
	body     []byte
}

// errand reads what an attempt needs; nil where the delivery is gone.
func (h *Hub) errand(number uint64) *errand {
	var e *errand
	h.view(func(s *state) {
		d, body := s.delivery(number), s.payloads.rows[padded(number)]
		if d != nil && body != nil {
			e = &errand{delivery: d, webhook: s.webhooks.rows[d.Webhook], body: body.Body}
		}
	})
	return e
}

// attempt makes the next attempt at a delivery, if it is due.
func (h *Hub) attempt(number uint64) {
	e := h.errand(number)
	if e == nil || e.delivery.done() || e.delivery.Due.After(h.clock.now()) {
		return
	}
	if undeliverable(e.webhook) != "" {
		h.record(func(tx *tx) error {
			reason := undeliverable(tx.webhooks.rows[e.delivery.Webhook])
			if reason == "" { // any more
				tx.due = append(tx.due, due{number: number})
				return nil
			}
			tx.withhold(number, reason)
			return nil
		})
		return
	}
	made, job := h.make(e)
	if h.ctx.Err() != nil && !slices.ContainsFunc(made, func(a Attempt) bool { return a.Accepted && !a.beside() }) {
		return // it was given up, and is made again after a restart
	}
	h.record(func(tx *tx) error {
		tx.attempted(number, made, job)
		return nil
	})
}

// undeliverable says why a webhook is not delivered to.
func undeliverable(w *Webhook) string {
	switch {
	case w == nil:
		return WebhookDeleted
	case w.Disabled == Suspended:
		return WebhookSuspended
	case w.Disabled != Enabled:
		return WebhookDisabled
	}
	return ""
}

// make makes the next attempt, and with it those that come of faults.
func (h *Hub) make(e *errand) (made []Attempt, job *Job) {
	fate := h.options.Faults.fate(h.state.seed, e.delivery.Number).on(e.webhook)
	if fate.keepsBack(e.delivery.failed()) {
		return []Attempt{{
			At: h.clock.now(), URL: h.masks.of(e.webhook).url, Faults: []string{FaultFailFirst},
			Error: fmt.Sprintf("not sent, on purpose: fail-first=%d", fate.failFirst),
		}}, nil
	}
	if fate.wrongSecret && !e.delivery.hasMet(FaultWrongSecret) {
		foreign, _ := h.once(h.ctx, e, wrongSecret(e.webhook.Secret))
		foreign.Faults = []string{FaultWrongSecret}
		made = append(made, foreign)
	}
	own, job := h.once(h.ctx, e, e.webhook.Secret)
	made = append(made, own)
	if fate.duplicated && own.Accepted && h.ctx.Err() == nil {
		var again Attempt
		again, job = h.once(h.ctx, e, e.webhook.Secret)
		again.Faults = []string{FaultDuplicate}
		made = append(made, again)
	}
	return made, job
}

// once makes one attempt, whatever the state of the delivery.
func (h *Hub) once(ctx context.Context, e *errand, secret string) (Attempt, *Job) {
	mask := h.masks.of(e.webhook)
	made := Attempt{At: h.clock.now(), URL: mask.url}
	if e.webhook.JobID != "" {
		return h.runJob(ctx, e, made)
	}
	made.note(h.sent(ctx, e, secret), mask)
	return made, nil
}

// sent sends the request of a delivery.
func (h *Hub) sent(ctx context.Context, e *errand, secret string) delivery.Exchange {
	target, err := url.Parse(e.webhook.URL)
	if err != nil {
		return delivery.Exchange{Err: fmt.Errorf("the webhook's URL is none")}
	}
	to := delivery.Destination{URL: target, SecretIn: delivery.InNone, Header: http.Header{
		"User-Agent": {h.options.UserAgent}, "Content-Type": {h.options.ContentType},
	}}
	if secret != "" {
		to.SecretIn = delivery.InHeader
	}
	a := to.Attempt(delivery.Message{Shape: e.delivery.Shape, ID: e.delivery.WebhookID, Body: e.body}, secret)
	a.Chunked = h.options.Chunked
	// The limit is for all redirects together.
	ctx, cancel := context.WithTimeoutCause(ctx, h.options.Timeout, delivery.ErrTimeout)
	defer cancel()
	return h.follow(ctx, h.sender.Send(ctx, a))
}

// note writes down what came of an attempt.
func (a *Attempt) note(x delivery.Exchange, mask *mask) {
	a.Latency, a.Accepted = x.Duration, x.Accepted()
	if x.Err != nil {
		a.Error = mask.text(x.Err.Error())
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
			return compare(a.Name, b.Name)
		}
		return compare(a.Value, b.Value)
	})
	return list[:min(len(list), keptFields)]
}

// attempted takes in what came of one turn at a delivery, and plans the next.
func (tx *tx) attempted(number uint64, made []Attempt, job *Job) {
	old := tx.delivery(number)
	if old == nil {
		return // it was forgotten meanwhile
	}
	d := *old
	if job != nil {
		d.Job = job
	}
	var count []Attempt
	for _, a := range made {
		d.Attempts = append(slices.Clip(d.Attempts), a)
		if !a.beside() {
			tx.counts(&d, a)
			count = append(count, a)
		}
	}
	put(tx, tx.deliveries, padded(number), &d)
	for _, a := range count {
		tx.judge(d.Webhook, a) // after the put, for it may withhold what is pending, this delivery included
	}
	tx.touch() // and counts nothing: when an attempt ends is no part of what ids are made of
}

// counts takes in an attempt that counts, the latest of a delivery.
func (tx *tx) counts(d *Delivery, made Attempt) {
	tx.conclude(d, made)
	if tx.hub.options.QuotaCounts == CountAttempts && d.counted() > 1 && tx.webhooks.rows[d.Webhook] != nil {
		put(tx, tx.standings, d.Webhook, tx.standing(d.Webhook).counted(tx.now))
	}
}

// conclude says how a delivery stands after an attempt.
func (tx *tx) conclude(d *Delivery, made Attempt) {
	switch {
	case made.Accepted:
		d.State, d.Reason, d.Due = Delivered, "", time.Time{}
		return
	case made.Replay || d.done():
		return
	}
	wait, again := tx.hub.options.Retries.Wait(tx.seed, d.Number, d.failed()-1)
	if !again {
		d.State, d.Due = Failed, time.Time{}
		return
	}
	d.Due = tx.now.Add(wait)
	tx.due = append(tx.due, due{at: d.Due, number: d.Number})
}

// judge counts failures in a row, and suspends a webhook that has too many of them.
func (tx *tx) judge(webhook string, made Attempt) {
	w, s := tx.webhooks.rows[webhook], *tx.standing(webhook)
	if w == nil || s.Failures == 0 && made.Accepted {
		return
	}
	s.Failures++
	if made.Accepted {
		s.Failures = 0
	}
	put(tx, tx.standings, webhook, &s)
	if limit := tx.hub.options.SuspendAfter; limit <= 0 || s.Failures < limit || w.Disabled != Enabled {
		return
	}
	suspended := *w
	suspended.Disabled = Suspended
	put(tx, tx.webhooks, webhook, &suspended)
	tx.hub.log.Warn("webhook suspended", "webhook", webhook, "failures in a row", s.Failures)
	tx.withholdAll(webhook, WebhookSuspended)
}

// withhold keeps a delivery from being attempted.
func (tx *tx) withhold(number uint64, reason string) {
	old := tx.delivery(number)
	if old == nil || old.done() {
		return
	}
	d := *old
	d.withhold(reason)
	put(tx, tx.deliveries, padded(number), &d)
}

// withholdAll keeps all that is pending for a webhook from being attempted.
func (tx *tx) withholdAll(webhook, reason string) {
	for _, d := range slices.Clone(tx.order) {
		if d.Webhook == webhook && d.State == Pending {
			tx.withhold(d.Number, reason)
		}
	}
}

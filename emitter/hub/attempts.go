package hub

import (
	"slices"
	"time"
)

// attempted takes in what came of one turn at a delivery, and plans the next.
func (tx *tx) attempted(number uint64, made []Attempt, job *Job) {
	old := tx.Delivery(number)
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
		if !IsExtra(&a) {
			tx.counts(&d, a)
			count = append(count, a)
		}
	}
	tx.SaveDelivery(&d)
	for _, a := range count {
		tx.judge(d.Webhook, a) // after the put, for it may withhold what is pending, this delivery included
	}
	tx.touch() // and counts nothing: when an attempt ends is no part of what ids are made of
}

// counts takes in an attempt that counts, the latest of a delivery.
func (tx *tx) counts(d *Delivery, made Attempt) {
	tx.conclude(d, made)
	if tx.config.CountAttempts && countAttempts(d, func(a *Attempt) bool { return !IsExtra(a) }) > 1 && tx.Webhook(d.Webhook) != nil {
		put(tx, tx.standings, d.Webhook, tx.standing(d.Webhook).counted(tx.now))
	}
}

// conclude says how a delivery stands after an attempt.
func (tx *tx) conclude(d *Delivery, made Attempt) {
	switch {
	case made.Accepted:
		d.State, d.Reason, d.Due = Delivered, "", time.Time{}
		return
	case made.Replay || d.Done():
		return
	}
	wait, again := tx.config.Retries.Wait(tx.seed, d.Number, Failures(d)-1)
	if !again {
		d.State, d.Due = Failed, time.Time{}
		return
	}
	d.Due = tx.now.Add(wait)
	tx.due = append(tx.due, Due{At: d.Due, Number: d.Number})
}

// judge counts failures in a row, and suspends a webhook that has too many of them.
func (tx *tx) judge(webhook string, made Attempt) {
	w, s := tx.Webhook(webhook), *tx.standing(webhook)
	if w == nil || s.Failures == 0 && made.Accepted {
		return
	}
	s.Failures++
	if made.Accepted {
		s.Failures = 0
	}
	put(tx, tx.standings, webhook, &s)
	if limit := tx.config.SuspendAfter; limit <= 0 || s.Failures < limit || w.Disabled != Enabled {
		return
	}
	suspended := *w
	suspended.Disabled = Suspended
	put(tx, tx.webhooks, webhook, &suspended)
	tx.config.Log.Warn("webhook suspended", "webhook", webhook, "failures in a row", s.Failures)
	tx.suppressAll(webhook, WebhookSuspended)
}

// SaveDelivery replaces a delivery.
func (tx *tx) SaveDelivery(d *Delivery) { put(tx, tx.deliveries, padded(d.Number), d) }

// SavePayload keeps the body of a delivery.
func (tx *tx) SavePayload(number uint64, body []byte) {
	put(tx, tx.payloads, padded(number), &payload{body})
}

// Retry has a delivery attempted again at once.
func (tx *tx) Retry(number uint64) { tx.due = append(tx.due, Due{Number: number}) }

// Suppress keeps a delivery from being attempted.
func (tx *tx) Suppress(number uint64, reason string) {
	old := tx.Delivery(number)
	if old == nil || old.Done() {
		return
	}
	d := *old
	suppress(&d, reason)
	tx.SaveDelivery(&d)
}

// suppressAll keeps all that is pending for a webhook from being attempted.
func (tx *tx) suppressAll(webhook, reason string) {
	for _, d := range slices.Clone(tx.Deliveries()) {
		if d.Webhook == webhook && d.State == Pending {
			tx.Suppress(d.Number, reason)
		}
	}
}

// Undeliverable returns why a webhook is not delivered to; empty if it is.
func Undeliverable(w *Webhook) string {
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

// Failures returns how many attempts of the Hub's own have failed.
func Failures(d *Delivery) int {
	return countAttempts(d, func(a *Attempt) bool { return !a.Accepted && !a.Replay && !IsExtra(a) })
}

func countAttempts(d *Delivery, of func(*Attempt) bool) int {
	n := 0
	for i := range d.Attempts {
		if of(&d.Attempts[i]) {
			n++
		}
	}
	return n
}

// HasMet reports whether an attempt at a delivery was subject to a fault.
func HasMet(d *Delivery, fault string) bool {
	return countAttempts(d, func(a *Attempt) bool { return slices.Contains(a.Faults, fault) }) > 0
}

// IsExtra reports whether an attempt is a fault of its own, beside what the Hub would do. It
// decides nothing about the delivery or the webhook.
func IsExtra(a *Attempt) bool {
	return slices.Contains(a.Faults, FaultWrongSecret) || slices.Contains(a.Faults, FaultDuplicate)
}

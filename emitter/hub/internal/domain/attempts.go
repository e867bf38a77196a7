package domain

import (
	"slices"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
)

// RecordAttempts records the attempts of one turn at a delivery, and schedules the next.
func (tx *Tx) RecordAttempts(number uint64, made []activity.Attempt, job *activity.Job) {
	old := tx.Delivery(number)
	if old == nil {
		return // it was forgotten meanwhile
	}
	d := *old
	if job != nil {
		d.Job = job
	}
	for _, a := range made {
		d.Attempts = append(slices.Clip(d.Attempts), a)
		if !IsExtra(&a) {
			tx.applyAttempt(&d, a)
		}
	}
	tx.SaveDelivery(&d)
	for _, a := range made {
		if !IsExtra(&a) {
			tx.countFailure(d.RegistrationID, a) // after the put, for it may withhold what is pending, this delivery included
		}
	}
	tx.setMeta(tx.meta()) // for the time, and counts nothing: when an attempt ends is no part of what ids are made of
}

func (tx *Tx) applyAttempt(d *activity.Delivery, made activity.Attempt) {
	tx.conclude(d, made)
	if tx.Config.CountAttempts && countAttempts(d, func(a *activity.Attempt) bool { return !IsExtra(a) }) > 1 &&
		tx.Webhook(d.RegistrationID) != nil {
		put(tx, tx.stats, d.RegistrationID, tx.WebhookStats(d.RegistrationID).counted(tx.Now))
	}
}

func (tx *Tx) conclude(d *activity.Delivery, made activity.Attempt) {
	switch {
	case made.Accepted:
		d.State, d.Reason, d.Due = activity.Delivered, "", time.Time{}
		return
	case made.Replay || d.Done():
		return
	}
	wait, again := tx.Config.Retries.Wait(tx.Seed, d.Number, Failures(d)-1)
	if !again {
		d.State, d.Due = activity.Failed, time.Time{}
		return
	}
	d.Due = tx.Now.Add(wait)
	tx.due = append(tx.due, Due{At: d.Due, Number: d.Number})
}

func (tx *Tx) countFailure(webhook string, made activity.Attempt) {
	w, s := tx.Webhook(webhook), *tx.WebhookStats(webhook)
	if w == nil || s.Failures == 0 && made.Accepted {
		return
	}
	s.Failures++
	if made.Accepted {
		s.Failures = 0
	}
	put(tx, tx.stats, webhook, &s)
	if limit := tx.Config.SuspendAfter; limit <= 0 || s.Failures < limit || w.Disabled != activity.Enabled {
		return
	}
	suspended := *w
	suspended.Disabled = activity.Suspended
	put(tx, tx.webhooks, webhook, &suspended)
	tx.Config.Log.Warn("webhook suspended", "webhook", webhook, "failures in a row", s.Failures)
	tx.suppressAll(webhook, activity.WebhookSuspended)
}

func (tx *Tx) SaveDelivery(d *activity.Delivery) { put(tx, tx.deliveries, padded(d.Number), d) }

func (tx *Tx) SavePayload(number uint64, body []byte) {
	put(tx, tx.payloads, padded(number), &blob{body})
}

// Retry schedules a delivery now.
func (tx *Tx) Retry(number uint64) { tx.due = append(tx.due, Due{Number: number}) }

// Suppress keeps a delivery from being attempted.
func (tx *Tx) Suppress(number uint64, reason activity.Reason) {
	old := tx.Delivery(number)
	if old == nil || old.Done() {
		return
	}
	d := *old
	suppress(&d, reason)
	tx.SaveDelivery(&d)
}

func (tx *Tx) suppressAll(webhook string, reason activity.Reason) {
	for _, d := range slices.Clone(tx.Deliveries()) {
		if d.RegistrationID == webhook && d.State == activity.Pending {
			tx.Suppress(d.Number, reason)
		}
	}
}

// Undeliverable returns why a webhook is not delivered to; empty if it is.
func Undeliverable(w *activity.Webhook) activity.Reason {
	switch {
	case w == nil:
		return activity.WebhookDeleted
	case w.Disabled == activity.Suspended:
		return activity.WebhookSuspended
	case w.Disabled != activity.Enabled:
		return activity.WebhookDisabled
	}
	return ""
}

// Failures returns how many attempts of the Hub's own have failed.
func Failures(d *activity.Delivery) int {
	return countAttempts(d, func(a *activity.Attempt) bool { return !a.Accepted && !a.Replay && !IsExtra(a) })
}

func countAttempts(d *activity.Delivery, of func(*activity.Attempt) bool) int {
	n := 0
	for i := range d.Attempts {
		if of(&d.Attempts[i]) {
			n++
		}
	}
	return n
}

// IsExtra reports whether an attempt is a fault of its own, beside what the Hub would do. It
// decides nothing about the delivery or the webhook.
func IsExtra(a *activity.Attempt) bool {
	return slices.Contains(a.Faults, activity.FaultWrongSecret) || slices.Contains(a.Faults, activity.FaultDuplicate)
}

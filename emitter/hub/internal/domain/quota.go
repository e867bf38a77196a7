package domain

import (
	"cmp"
	"slices"
	"time"
)

// quotaWindow is what the quota is for. It is assumed to slide; here it does so by the
// minute, so that what it takes to count does not grow with the quota.
const quotaWindow = 24 * time.Hour

// WebhookStats returns the statistics of a webhook; empty ones if there are none.
func (s *State) WebhookStats(webhook string) *WebhookStats {
	return cmp.Or(s.stats.rows[webhook], &WebhookStats{})
}

// Triggers returns the number of triggers in the last 24 hours.
func (s *WebhookStats) Triggers(now time.Time) int {
	n := 0
	for _, m := range s.current(now) {
		n += m.N
	}
	return n
}

func (s *WebhookStats) current(now time.Time) []minute {
	from := minuteOf(now.Add(-quotaWindow))
	at := slices.IndexFunc(s.Minutes, func(m minute) bool { return m.At > from })
	if at < 0 {
		return nil
	}
	return s.Minutes[at:]
}

// Frees returns when a webhook at its limit can be triggered again.
func (s *WebhookStats) Frees(now time.Time) time.Time {
	current := s.current(now)
	if len(current) == 0 {
		return now
	}
	return time.Unix(current[0].At*60, 0).UTC().Add(quotaWindow)
}

func (s *WebhookStats) counted(now time.Time) *WebhookStats {
	next := *s
	next.Minutes = slices.Clone(s.current(now))
	at := minuteOf(now)
	if n := len(next.Minutes); n > 0 && next.Minutes[n-1].At == at {
		next.Minutes[n-1].N++
	} else {
		next.Minutes = append(next.Minutes, minute{At: at, N: 1})
	}
	return &next
}

func minuteOf(t time.Time) int64 { return t.Unix() / 60 }

// PruneSlack is how many deliveries there may be too many before some are forgotten,
// so that it is not done for each. Those that are pending stay, however many they are.
const PruneSlack = 256

// prune forgets the oldest deliveries that are done: those beyond the number, or the
// bytes, that are kept, and those that are too old.
func (tx *Tx) prune() {
	o := tx.Config
	old := tx.Now.Add(-o.KeepFor)
	excess := min(len(tx.order)-o.KeepDeliveries, tx.doneCount)
	if excess <= PruneSlack {
		excess = 0
	}
	if tx.payloadBytes <= o.KeepBytes && excess == 0 && (len(tx.order) == 0 || tx.order[0].Created.After(old)) {
		return
	}
	var dropped []uint64
	left := tx.payloadBytes
	for _, d := range tx.order {
		if len(dropped) >= excess && left <= o.KeepBytes && d.Created.After(old) {
			break
		}
		if d.Done() {
			dropped = append(dropped, d.Number)
			left -= int64(d.Size)
		}
	}
	for _, number := range dropped {
		put(tx, tx.deliveries, padded(number), nil)
		put(tx, tx.payloads, padded(number), nil)
	}
}

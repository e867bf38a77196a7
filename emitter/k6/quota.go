package k6

import (
	"fmt"
	"math"

	"github.com/dustin/go-humanize"
)

// quota deals deliveries to webhooks in turn, by number, up to what each may have: who
// shares a test agrees on it without a word.
type quota struct {
	webhooks uint64
	limit    uint64 // of each; 0: there is none
}

// webhook is which one a delivery goes to.
func (q quota) webhook(number uint64) int { return int(number % q.webhooks) }

// check finds a delivery that would be one too many for its webhook.
func (q quota) check(number uint64) error {
	if q.limit == 0 || number/q.webhooks < q.limit {
		return nil
	}
	whose := "the webhook has"
	if q.webhooks > 1 {
		whose = fmt.Sprintf("all %s webhooks have", humanize.Comma(int64(q.webhooks)))
	}
	return fmt.Errorf("the quota is used up: %s as many triggers as the Hub allows in 24 hours, %s; for a longer test, say more webhooks", whose, humanize.Comma(int64(q.limit)))
}

// inJS is how many triggers there may be of all webhooks together.
func (q quota) inJS() float64 {
	if q.limit == 0 {
		return math.Inf(1)
	}
	return float64(q.limit * q.webhooks)
}

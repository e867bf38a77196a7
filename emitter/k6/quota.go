package k6

import (
	"fmt"
	"math"

	"github.com/dustin/go-humanize"
)

// quota deals deliveries to webhooks in turn, by number, up to the limit of each: instances
// that share a test agree without talking.
type quota struct {
	webhooks uint64
	limit    uint64 // of each; 0 means none
}

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

func (q quota) total() float64 {
	if q.limit == 0 {
		return math.Inf(1)
	}
	return float64(q.limit * q.webhooks)
}

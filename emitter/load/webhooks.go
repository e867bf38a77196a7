package load

import (
	"fmt"

	"github.com/dustin/go-humanize"
)

// spread deals the triggers of a plan to webhooks in turn, and ends when each has used
// up its quota.
type spread struct {
	Plan
	webhooks int
	left     uint64 // triggers until the quota of all is used up
	dealt    uint64
	limit    uint64
}

// Spread deals the triggers of a plan, which names no webhooks, to so many in turn. None
// is triggered more often than limit says: the plan ends when each has used that up.
func Spread(p Plan, webhooks int, limit uint64) (Plan, error) {
	if webhooks < 1 || limit < 1 {
		return nil, fmt.Errorf("%d webhooks of %d triggers each: there must be one at least", webhooks, limit)
	}
	return &spread{Plan: p, webhooks: webhooks, left: uint64(webhooks) * limit, limit: limit}, nil
}

func (s *spread) Next() (Trigger, bool) {
	if s.left == 0 {
		return Trigger{}, false
	}
	t, ok := s.Plan.Next()
	if ok {
		t.Webhook = int(s.dealt % uint64(s.webhooks))
		s.dealt++
		s.left--
	}
	return t, ok
}

func (s *spread) Again() Plan {
	return &spread{Plan: s.Plan.Again(), webhooks: s.webhooks, left: uint64(s.webhooks) * s.limit, limit: s.limit}
}

func (s *spread) String() string {
	return fmt.Sprintf("%v, to %s webhooks of %s triggers each", s.Plan, humanize.Comma(int64(s.webhooks)), humanize.Comma(int64(s.limit)))
}

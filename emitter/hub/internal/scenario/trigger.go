package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/schemas"
)

// MaxDeliveries limits the deliveries of one Trigger, because nothing else happens meanwhile.
const MaxDeliveries = 10_000

// Runner runs scenarios on a Hub.
type Runner struct {
	DB      *domain.DB
	Schemas *schemas.Set
}

// Trigger makes something happen, and returns the deliveries for it in the order of the
// events. The error is about what was asked for, or says that nothing can be written.
func (r *Runner) Trigger(from domain.Origin, t activity.Trigger) ([]activity.Delivery, error) {
	if err := checkTrigger(r.Schemas, &t); err != nil {
		return nil, err
	}
	var made []activity.Delivery
	err := r.DB.UpdateFrom(from, func(tx *domain.Tx) error {
		made = nil
		before := tx.LastNumber()
		if err := tx.Only(t.Webhook); err != nil {
			return err
		}
		for range max(t.Count, 1) {
			if err := r.happen(tx, &t); err != nil {
				return err
			}
			if tx.Created() > MaxDeliveries {
				return problem.Invalid("with so many webhooks that watch, count %d makes more than %d deliveries at once",
					t.Count, MaxDeliveries)
			}
		}
		for _, d := range tx.DeliveriesAfter(before) {
			made = append(made, *d)
		}
		return nil
	})
	return made, err
}

func checkTrigger(set *schemas.Set, t *activity.Trigger) error {
	if t.Shape == "" {
		return problem.Invalid(`shape is missing, such as "discussion.comment.create"`)
	}
	if len(t.Shape) > 200 {
		return problem.Invalid("shape is longer than any")
	}
	if _, _, _, err := set.ShapeByName(t.Shape); err != nil {
		return problem.Invalid("%v", err)
	}
	switch {
	case t.Type != "" && !slices.Contains(domain.RepoTypes(), t.Type):
		return problem.Invalid("type is %q: it is one of %s", problem.Short(t.Type), strings.Join(domain.RepoTypes(), ", "))
	case t.Repo != "" && !domain.IsRepoName(t.Repo):
		return problem.Invalid("repo is %q: a name is owner/name, of letters, digits, dots, hyphens and underscores",
			problem.Short(t.Repo))
	case t.Num < 0:
		return problem.Invalid("num is %d: discussions are counted from 1", t.Num)
	case t.Count < 0 || t.Count > activity.MaxTriggers:
		return problem.Invalid("count is %d, and must be from 1 to %d", t.Count, activity.MaxTriggers)
	}
	return nil
}

func (r *Runner) happen(tx *domain.Tx, t *activity.Trigger) error {
	s, err := newScenario(tx, t)
	if err != nil {
		return err
	}
	action := actionOf(r.Schemas, t.Shape)
	if err := s.need(action.needs); err != nil {
		return err
	}
	e, err := action.do(s)
	if err != nil {
		return err
	}
	if e.Shape, err = s.shapeOf(t.Shape, e); err != nil {
		return err
	}
	return s.explain(tx.Publish(e))
}

// shapeOf returns the shape of an event. One with a wildcard is drawn once: all webhooks get
// the same.
func (s *scenario) shapeOf(shape string, e domain.Event) (string, error) {
	if !strings.HasSuffix(shape, "*") {
		return shape, nil
	}
	e.Shape = shape
	return s.tryRender(e)
}

func (s *scenario) tryRender(e domain.Event) (string, error) {
	body, err := s.Render(e)
	return delivery.ShapeOf(body), s.explain(err)
}

// explain says of an error in rendering that it is about what was asked for.
func (s *scenario) explain(err error) error {
	var known *problem.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	return problem.Invalid("%s does not apply to this repo: %v", s.Shape, err)
}

// freeName returns a name that no repo of the type has: the name, or with a number.
func freeName(tx *domain.Tx, repoType, name string) string {
	const counted = 100 // from there on, any number
	for n, try := uint64(2), name; ; n++ {
		if tx.RepoNamed(repoType, try) == nil {
			return try
		}
		if n > counted {
			n = max(tx.NextID(), n)
		}
		try = fmt.Sprintf("%s-%d", name, n)
	}
}

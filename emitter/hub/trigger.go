package hub

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// Trigger asks for something to happen on the Hub, by the shape of the event that tells
// of it. What is missing for it, such as a repo, comes into being without an event.
type Trigger struct {
	// Shape is one of the schemas': "discussion.comment.create", "repo.config.*" (a
	// narrower scope is drawn), "repo.config.dois.update".
	Shape string `json:"shape"`
	// Repo is "owner/name", or "name" alone; "demo" of the Hub's user where empty.
	Repo string `json:"repo"`
	// Type is model, dataset, space or bucket; where empty, that of the repo of the name,
	// or model where there is none.
	Type string `json:"type"`
	// Num is the discussion; where zero, the latest one, which is made where there is none.
	Num int `json:"num"`
	// Webhook is the only one that is told, by its id, whether it watches the repo or not;
	// where empty, all that watch are.
	Webhook string `json:"webhook"`
	Count   int    `json:"count"` // how often it happens, up to MostTriggers; once where zero
	// Private is whether the repo is private, where it is made or its settings change.
	// Where nil, it is public, or changes to what it was not.
	Private *bool `json:"private"`
}

// MostTriggers is how often one Trigger can have something happen.
const MostTriggers = 1000

// mostOwed bounds the deliveries of one Trigger, for nothing else happens meanwhile.
const mostOwed = 10_000

// Trigger has something happen, and gives the deliveries that tell of it, in the order
// of the events: none where no webhook watches the repo. The URLs in payloads begin with
// Options.URL. The error is about what was asked for, or says that nothing can be
// written.
func (h *Hub) Trigger(t Trigger) ([]Delivery, error) {
	return h.trigger(origin{h.options.URL, h.options.User}, t)
}

func (h *Hub) trigger(from origin, t Trigger) ([]Delivery, error) {
	if err := t.check(h); err != nil {
		return nil, err
	}
	var made []Delivery
	err := h.changeFrom(from, func(tx *tx) error {
		made = nil
		before := tx.meta().Numbers
		if err := tx.aim(t.Webhook); err != nil {
			return err
		}
		for range max(t.Count, 1) {
			if err := tx.happen(&t); err != nil {
				return err
			}
			if tx.owed > mostOwed {
				return invalid("with so many webhooks that watch, count %d makes more than %d deliveries at once", t.Count, mostOwed)
			}
		}
		for _, d := range tx.order[tx.firstAfter(before):] {
			made = append(made, *d)
		}
		return nil
	})
	return made, err
}

// firstAfter is the place of the first delivery after a number.
func (s *state) firstAfter(number uint64) int {
	at := len(s.order)
	for at > 0 && s.order[at-1].Number > number {
		at--
	}
	return at
}

// aim has one webhook alone be told of what happens.
func (tx *tx) aim(webhook string) error {
	if webhook == "" {
		return nil
	}
	w := tx.webhooks.rows[webhook]
	switch {
	case w == nil:
		return notFound("", "there is no webhook %s", inShort(webhook))
	case w.Disabled == ByHand:
		return conflict("the webhook %s is disabled: enable it first", webhook)
	}
	tx.only = webhook
	return nil
}

// check finds what cannot be.
func (t *Trigger) check(h *Hub) error {
	if t.Shape == "" {
		return invalid(`shape is missing, such as "discussion.comment.create"`)
	}
	if len(t.Shape) > 200 {
		return invalid("shape is longer than any")
	}
	if _, _, _, err := h.schemas.ShapeByName(t.Shape); err != nil {
		return invalid("%v", err)
	}
	switch {
	case t.Type != "" && !slices.Contains(repoTypes, t.Type):
		return invalid("type is %q: it is one of %s", inShort(t.Type), strings.Join(repoTypes, ", "))
	case t.Repo != "" && !isRepoName(t.Repo):
		return invalid("repo is %q: a name is owner/name, of letters, digits, dots, hyphens and underscores", inShort(t.Repo))
	case t.Num < 0:
		return invalid("num is %d: discussions are counted from 1", t.Num)
	case t.Count < 0 || t.Count > MostTriggers:
		return invalid("count is %d, and must be from 1 to %d", t.Count, MostTriggers)
	}
	return nil
}

// triggerAnswer is the answer of POST /_mock/v1/trigger.
type triggerAnswer struct {
	Deliveries []Delivery `json:"deliveries"`
	Reason     string     `json:"reason,omitempty"` // why there are none
}

// mockTrigger makes something happen. Body: {"shape", "repo"?, "type"?, "num"?,
// "webhook"?, "count"?, "private"?}; see Trigger. Answer: {"deliveries": […], "reason"?:
// why there are none}.
func mockTrigger(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	var t Trigger
	if err := c.readKnown(&t); err != nil {
		return nil, err
	}
	made, err := c.hub.trigger(origin{url: c.url, user: c.user}, t)
	if err != nil {
		return nil, err
	}
	if len(made) == 0 {
		return triggerAnswer{[]Delivery{}, "it happened, but no webhook that is enabled watches the repo and has the event's domain"}, nil
	}
	return triggerAnswer{Deliveries: made}, nil
}

// happen has something happen once, and tells of it.
func (tx *tx) happen(t *Trigger) error {
	a, err := tx.acting(t)
	if err != nil {
		return err
	}
	act := tx.hub.actOf(t.Shape)
	if err := a.need(act.needs); err != nil {
		return err
	}
	e, err := act.do(a)
	if err != nil {
		return err
	}
	if e.shape, err = a.settled(t.Shape, e); err != nil {
		return err
	}
	return a.told(tx.tell(e))
}

// settled is the shape of an event, of which one that stands for many is drawn: all
// webhooks are told of the same.
func (a *acting) settled(shape string, e happening) (string, error) {
	if !strings.HasSuffix(shape, "*") {
		return shape, nil
	}
	e.shape = shape
	return a.trial(e)
}

// trial tries to tell of something, and gives the shape that is told.
func (a *acting) trial(e happening) (string, error) {
	const nobody = "000000000000000000000000"
	body, err := a.hub.tell.payload(a.facts(&Webhook{ID: nobody}, e, a.count()))
	return delivery.ShapeOf(body), a.told(err)
}

// told says of an error in telling that it is about what was asked for.
func (a *acting) told(err error) error {
	var known *problem
	if err == nil || errors.As(err, &known) {
		return err
	}
	return invalid("%s cannot be told of this repo: %v", a.Shape, err)
}

// free is a name that no repo of the type has: the name, or with a number.
func (tx *tx) free(repoType, name string) string {
	const counted = 100 // from there on, any number
	for n, try := uint64(2), name; ; n++ {
		if tx.repoNamed(repoType, try) == nil {
			return try
		}
		if n > counted {
			n = max(tx.count(), n)
		}
		try = fmt.Sprintf("%s-%d", name, n)
	}
}

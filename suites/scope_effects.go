package suites

import (
	"fmt"

	"github.com/onsi/gomega"
)

// countAsUpdates compares events on narrowed scopes with updates on the scopes that
// they count as: the answers, and what the handler did.
func countAsUpdates(g gomega.Gomega, h *Handler, events ...event) {
	told, unseen := false, noObserver
	for _, e := range events {
		usual := h.usualOn(e.as)
		var answer Answer
		deliver := func() { answer = e.deliver(h) }
		if len(usual.common()) == 0 {
			deliver()
			h.expectSameAnswer(g, answer, e)
			if h.run.observer != nil {
				unseen = unseenBecause(usual, e.as)
			}
			continue
		}
		seen := h.EffectOf(func() {
			if deliver(); !answer.Accepted() {
				h.expectSameAnswer(g, answer, e) // which ends it: what is refused has no effect to wait for
			}
		})
		h.expectSameAnswer(g, answer, e)
		g.Expect(seen).To(BeTheSameAs(usual.second, usual.volatile(), answer.what+", to count as an update on "+e.as))
		told = true
	}
	if !told {
		h.Inconclusive("%s", unseen)
	}
}

// unseenBecause says why effects cannot be compared with those of an update.
func unseenBecause(usual usualEffect, scope string) string {
	if len(usual.first) == 0 {
		return fmt.Sprintf("the answers are the same, but the observer sees no effect of %s.update, so there is nothing to compare with, and nothing to mend now", scope)
	}
	return fmt.Sprintf("the answers are the same, but two deliveries of %s.update have nothing in common that the observer sees: %s, and %s",
		scope, usual.first, usual.second)
}

// lookAlike is a scope that is not known, and the known one for which it could be
// taken.
type lookAlike struct{ scope, like string }

func lookAlikes() []lookAlike {
	return []lookAlike{
		{"repository", "repo"},
		{"repo_config", "repo.config"},
		{"discussions", "discussion"},
		{"Repo", "repo"},
		{"repo-config.x", "repo.config"},
	}
}

func (l lookAlike) delivery(h *Handler) Delivery {
	return h.New(Event(l.like, "update"), With("event.scope", l.scope), Called("with the scope "+l.scope))
}

// ignoresLookAlikes sends all of them at once, since nothing is to come of any, and
// asks of each alone only where something did.
func ignoresLookAlikes(g gomega.Gomega, h *Handler) {
	var all []Delivery
	for _, l := range lookAlikes() {
		all = append(all, l.delivery(h))
	}
	var answers []Answer
	deliver := func() { answers = h.AtOnce(all...) }
	var seen effect
	if h.sees() {
		seen = h.SideEffectOf(deliver)
	} else {
		deliver()
	}
	h.Given(h.Deliver())
	for _, answer := range answers {
		g.Expect(answer).To(BeAccepted())
	}
	if h.run.observer == nil {
		h.Inconclusive(noObserver)
	}
	h.Acting()
	if len(seen) > 0 {
		ignoresEach(g, h)
	}
}

// ignoresEach leaves out what comes of everything: a handler may count, or log, the
// events that it does not know as well.
func ignoresEach(g gomega.Gomega, h *Handler) {
	unknown := h.SideEffectOf(func() {
		h.Deliver(Event("repo", "update"), With("event.scope", "collection"), Called("with the scope collection"))
	})
	repo, discussion := h.usualOn("repo"), h.usualOn("discussion")
	always := map[string]bool{}
	for pointer := range unknown {
		always[pointer] = repo.first[pointer] != "" && discussion.first[pointer] != ""
	}
	for _, l := range lookAlikes() {
		d := l.delivery(h)
		seen := h.SideEffectOf(func() { h.Attempt(d) })
		g.Expect(seen.without(always)).To(BeNone(d.words()))
	}
}

package suites

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/onsi/gomega"
)

// knownScopes are the scopes of today.
func knownScopes() []string {
	return []string{"repo", "repo.content", "repo.config", "discussion", "discussion.comment"}
}

const (
	whyNarrowed = "the Hub may add narrower scopes at any time; a handler that refuses one is retried, and in the end suspended"
	whyIgnored  = "acknowledge and ignore an event that you do not want: the Hub sends it again after a 4xx"

	fixNarrowed = "Most often an enum of scopes or actions in the model refuses it, or a 4xx in the default branch: take any text for event.scope and event.action, and answer 2xx. If you do not know the scope, drop its last segment until you do, and handle the event as an update there."
	fixIgnored  = "Most often an enum in the model refuses it: take any text for event.scope and event.action. Answer 2xx to every genuine delivery that is a JSON object, and do nothing if you do not handle its scope or action."
	fixUpdate   = "Look up the whole scope; while you do not handle it, drop its last segment (repo.config.dois, repo.config, repo). If you dropped one, go on as if the action were update, in the same code, so that the answer is the same too."
)

// scopeChecks ask whether the handler is ready for scopes that come later.
func scopeChecks() []Check {
	accepts := Check{ID: "SCP-01", Area: Scope, Level: Must, Spec: docEvent, Why: whyNarrowed, Fix: fixNarrowed, Example: ExampleScope}
	same := Check{
		ID: "SCP-06", Area: Scope, Level: Should, Spec: docEvent, Fix: fixUpdate, Example: ExampleScope,
		Why: "the documentation lets any action on a narrower scope count as an update on the broader one; a handler that ignores it misses changes",
	}
	checks := table(accepts, forEachScope(func(scope string) entry {
		return entry{"accepts a scope narrower than " + scope, func(g gomega.Gomega, h *Handler) {
			g.Expect(h.Deliver(WithShape(scope + ".dois.update"))).To(BeAccepted())
		}}
	}))
	checks = append(checks,
		Check{
			ID: "SCP-02", Area: Scope, Level: Must, Spec: docEvent, Why: whyNarrowed, Fix: fixNarrowed, Example: ExampleScope,
			Title: "accepts a scope narrower by several levels",
			Run: func(g gomega.Gomega, h *Handler) {
				for _, scope := range knownScopes() {
					g.Expect(h.Deliver(WithShape(scope + ".dois.versions.drafts.update"))).To(BeAccepted())
				}
			},
		},
		Check{
			ID: "SCP-03", Area: Scope, Level: Must, Spec: docEvent, Why: whyNarrowed, Fix: fixNarrowed, Example: ExampleScope,
			Title: "accepts today's actions on a narrower scope",
			Run: func(g gomega.Gomega, h *Handler) {
				for _, action := range []string{"create", "update", "delete", "move"} {
					g.Expect(h.Deliver(WithShape("repo.config.dois." + action))).To(BeAccepted())
				}
			},
		},
		Check{
			ID: "SCP-04", Area: Scope, Level: Must, Spec: docEvent, Why: whyNarrowed, Fix: fixNarrowed, Example: ExampleScope,
			Title: "accepts an action that nobody knows yet on a narrower scope",
			Run: func(g gomega.Gomega, h *Handler) {
				for _, scope := range knownScopes() {
					g.Expect(h.Deliver(WithShape(scope + ".dois.minted"))).To(BeAccepted())
				}
			},
		},
		Check{
			ID: "SCP-05", Area: Scope, Level: Must, Spec: docEvent, Needs: Needs{Observer: true}, Example: ExampleScope,
			Title: "does not take a delete or a move on a narrower scope for that of the repo",
			Why:   "a deleted DOI must not make a handler drop the repo: any action on a narrower scope counts as an update",
			Fix:   "Decide by scope and action together, never by the action alone. delete and move are about the repo only if event.scope is exactly repo; on a narrower scope, treat every action as update.",
			Run:   keepsRepo,
		},
	)
	checks = append(checks, table(same, forEachScope(func(scope string) entry {
		return entry{"treats a scope narrower than " + scope + " as an update on it", func(g gomega.Gomega, h *Handler) {
			countAsUpdates(g, h, event{scope + ".dois", "update", scope}, event{scope + ".dois", "minted", scope})
		}}
	}))...)
	return append(checks,
		Check{
			ID: "SCP-07", Area: Scope, Level: Should, Spec: docEvent, Fix: fixUpdate, Example: ExampleScope,
			Title: "takes a scope narrower by several levels for the nearest one that it knows",
			Why:   "only the nearest known scope tells what changed; a handler that gives up after one level, or goes straight to the root, does nothing or the wrong thing",
			Run: func(g gomega.Gomega, h *Handler) {
				countAsUpdates(g, h,
					event{"repo.config.dois.versions", "update", "repo.config"},
					event{"repo.content.lfs.locks", "update", "repo.content"},
					event{"discussion.comment.reactions.votes", "update", "discussion.comment"},
				)
			},
		},
		Check{
			ID: "SCP-08", Area: Scope, Level: Should, Spec: docEvent, Fix: fixIgnored, Example: ExampleAcknowledge,
			Title: "accepts a root scope that it does not know",
			Why:   whyIgnored,
			Run: func(g gomega.Gomega, h *Handler) {
				g.Expect(h.Deliver(WithShape("repo.update"), WithProperty("event.scope", "collection"), Describe("scope collection"))).To(BeAccepted())
			},
		},
		Check{
			ID: "SCP-09", Area: Scope, Level: Should, Spec: docEvent, Example: ExampleScope,
			Title: "accepts and ignores a scope that only looks like one it knows",
			Why:   "a scope that only begins with the same letters is another one; a handler that acts on it does work that nobody asked for",
			Fix:   "Compare whole scopes, exactly as spelt, and cut them only at dots: no startswith(\"repo\"), no lower(), no regular expression without anchors and escaped dots. Answer 2xx to a scope that you do not handle, and do nothing: no else branch that acts.",
			Run:   ignoresLookAlikes,
		},
		Check{
			ID: "SCP-10", Area: Scope, Level: Should, Spec: docEvent, Fix: fixIgnored, Example: ExampleAcknowledge,
			Title: "accepts an action that it does not know on a known scope",
			Why:   whyIgnored,
			Run: func(g gomega.Gomega, h *Handler) {
				for _, scope := range knownScopes() {
					g.Expect(h.Deliver(WithShape(scope+".update"), WithProperty("event.action", "archived"), Describe("action archived"))).To(BeAccepted())
				}
			},
		},
		Check{
			ID: "SCP-11", Area: Scope, Level: Should, Spec: docEvent, Example: ExampleParse,
			Title: "survives an event of an odd form",
			Why:   "the walk up a scope is a loop, and a loop that meets an odd scope can crash or never end",
			Fix:   "Check the type of event and event.scope before you use them: if the scope is missing or not a string, ignore the event (2xx) or refuse it (400). Make every step of the walk shorten the scope, stop at an empty one, and use a loop, not recursion.",
			Run:   survivesOddForms,
		},
	)
}

func forEachScope(make func(scope string) entry) []entry {
	var entries []entry
	for _, scope := range knownScopes() {
		entries = append(entries, make(scope))
	}
	return entries
}

// survivesOddForms sends events that no sender in its right mind would send.
func survivesOddForms(g gomega.Gomega, h *Handler) {
	h.RequireAccepted(h.Deliver())
	for _, odd := range []struct {
		words, path string
		value       any // nil: it is left out
	}{
		{"the scope repo..config, with an empty segment", "event.scope", "repo..config"},
		{"the scope repo.config., with a dot at its end", "event.scope", "repo.config."},
		{"the scope .repo, with a dot at its beginning", "event.scope", ".repo"},
		{"a scope of 200 segments", "event.scope", "repo.config" + strings.Repeat(".dois", 198)},
		{"an empty scope", "event.scope", ""},
		{"a number for a scope", "event.scope", 42},
		{"null for a scope", "event.scope", json.RawMessage("null")},
		{"without event.scope", "event.scope", nil},
		{"without event", "event", nil},
	} {
		g.Expect(h.Deliver(WithShape("repo.config.update"), WithProperty(odd.path, odd.value), Describe(odd.words))).To(BeBelow500())
	}
	g.Expect(h.Deliver(Describe("after events of odd forms"))).To(BeAccepted())
}

// keepsRepo compares what a deletion and a move of the repo lead to with what
// the same words on a narrower scope do.
func keepsRepo(g gomega.Gomega, h *Handler) {
	h.ActiveShape()
	told := false
	for _, action := range []string{"delete", "move"} {
		updated := h.BaselineOn("repo").First
		real := h.SideEffectOf(func() { h.RequireAccepted(h.Deliver(WithShape("repo." + action))) })
		if len(real) == 0 || real.equal(updated) {
			continue // nothing that could be mistaken
		}
		told = true
		narrowed := h.SideEffectOf(func() { h.Deliver(WithShape("repo.dois." + action)) })
		g.Expect(narrowed).NotTo(BeSameEffect(real, nil, fmt.Sprintf("repo.dois with the action %s", action)))
	}
	if !told {
		h.Inconclusive("the observer sees no effect of repo.delete or repo.move that differs from that of repo.update, so none can be mistaken: nothing to mend now; run it again once the handler acts on deletions")
	}
}

// countAsUpdates compares events on narrowed scopes with updates on the scopes that
// they count as: the answers, and what the handler did.
func countAsUpdates(g gomega.Gomega, h *Handler, events ...event) {
	told, unseen := false, noObserver
	for _, e := range events {
		usual := h.BaselineOn(e.as)
		var answer Response
		deliver := func() { answer = e.deliver(h) }
		if len(usual.Common()) == 0 {
			deliver()
			h.ExpectSameResponse(g, answer, e)
			if h.run.observer != nil {
				unseen = unseenBecause(usual, e.as)
			}
			continue
		}
		seen := h.EffectOf(func() {
			if deliver(); !answer.Accepted() {
				h.ExpectSameResponse(g, answer, e) // which ends it: what is refused has no effect to wait for
			}
		})
		h.ExpectSameResponse(g, answer, e)
		g.Expect(seen).To(BeSameEffect(usual.Second, usual.Volatile(), answer.what+", to count as an update on "+e.as))
		told = true
	}
	if !told {
		h.Inconclusive("%s", unseen)
	}
}

// unseenBecause says why effects cannot be compared with those of an update.
func unseenBecause(usual Baseline, scope string) string {
	if len(usual.First) == 0 {
		return fmt.Sprintf("the answers are the same, but the observer sees no effect of %s.update, so there is nothing to compare with, and nothing to mend now", scope)
	}
	return fmt.Sprintf("the answers are the same, but two deliveries of %s.update have nothing in common that the observer sees: %s, and %s",
		scope, usual.First, usual.Second)
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
	return h.New(WithEvent(l.like, "update"), WithProperty("event.scope", l.scope), Describe("with the scope "+l.scope))
}

// ignoresLookAlikes sends all of them at once, since nothing is to come of any, and
// asks of each alone only where something did.
func ignoresLookAlikes(g gomega.Gomega, h *Handler) {
	var all []Delivery
	for _, l := range lookAlikes() {
		all = append(all, l.delivery(h))
	}
	var answers []Response
	deliver := func() { answers = h.AttemptTogether(all...) }
	var seen effect
	if h.SeesEffects() {
		seen = h.SideEffectOf(deliver)
	} else {
		deliver()
	}
	h.RequireAccepted(h.Deliver())
	for _, answer := range answers {
		g.Expect(answer).To(BeAccepted())
	}
	if h.run.observer == nil {
		h.Inconclusive(noObserver)
	}
	h.ActiveShape()
	if len(seen) > 0 {
		ignoresEach(g, h)
	}
}

// ignoresEach leaves out what comes of everything: a handler may count, or log, the
// events that it does not know as well.
func ignoresEach(g gomega.Gomega, h *Handler) {
	unknown := h.SideEffectOf(func() {
		h.Deliver(WithEvent("repo", "update"), WithProperty("event.scope", "collection"), Describe("with the scope collection"))
	})
	repo, discussion := h.BaselineOn("repo"), h.BaselineOn("discussion")
	always := map[string]bool{}
	for pointer := range unknown {
		always[pointer] = repo.First[pointer] != "" && discussion.First[pointer] != ""
	}
	for _, l := range lookAlikes() {
		d := l.delivery(h)
		seen := h.SideEffectOf(func() { h.Attempt(d) })
		g.Expect(seen.without(always)).To(BeNoEffect(d.String()))
	}
}

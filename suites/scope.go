package suites

import (
	"fmt"

	"github.com/onsi/gomega"
)

// knownScopes are the scopes of today.
func knownScopes() []string {
	return []string{"repo", "repo.content", "repo.config", "discussion", "discussion.comment"}
}

const whyNarrowed = "the Hub may add narrower scopes at any time; a handler that refuses one is retried, and in the end suspended"

// scopeChecks ask whether the handler is ready for scopes that come later.
func scopeChecks() []Check {
	accepts := Check{ID: "SCP-01", Area: Scope, Level: Must, Spec: docEvent, Why: whyNarrowed}
	same := Check{
		ID: "SCP-06", Area: Scope, Level: Should, Spec: docEvent, Needs: Needs{Observer: true},
		Why: "the documentation lets any action on a narrower scope count as an update on the broader one; a handler that ignores it misses changes",
	}
	checks := table(accepts, forEachScope(func(scope string) entry {
		return entry{"accepts a scope narrower than " + scope, func(g gomega.Gomega, h *Handler) {
			g.Expect(h.Deliver(Of(scope + ".dois.update"))).To(BeAccepted())
		}}
	}))
	checks = append(checks,
		Check{
			ID: "SCP-02", Area: Scope, Level: Must, Spec: docEvent, Why: whyNarrowed,
			Title: "accepts a scope narrower by several levels",
			Run: func(g gomega.Gomega, h *Handler) {
				for _, scope := range knownScopes() {
					g.Expect(h.Deliver(Of(scope + ".dois.versions.drafts.update"))).To(BeAccepted())
				}
			},
		},
		Check{
			ID: "SCP-03", Area: Scope, Level: Must, Spec: docEvent, Why: whyNarrowed,
			Title: "accepts today's actions on a narrower scope",
			Run: func(g gomega.Gomega, h *Handler) {
				for _, action := range []string{"create", "update", "delete", "move"} {
					g.Expect(h.Deliver(Of("repo.config.dois." + action))).To(BeAccepted())
				}
			},
		},
		Check{
			ID: "SCP-04", Area: Scope, Level: Must, Spec: docEvent, Why: whyNarrowed,
			Title: "accepts an action that nobody knows yet on a narrower scope",
			Run: func(g gomega.Gomega, h *Handler) {
				for _, scope := range knownScopes() {
					g.Expect(h.Deliver(Of(scope + ".dois.minted"))).To(BeAccepted())
				}
			},
		},
		Check{
			ID: "SCP-05", Area: Scope, Level: Must, Spec: docEvent, Needs: Needs{Observer: true},
			Title: "does not take a delete or a move on a narrower scope for that of the repo",
			Why:   "a DOI that is deleted must not make a handler drop the repo: any action on a narrower scope counts as an update",
			Run:   keepsRepo,
		},
	)
	checks = append(checks, table(same, forEachScope(func(scope string) entry {
		return entry{"treats a scope narrower than " + scope + " as an update on it", func(g gomega.Gomega, h *Handler) {
			actsAsUpdate(g, h, scope)
		}}
	}))...)
	return append(checks,
		Check{
			ID: "SCP-08", Area: Scope, Level: Should, Spec: docEvent,
			Title: "accepts a root scope that it does not know",
			Why:   "an event that a handler does not want is to be acknowledged and ignored: a 4xx is retried",
			Run: func(g gomega.Gomega, h *Handler) {
				g.Expect(h.Deliver(Of("repo.update"), With("event.scope", "collection"), Called("scope collection"))).To(BeAccepted())
			},
		},
		Check{
			ID: "SCP-10", Area: Scope, Level: Should, Spec: docEvent,
			Title: "accepts an action that it does not know on a known scope",
			Why:   "an event that a handler does not want is to be acknowledged and ignored: a 4xx is retried",
			Run: func(g gomega.Gomega, h *Handler) {
				for _, scope := range knownScopes() {
					g.Expect(h.Deliver(Of(scope+".update"), With("event.action", "archived"), Called("action archived"))).To(BeAccepted())
				}
			},
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

// keepsRepo compares what a deletion and a move of the repo lead to with what
// the same words on a narrower scope do.
func keepsRepo(g gomega.Gomega, h *Handler) {
	h.Acting()
	told := false
	for _, action := range []string{"delete", "move"} {
		updated := h.Usual("repo").first
		real := h.SideEffectOf(func() { h.Given(h.Deliver(Of("repo." + action))) })
		if len(real) == 0 || real.equal(updated) {
			continue // nothing that could be mistaken
		}
		told = true
		narrowed := h.SideEffectOf(func() { h.Deliver(Of("repo.dois." + action)) })
		g.Expect(narrowed).NotTo(BeTheSameAs(real, nil, fmt.Sprintf("repo.dois with the action %s", action)))
	}
	if !told {
		h.Inconclusive("the observer sees no effect of repo.delete or repo.move that differs from that of repo.update, so none can be mistaken")
	}
}

// actsAsUpdate compares what an event on a narrower scope leads to with what an
// update on the broader one does.
func actsAsUpdate(g gomega.Gomega, h *Handler, scope string) {
	h.Acting()
	usual := h.Usual(scope)
	if len(usual.first) == 0 {
		h.Inconclusive("the observer sees no effect of %s.update, so there is nothing to compare with", scope)
	}
	if len(usual.common()) == 0 {
		h.Inconclusive("two deliveries of %s.update have nothing in common that the observer sees: %s, and %s", scope, usual.first, usual.second)
	}
	for _, action := range []string{"update", "minted"} {
		shape := scope + ".dois." + action
		narrowed := h.EffectOf(func() { g.Expect(h.Deliver(Of(shape))).To(HaveStatus(usual.answer.Status())) })
		g.Expect(narrowed).To(BeTheSameAs(usual.second, usual.volatile(), shape))
	}
}

package catalogue

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/suites/check"
	"github.com/hubhook/hubhook/suites/observe"
)

// onKnownScopes returns shapes, each with an end after a scope of today.
func onKnownScopes(end string) (shapes []string) {
	for _, scope := range []string{"repo", "repo.content", "repo.config", "discussion", "discussion.comment"} {
		shapes = append(shapes, scope+"."+end)
	}
	return shapes
}

const (
	whyNarrowed = "the Hub may add narrower scopes at any time; a handler that refuses one is retried, and in the end suspended"
	whyIgnored  = "acknowledge and ignore an event that you do not want: the Hub sends it again after a 4xx"

	fixNarrowed = "Most often an enum of scopes or actions in the model refuses it, or a 4xx in the default branch: take any text for event.scope and event.action, and answer 2xx. If you do not know the scope, drop its last segment until you do, and handle the event as an update there."
	fixIgnored  = "Most often an enum in the model refuses it: take any text for event.scope and event.action. Answer 2xx to every genuine delivery that is a JSON object, and do nothing if you do not handle its scope or action."
	fixUpdate   = "Look up the whole scope; while you do not handle it, drop its last segment (repo.config.dois, repo.config, repo). If you dropped one, go on as if the action were update, in the same code, so that the answer is the same too."
)

// scopeChecks returns the checks of whether the handler is ready for scopes that come later.
func scopeChecks() []check.Check {
	accepted := check.Check{Area: check.AreaScope, Level: check.Must, Why: whyNarrowed, Fix: fixNarrowed, Example: check.ExampleScope}
	ignored := check.Check{
		Area: check.AreaScope, Level: check.Should, Why: whyIgnored, Fix: fixIgnored, Example: check.ExampleAcknowledge,
	}
	updates := check.Check{
		Area: check.AreaScope, Level: check.Should, Fix: fixUpdate, Example: check.ExampleScope,
		Why: "the documentation lets any action on a narrower scope count as an update on the broader one; a handler that ignores it misses changes",
	}
	checks := table(accepted, docEvent, []row{
		acceptsNarrower("SCP-01a", "repo"),
		acceptsNarrower("SCP-01b", "repo.content"),
		acceptsNarrower("SCP-01c", "repo.config"),
		acceptsNarrower("SCP-01d", "discussion"),
		acceptsNarrower("SCP-01e", "discussion.comment"),
		{id: "SCP-02", title: "accepts a scope narrower by several levels", run: acceptsShapes(onKnownScopes("dois.versions.drafts.update"))},
		{id: "SCP-03", title: "accepts today's actions on a narrower scope", run: acceptsShapes([]string{
			"repo.config.dois.create", "repo.config.dois.update", "repo.config.dois.delete", "repo.config.dois.move"})},
		{id: "SCP-04", title: "accepts an action that nobody knows yet on a narrower scope", run: acceptsShapes(onKnownScopes("dois.minted"))},
	})
	checks = append(checks,
		check.Check{
			ID: "SCP-05", Area: check.AreaScope, Level: check.Must, Spec: docEvent, Needs: check.Needs{Observer: true}, Example: check.ExampleScope,
			Title: "does not take a delete or a move on a narrower scope for that of the repo",
			Why:   "a deleted DOI must not make a handler drop the repo: any action on a narrower scope counts as an update",
			Fix:   "Decide by scope and action together, never by the action alone. delete and move are about the repo only if event.scope is exactly repo; on a narrower scope, treat every action as update.",
			Run:   ignoresNarrowedDeletion,
		},
	)
	checks = append(checks, table(updates, docEvent, []row{
		treatsAsUpdate("SCP-06a", "repo"),
		treatsAsUpdate("SCP-06b", "repo.content"),
		treatsAsUpdate("SCP-06c", "repo.config"),
		treatsAsUpdate("SCP-06d", "discussion"),
		treatsAsUpdate("SCP-06e", "discussion.comment"),
	})...)
	return append(checks,
		check.Check{
			ID: "SCP-07", Area: check.AreaScope, Level: check.Should, Spec: docEvent, Fix: fixUpdate, Example: check.ExampleScope,
			Title: "takes a scope narrower by several levels for the nearest one that it knows",
			Why:   "only the nearest known scope tells what changed; a handler that gives up after one level, or goes straight to the root, does nothing or the wrong thing",
			Run: func(g gomega.Gomega, h *check.Handler) {
				countAsUpdates(g, h,
					check.Event{Scope: "repo.config.dois.versions", Action: "update", As: "repo.config"},
					check.Event{Scope: "repo.content.lfs.locks", Action: "update", As: "repo.content"},
					check.Event{Scope: "discussion.comment.reactions.votes", Action: "update", As: "discussion.comment"},
				)
			},
		},
		single(ignored, "SCP-08", docEvent, "accepts a root scope that it does not know",
			acceptsOne(check.WithShape("repo.update"), check.WithProperty("event.scope", "collection"), check.Describe("scope collection"))),
		check.Check{
			ID: "SCP-09", Area: check.AreaScope, Level: check.Should, Spec: docEvent, Example: check.ExampleScope,
			Title: "accepts and ignores a scope that only looks like one it knows",
			Why:   "a scope that only begins with the same letters is another one; a handler that acts on it does work that nobody asked for",
			Fix:   "Compare whole scopes, exactly as spelt, and cut them only at dots: no startswith(\"repo\"), no lower(), no regular expression without anchors and escaped dots. Answer 2xx to a scope that you do not handle, and do nothing: no else branch that acts.",
			Run:   ignoresLookAlikes,
		},
		single(ignored, "SCP-10", docEvent, "accepts an action that it does not know on a known scope",
			acceptsShapes(onKnownScopes("update"), check.WithProperty("event.action", "archived"), check.Describe("action archived"))),
		check.Check{
			ID: "SCP-11", Area: check.AreaScope, Level: check.Should, Spec: docEvent, Example: check.ExampleParse,
			Title: "survives an event of an odd form",
			Why:   "the walk up a scope is a loop, and a loop that meets an odd scope can crash or never end",
			Fix:   "Check the type of event and event.scope before you use them: if the scope is missing or not a string, ignore the event (2xx) or refuse it (400). Make every step of the walk shorten the scope, stop at an empty one, and use a loop, not recursion.",
			Run: survivesEach("events of odd forms",
				oddForm("the scope repo..config, with an empty segment", "event.scope", "repo..config"),
				oddForm("the scope repo.config., with a dot at its end", "event.scope", "repo.config."),
				oddForm("the scope .repo, with a dot at its beginning", "event.scope", ".repo"),
				oddForm("a scope of 200 segments", "event.scope", "repo.config"+strings.Repeat(".dois", 198)),
				oddForm("an empty scope", "event.scope", ""),
				oddForm("a number for a scope", "event.scope", 42),
				oddForm("null for a scope", "event.scope", null),
				oddForm("without event.scope", "event.scope", nil),
				oddForm("without event", "event", nil),
			),
		},
	)
}

func acceptsNarrower(id, scope string) row {
	return accepts(id, "accepts a scope narrower than "+scope, check.WithShape(scope+".dois.update"))
}

func treatsAsUpdate(id, scope string) row {
	return row{id: id, title: "treats a scope narrower than " + scope + " as an update on it", run: func(g gomega.Gomega, h *check.Handler) {
		countAsUpdates(g, h,
			check.Event{Scope: scope + ".dois", Action: "update", As: scope},
			check.Event{Scope: scope + ".dois", Action: "minted", As: scope})
	}}
}

// oddForm makes an event that no sensible sender would send.
func oddForm(words, path string, value any) check.DeliveryOption {
	return check.WithAll(check.WithShape("repo.config.update"), check.WithProperty(path, value), check.Describe(words))
}

// ignoresNarrowedDeletion compares the effects of a deletion and a move of the repo with those of the same
// actions on a narrower scope.
func ignoresNarrowedDeletion(g gomega.Gomega, h *check.Handler) {
	h.ActiveShape()
	compared := false
	for _, action := range []string{"delete", "move"} {
		updated := h.BaselineOn("repo").First
		real := h.SideEffectOf(func() { h.RequireAccepted(h.Deliver(check.WithShape("repo." + action))) })
		if len(real) == 0 || real.Equal(updated) {
			continue // nothing that could be mistaken
		}
		compared = true
		narrowed := h.SideEffectOf(func() { h.Deliver(check.WithShape("repo.dois." + action)) })
		h.ExpectOtherEffect(narrowed, real, fmt.Sprintf("repo.dois with the action %s", action))
	}
	if !compared {
		h.Inconclusive("the observer sees no effect of repo.delete or repo.move that differs from that of repo.update, so none can be mistaken: nothing to mend now; run it again once the handler acts on deletions")
	}
}

// countAsUpdates compares events on narrowed scopes with updates on the scopes that they
// count as: the responses, and the effects.
func countAsUpdates(g gomega.Gomega, h *check.Handler, events ...check.Event) {
	compared, unseen := false, check.NoObserver
	for _, e := range events {
		baseline := h.BaselineOn(e.As)
		var response check.Response
		deliver := func() { response = h.DeliverEvent(e) }
		if len(baseline.Common()) == 0 {
			deliver()
			h.ExpectSameResponse(g, response, e)
			if h.HasObserver() {
				unseen = unseenBecause(baseline, e.As)
			}
			continue
		}
		seen := h.EffectOf(func() {
			if deliver(); !response.Accepted() {
				h.ExpectSameResponse(g, response, e) // which fails: what is rejected has no effect to wait for
			}
		})
		h.ExpectSameResponse(g, response, e)
		h.ExpectSameEffect(seen, baseline.Second, baseline.Volatile(), response.What()+", to count as an update on "+e.As)
		compared = true
	}
	if !compared {
		h.Inconclusive("%s", unseen)
	}
}

// unseenBecause says why effects cannot be compared with those of an update.
func unseenBecause(baseline check.Baseline, scope string) string {
	if len(baseline.First) == 0 {
		return fmt.Sprintf("the answers are the same, but the observer sees no effect of %s.update, so there is nothing to compare with, and nothing to mend now", scope)
	}
	return fmt.Sprintf("the answers are the same, but two deliveries of %s.update have nothing in common that the observer sees: %s, and %s",
		scope, baseline.First, baseline.Second)
}

// lookAlike is an unknown scope, and the known one for which it could be taken.
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

func (l lookAlike) delivery(h *check.Handler) check.Delivery {
	return h.NewDelivery(check.WithEvent(l.like, "update"), check.WithProperty("event.scope", l.scope), check.Describe("with the scope "+l.scope))
}

// ignoresLookAlikes sends all of them at once, since none should have an effect, and each
// on its own only if there was one.
func ignoresLookAlikes(g gomega.Gomega, h *check.Handler) {
	var all []check.Delivery
	for _, l := range lookAlikes() {
		all = append(all, l.delivery(h))
	}
	var responses []check.Response
	deliver := func() { responses = h.AttemptTogether(all...) }
	var seen observe.Effect
	if h.SeesEffects() {
		seen = h.SideEffectOf(deliver)
	} else {
		deliver()
	}
	h.RequireAccepted(h.Deliver())
	for _, response := range responses {
		g.Expect(response).To(check.BeAccepted())
	}
	if !h.HasObserver() {
		h.Inconclusive(check.NoObserver)
	}
	h.ActiveShape()
	if len(seen) > 0 {
		ignoresEach(g, h)
	}
}

// ignoresEach leaves out effects of all events: a handler may count, or log, those that it
// does not know as well.
func ignoresEach(g gomega.Gomega, h *check.Handler) {
	unknown := h.SideEffectOf(func() {
		h.Deliver(check.WithEvent("repo", "update"), check.WithProperty("event.scope", "collection"), check.Describe("with the scope collection"))
	})
	repo, discussion := h.BaselineOn("repo"), h.BaselineOn("discussion")
	always := map[string]bool{}
	for pointer := range unknown {
		always[pointer] = repo.First[pointer] != "" && discussion.First[pointer] != ""
	}
	for _, l := range lookAlikes() {
		d := l.delivery(h)
		seen := h.SideEffectOf(func() { h.Attempt(d) })
		h.ExpectNoEffect(seen.Without(always), d.String())
	}
}

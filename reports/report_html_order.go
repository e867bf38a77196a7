package reports

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/reports/safetext"
)

// pageCause is a failure to mend, and those that are most likely gone with it.
type pageCause struct {
	pageRef
	Also []pageRef
}

// causes are the failures in the order in which to mend them: MUST before SHOULD before
// MAY, and those that come of another below it. Of a handler that accepts nothing it is
// the first alone, for the others say no more.
func (b *pageBuilder) causes() (list []pageCause) {
	failed := b.report.Filter(Check.failedAnew)
	slices.SortStableFunc(failed, func(a, b Check) int { return cmp.Compare(levelRank(a.Level), levelRank(b.Level)) })
	if b.report.unjudged() && len(failed) > 1 {
		failed = failed[:1]
	}
	byID := map[string]Check{}
	for _, check := range failed {
		byID[check.ID] = check
	}
	at := map[string]int{}
	for _, check := range failed {
		if rootOf(check, byID) == check.ID {
			at[check.ID] = len(list)
			list = append(list, pageCause{pageRef: b.ref(check)})
		}
	}
	for _, check := range failed {
		if root := rootOf(check, byID); root != check.ID {
			cause := &list[at[root]]
			cause.Also = append(cause.Also, b.ref(check))
		}
	}
	return list
}

// rootOf is the failure to mend before another: itself where there is none, or where
// they lead in a circle.
func rootOf(check Check, failed map[string]Check) string {
	seen := map[string]bool{}
	for at := check; ; {
		seen[at.ID] = true
		i := slices.IndexFunc(at.FixFirst, func(id string) bool { _, there := failed[id]; return there })
		if i < 0 {
			return at.ID
		}
		if seen[at.FixFirst[i]] {
			return smallest(seen)
		}
		at = failed[at.FixFirst[i]]
	}
}

func smallest(ids map[string]bool) (least string) {
	for id := range ids {
		if least == "" || id < least {
			least = id
		}
	}
	return least
}

// lists are of the checks that are to be told of beside the failures.
func (b *pageBuilder) lists() (lists []pageList) {
	for _, l := range []struct {
		title  string
		wanted func(Check) bool
		words  func(Check) string
	}{
		{"Listed as known failures, and pass now: they fail the run", Check.isOutdated, func(c Check) string { return strings.TrimPrefix(outdatedText(c), c.ID+" ") }},
		{"Known failures: they do not fail the run", Check.failedAsKnown, func(c Check) string { return safetext.Line(c.Reason) }},
		{"Not judged, by a fault of hubhook: please report it", func(c Check) bool { return c.Status == Error }, faultOf},
		{"Passed, with a reservation", func(c Check) bool { return c.Status == Passed && c.Warning != "" }, func(c Check) string { return c.Warning }},
	} {
		list := pageList{Title: l.title}
		for _, check := range b.report.Filter(l.wanted) {
			ref := b.ref(check)
			ref.Words = safetext.Line(l.words(check))
			if check.isOutdated() {
				ref.Kind, ref.Sign = "outdated", Mark(Failed)
			}
			list.Checks = append(list.Checks, ref)
		}
		if len(list.Checks) > 0 {
			lists = append(lists, list)
		}
	}
	return lists
}

func faultOf(c Check) string {
	what, _ := c.Fault()
	return what
}

package html

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

// A pageBuilder makes the parts of a page, which link to each other.
type pageBuilder struct {
	report         *reports.Report
	anchors        anchors
	checks         []string                   // the id of each check's element, in the order of the report
	byID           map[string]int             // the places of checks
	areas          map[string]string          // the ids of areas' elements
	exampleAnchors map[string]string          // the ids of elements of code, by the name of the mend
	bodies         map[reports.Body]wholeBody // as they are shown if there is room
	limits         pageLimits
	shown          map[string]shownExchange // exchanges that are in the page, by all that is shown of them
}

func newPageBuilder(r *reports.Report) *pageBuilder {
	b := &pageBuilder{
		report: r, anchors: anchors{"glance": true, "time": true, "checks": true, "code": true, "words": true, "none": true},
		byID: map[string]int{}, areas: map[string]string{}, exampleAnchors: map[string]string{},
		shown: map[string]shownExchange{}, bodies: map[reports.Body]wholeBody{},
	}
	b.limits = b.limitsOf(r)
	for i, check := range r.Checks {
		if _, there := b.byID[check.ID]; !there {
			b.byID[check.ID] = i
		}
		b.checks = append(b.checks, b.anchors.take(check.ID))
	}
	for _, area := range r.Areas() {
		b.areas[area] = b.anchors.take("area-" + area)
	}
	for _, name := range exampleNames(r) {
		b.exampleAnchors[name] = b.anchors.take("mend-" + name)
	}
	return b
}

func (b *pageBuilder) ref(check reports.Check) pageRef {
	kind := kindOf(check)
	return pageRef{check, b.checks[b.byID[check.ID]], kind.Sign, kind.Kind, kind.Words}
}

func (b *pageBuilder) refs(ids []string) (list []pageRef) {
	for _, id := range ids {
		if i, there := b.byID[id]; there {
			list = append(list, b.ref(b.report.Checks[i]))
		}
	}
	return list
}

type pageSection struct {
	Name, Anchor string
	Count        int
	Tallies      []pageTally
	Tables       []pageTable
}

// A pageTable is one check, or consecutive entries of a table.
type pageTable struct {
	Anchor string // empty if it is no table
	Name   string
	Checks []pageCheck
}

// A pageCheck is a check with what is said of it.
type pageCheck struct {
	pageRef
	Took      string
	Open      bool
	Mark      string // what is special about the verdict
	Linked    bool   // Spec is an address that a page may lead to
	Lines     []pageReason
	Trace     []textRun
	First     []pageRef
	Code      string // the anchor of code that does it right
	Kept      string
	Exchanges []pageExchange
	Curl      string
	How       string
}

// A pageReason is a line of a reason, with its label.
type pageReason struct {
	Name string
	Text []textRun
}

func (b *pageBuilder) sections() (list []pageSection) {
	open := b.firstToOpen()
	for _, area := range b.report.Areas() {
		checks := b.report.InArea(area)
		section := pageSection{Name: area, Anchor: b.areas[area], Count: len(checks),
			Tallies: tallyOf(checks)}
		for i, check := range b.report.Checks {
			if check.Area == area {
				section.add(b.check(i, i == open), b.anchors)
			}
		}
		list = append(list, section)
	}
	return list
}

// firstToOpen returns the index of the failure to fix first, or -1.
func (b *pageBuilder) firstToOpen() int {
	if causes := b.causes(); len(causes) > 0 {
		return slices.Index(b.checks, causes[0].Anchor)
	}
	return -1
}

func (s *pageSection) add(check pageCheck, anchors anchors) {
	name := reports.TableOf(check.ID)
	if name == check.ID {
		name = "" // it is no table
	}
	if n := len(s.Tables); n > 0 && name != "" && s.Tables[n-1].Name == name {
		s.Tables[n-1].Checks = append(s.Tables[n-1].Checks, check)
		return
	}
	table := pageTable{Name: name, Checks: []pageCheck{check}}
	if name != "" && !anchors[name] {
		table.Anchor = anchors.take(name)
	}
	s.Tables = append(s.Tables, table)
}

func (b *pageBuilder) check(i int, open bool) pageCheck {
	c := b.report.Checks[i]
	page := pageCheck{
		pageRef: b.ref(c), Took: checkDuration(c.DurationMs), Open: open, Linked: wording.IsAddress(c.Spec),
		Trace: textRuns(excerpt(c.Trace, maxTrace)), First: b.refs(c.FixFirst), Kept: shownCount(c),
		Exchanges: b.exchanges(c, b.checks[i]),
	}
	page.Anchor = b.checks[i]
	switch {
	case c.PassedUnexpectedly():
		page.Mark, page.Kind, page.Sign = wording.Outdated(c), "outdated", wording.Mark(reports.Failed)
	case c.FailedAsKnown():
		page.Mark = "a known failure, which does not fail the run"
	}
	for _, o := range c.Lines() {
		page.Lines = append(page.Lines, pageReason{wording.Label(o), textRuns(excerpt(strings.TrimSpace(o.Text), maxLine))})
	}
	if c.Status == reports.Failed {
		page.Code = b.exampleAnchors[c.Example]
	}
	if x, ok := c.DecisiveExchange(); ok {
		page.Curl, page.How = b.limits.curl(x.Curl), wording.HowToReproduce(x)
	}
	return page
}

func shownCount(c reports.Check) string {
	if c.Sent <= len(c.Exchanges) {
		return ""
	}
	return fmt.Sprintf("%s of %s requests are told here", wording.Number(uint64(len(c.Exchanges))),
		wording.Number(uint64(c.Sent)))
}

type pageExamples struct {
	Name, Anchor string
	For          []pageRef
	Languages    []reports.Example
}

func exampleNames(r *reports.Report) (names []string) {
	for _, check := range r.Checks {
		if check.Status == reports.Failed && len(r.Examples[check.Example]) > 0 && !slices.Contains(names, check.Example) {
			names = append(names, check.Example)
		}
	}
	return names
}

func (b *pageBuilder) examples() (list []pageExamples) {
	for _, name := range exampleNames(b.report) {
		example := pageExamples{Name: name, Anchor: b.exampleAnchors[name], Languages: b.report.Examples[name]}
		for _, check := range b.report.WithStatus(reports.Failed) {
			if check.Example == name {
				example.For = append(example.For, b.ref(check))
			}
		}
		list = append(list, example)
	}
	slices.SortStableFunc(list, func(a, b pageExamples) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

func exampleCode(m reports.Example) string {
	var parts []string
	for _, part := range m.Parts {
		parts = append(parts, strings.Trim(wording.EscapeCode(part.Code), "\n"))
	}
	return strings.Join(parts, "\n\n")
}

func checkDuration(ms int64) string {
	if ms == 0 {
		return "under 1ms"
	}
	return wording.Ms(float64(ms))
}

// anchors are the element IDs in use.
type anchors map[string]bool

// safeAnchor matches element IDs that every tool can read.
var safeAnchor = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,60}$`)

// take returns an ID that no other element has, the wanted one if possible.
func (a anchors) take(wanted string) string {
	for n := 1; ; n++ {
		if safeAnchor.MatchString(wanted) && !a[wanted] {
			a[wanted] = true
			return wanted
		}
		wanted = fmt.Sprintf("at-%d-%d", len(a), n)
	}
}

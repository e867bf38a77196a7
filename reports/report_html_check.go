package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// pageBuilder makes the parts of a page, which lead to each other.
type pageBuilder struct {
	report  *Report
	anchors anchors
	checks  []string           // the id of each check's element, in the order of the report
	byID    map[string]int     // the places of checks
	areas   map[string]string  // the ids of areas' elements
	mended  map[string]string  // the ids of elements of code, by the name of the mend
	bodies  map[Body]wholeBody // as they are shown where there is room
	limits  pageLimits
	told    map[string]pageRef // exchanges that stand in the page, by all that is told of them
}

func newPageBuilder(r *Report) *pageBuilder {
	b := &pageBuilder{
		report: r, anchors: anchors{"glance": true, "time": true, "checks": true, "code": true, "words": true, "none": true},
		byID: map[string]int{}, areas: map[string]string{}, mended: map[string]string{}, told: map[string]pageRef{},
		bodies: map[Body]wholeBody{},
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
	for _, name := range mendNames(r) {
		b.mended[name] = b.anchors.take("mend-" + name)
	}
	return b
}

// ref leads to a check.
func (b *pageBuilder) ref(check Check) pageRef {
	kind := kindOf(check)
	return pageRef{
		ID: plain(check.ID), Anchor: b.checks[b.byID[check.ID]], Level: plain(check.Level), Title: plain(check.Title),
		Sign: kind.Sign, Kind: kind.Kind, Words: kind.Words,
	}
}

// refs lead to checks, those that are in the report.
func (b *pageBuilder) refs(ids []string) (list []pageRef) {
	for _, id := range ids {
		if i, there := b.byID[id]; there {
			list = append(list, b.ref(b.report.Checks[i]))
		}
	}
	return list
}

// pageSection is an area.
type pageSection struct {
	Name, Anchor string
	Count        int
	Tallies      []pageTally
	Tables       []pageTable
}

// pageTable is one check, or the entries of a table that follow each other.
type pageTable struct {
	Anchor string // empty where it is no table
	Name   string
	Checks []pageCheck
}

// pageCheck is a check as the page tells it. What it has nothing to say of is empty.
type pageCheck struct {
	pageRef
	Area          string
	Took          string
	Open          bool
	Mark          string // what is special about the verdict
	Why, Fix      string
	Spec          string
	Linked        bool // Spec is an address that a page may lead to
	Reason        []pageReason
	Trace         []textRun
	Note          string
	First         []pageRef
	Mend, Code    string
	Kept          string
	Exchanges     []pageExchange
	Curl          string
	How           string
	Rerun, Replay string
	Saved         []string
}

// pageReason is a line of a reason, and what stands before its colon.
type pageReason struct {
	Name string
	Text []textRun
}

func (b *pageBuilder) sections() (list []pageSection) {
	open := b.firstToOpen()
	for _, area := range b.report.Areas() {
		checks := b.report.InArea(area)
		section := pageSection{Name: plain(area), Anchor: b.areas[area], Count: len(checks), Tallies: tallyOf(checks)}
		for i, check := range b.report.Checks {
			if check.Area == area {
				section.add(b.check(i, i == open), b.anchors)
			}
		}
		list = append(list, section)
	}
	return list
}

// firstToOpen is the place of the failure to mend first; -1 where there is none.
func (b *pageBuilder) firstToOpen() int {
	if causes := b.causes(); len(causes) > 0 {
		return slices.Index(b.checks, causes[0].Anchor)
	}
	return -1
}

// add puts a check into the table that it is an entry of.
func (s *pageSection) add(check pageCheck, anchors anchors) {
	name := tableOf(check.ID)
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
		pageRef: b.ref(c), Area: plain(c.Area), Took: tookAbout(c.DurationMs), Open: open,
		Why: plain(c.Why), Fix: plain(c.Fix), Spec: plain(c.Spec), Linked: isAddress(c.Spec),
		Note: plain(c.Warning), First: b.refs(c.FixFirst), Kept: keptWords(c),
		Rerun: plain(c.Rerun), Replay: plain(c.Replay), Exchanges: b.exchanges(c, b.checks[i]),
	}
	page.Anchor = b.checks[i]
	switch {
	case c.isOutdated():
		page.Mark, page.Kind, page.Sign = outdatedText(c), "outdated", Mark(Failed)
	case c.failedAsKnown():
		page.Mark = "a known failure, which does not fail the run"
	}
	page.reason(c)
	if anchor := b.mended[c.Example]; anchor != "" && c.Status == Failed {
		page.Mend, page.Code = plain(c.Example), anchor
	}
	if x, ok := c.DecisiveExchange(); ok {
		page.Curl, page.How = b.limits.curl(x.Curl), howToReproduce(x)
	}
	for _, file := range c.Saved {
		page.Saved = append(page.Saved, plain(file))
	}
	return page
}

// reason puts what stands before the colons of a reason in a column. What a fault of
// this tool left behind is a trace below its first line.
func (p *pageCheck) reason(c Check) {
	text := c.Reason
	if c.Status == Error {
		var trace string
		text, trace = c.Fault()
		p.Trace = runsOf(excerpt(trace, longestTrace))
	}
	for line := range strings.Lines(text) {
		name, rest, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found || len(name) > len("came back") {
			name, rest = "", strings.TrimSpace(line)
		}
		p.Reason = append(p.Reason, pageReason{plain(name), runsOf(excerpt(strings.TrimSpace(rest), longestLine))})
	}
}

// keptWords say that only some requests are told.
func keptWords(c Check) string {
	if c.Sent <= len(c.Exchanges) {
		return ""
	}
	return fmt.Sprintf("%s of %s requests are told here", number(uint64(len(c.Exchanges))), number(uint64(c.Sent)))
}

// isAddress tells whether a text is one that a page may lead to.
func isAddress(text string) bool {
	return strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")
}

// pageMends are the pieces of code of one name.
type pageMends struct {
	Name, Anchor string
	For          []pageRef
	Languages    []pageMend
}

type pageMend struct {
	Language, File, Whole, Code string
}

// mendNames are the names of code that shows how what failed is done, in order.
func mendNames(r *Report) (names []string) {
	for _, check := range r.Checks {
		if check.Status == Failed && len(r.Examples[check.Example]) > 0 && !slices.Contains(names, check.Example) {
			names = append(names, check.Example)
		}
	}
	return names
}

func (b *pageBuilder) mends() (list []pageMends) {
	for _, name := range mendNames(b.report) {
		mends := pageMends{Name: plain(name), Anchor: b.mended[name]}
		for _, check := range b.report.Filter(func(c Check) bool { return c.Status == Failed && c.Example == name }) {
			mends.For = append(mends.For, b.ref(check))
		}
		for _, m := range b.report.Examples[name] {
			mends.Languages = append(mends.Languages, pageMend{plain(m.Language), plain(m.File), plain(m.Whole), codeOf(m)})
		}
		list = append(list, mends)
	}
	slices.SortStableFunc(list, func(a, b pageMends) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// codeOf puts the parts of a piece of code together.
func codeOf(m Example) string {
	var parts []string
	for _, part := range m.Parts {
		parts = append(parts, strings.Trim(escapeCode(part.Code), "\n"))
	}
	return strings.Join(parts, "\n\n")
}

// tookAbout is how long a check took, which is known in whole milliseconds.
func tookAbout(ms int64) string {
	if ms == 0 {
		return "under 1ms"
	}
	return inMs(float64(ms))
}

package reports_test

import (
	"slices"
	"strings"
	"testing"

	xhtml "golang.org/x/net/html"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/html"
)

func reportPage(t testing.TB, r *reports.Report) string {
	t.Helper()
	return written(t, html.WriteReport, r)
}

// unscripted are the elements of a page as a browser has them that runs no script.
func unscripted(t testing.TB, page string) (list []*xhtml.Node) {
	t.Helper()
	root, err := xhtml.ParseWithOptions(strings.NewReader(page), xhtml.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	return elementsIn(root)
}

// unfolded are the elements of a page once its script has opened every check.
func unfolded(t testing.TB, page string) (list []*xhtml.Node) {
	t.Helper()
	for _, node := range elements(t, page) {
		list = append(list, node)
		if node.Data != "noscript" {
			continue
		}
		parts, err := xhtml.ParseFragment(strings.NewReader(textOf(node)), node.Parent)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range parts {
			for inner := range part.Descendants() {
				if inner.Type == xhtml.ElementNode {
					list = append(list, inner)
				}
			}
		}
	}
	return list
}

func textOf(node *xhtml.Node) string {
	var text strings.Builder
	for inner := range node.Descendants() {
		if inner.Type == xhtml.TextNode {
			text.WriteString(inner.Data)
		}
	}
	return text.String()
}

func hasClass(node *xhtml.Node, name string) bool {
	return slices.Contains(strings.Fields(attribute(node, "class")), name)
}

// ofClass are the texts of the elements of a class, in order, with single blanks.
func ofClass(list []*xhtml.Node, class string) (texts []string) {
	for _, node := range list {
		if hasClass(node, class) {
			texts = append(texts, strings.Join(strings.Fields(textOf(node)), " "))
		}
	}
	return texts
}

// sampleWithExamples is a sample with code, entries of tables, and times.
func sampleWithExamples() *reports.Report {
	r := sample()
	for _, id := range []string{"PAY-01a", "PAY-01b", "PAY-02"} {
		r.Checks = append(r.Checks, reports.Check{ID: id, Area: "payload", Level: "MUST", Title: "accepts " + id, Status: reports.Passed})
	}
	for _, i := range []int{1, 3} {
		r.Checks[i].Example = "refuse"
	}
	exchanges := slices.Clone(r.Checks[1].Exchanges)
	exchanges[0].StartedMs, exchanges[1].StartedMs = 10, 20
	exchanges[0].Response, exchanges[0].Error = nil, "reset"
	r.Checks[1].Exchanges, r.Checks[3].Exchanges = exchanges, exchanges
	r.Checks[0].Exchanges = exchanges[1:]
	r.Examples = map[string][]reports.Example{"refuse": {
		{Language: "Go", File: "main.go", Whole: "hubhook handler --source go", Parts: []reports.Part{{Topic: "secret", Code: "func first() {}\n"}, {Topic: "refuse", Code: "if a < b && \"c\" != d {}\n"}}},
		{Language: "Express", File: "server.js", Whole: "hubhook handler --source express", Parts: []reports.Part{{Code: "app.use(refuse)"}}},
	}}
	r.Count()
	return r
}

// interruptedPage is the page of a run that was ended before its last check.
func interruptedPage() *reports.Report {
	r := &reports.Report{Verdict: reports.Inconclusive, Checks: []reports.Check{
		{ID: "SEC-01", Area: "secret", Level: "MUST", Status: reports.Passed},
		{ID: "SEC-02", Area: "secret", Level: "MUST", Status: reports.Inconclusive, Reason: "interrupted"},
	}}
	r.Count()
	return r
}

func variousReports() map[string]*reports.Report {
	bare := sampleWithExamples()
	bare.Examples = nil
	unjudged := sampleWithExamples()
	unjudged.Problem = "no delivery was accepted at all"
	return map[string]*reports.Report{
		"sample": sample(), "mended": sampleWithExamples(), "without code": bare, "unjudged": unjudged,
		"interrupted": interruptedPage(), "empty": {}, "hostile": hostileReport(), "large": largeReport(20),
	}
}

package reports_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	renderer "github.com/yuin/goldmark/renderer/html"
	xhtml "golang.org/x/net/html"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/markdown"
)

// page is what a browser makes of Markdown as GitHub reads it.
type page struct {
	elements map[string]int
	links    []string
	loose    strings.Builder // the text that is not code, in which GitHub looks for mentions
	code     strings.Builder
}

func pageOf(t *testing.T, r *reports.Report) *page {
	t.Helper()
	var out strings.Builder
	md := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(renderer.WithUnsafe()))
	if err := md.Convert([]byte(written(t, markdown.WriteReport, r)), &out); err != nil {
		t.Fatal(err)
	}
	root, err := xhtml.Parse(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	p := &page{elements: map[string]int{}}
	p.walk(root, false)
	return p
}

func (p *page) walk(n *xhtml.Node, code bool) {
	switch n.Type {
	case xhtml.ElementNode:
		p.elements[n.Data]++
		code = code || n.Data == "code" || n.Data == "pre"
		for _, attribute := range n.Attr {
			if attribute.Key == "href" || attribute.Key == "src" {
				p.links = append(p.links, attribute.Val)
			}
		}
	case xhtml.TextNode:
		if code {
			p.code.WriteString(n.Data)
		} else {
			p.loose.WriteString(n.Data)
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		p.walk(child, code)
	}
}

// calls is what GitHub makes a mention or a link of, where it is not code.
var calls = regexp.MustCompile(`@\w|#\d|GH-\d|https?://|www\.`)

// Whatever a handler answers, the page has the elements and the links that it has
// otherwise, and calls nobody.
func TestMarkdownIsNotTakenOver(t *testing.T) {
	calm, taken := pageOf(t, calm()), pageOf(t, spiteful())
	if diff := cmp.Diff(calm.elements, taken.elements); diff != "" {
		t.Errorf("elements: -calm +hostile:\n%s", diff)
	}
	if diff := cmp.Diff(calm.links, taken.links); diff != "" {
		t.Errorf("links: -calm +hostile:\n%s", diff)
	}
	if call := calls.FindString(taken.loose.String()); call != "" {
		t.Errorf("%q stands where it is no code", call)
	}
	for _, shown := range []string{"<script>alert(1)</script>", "@everyone", "# all is well"} {
		if !strings.Contains(taken.code.String(), shown) {
			t.Errorf("%q is not shown", shown)
		}
	}
}

// calm is the spiteful run with words in the place of spite.
func calm() *reports.Report {
	r := spiteful()
	r.Target.URL = "http://127.0.0.1:8000/webhook"
	for i := range r.Checks {
		check := &r.Checks[i]
		for _, text := range []*string{&check.Title, &check.Why, &check.Fix, &check.Reason, &check.Warning, &check.Rerun, &check.Replay} {
			*text = strings.ReplaceAll(*text, spite, "words")
		}
	}
	return r
}

// What has a cause of its own comes first, and of that what binds most.
func TestMarkdownTellsInTheOrderToMend(t *testing.T) {
	text := written(t, markdown.WriteReport, sample())
	var order []string
	for _, heading := range regexp.MustCompile(`(?m)^### ✗ (\S+)`).FindAllStringSubmatch(text, -1) {
		order = append(order, heading[1])
	}
	if diff := cmp.Diff([]string{"SEC-03", "RTY-09", "SEC-19"}, order); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Code that several checks need is shown once.
func TestMarkdownShowsAMendOnce(t *testing.T) {
	r := sample()
	for i := range r.Checks {
		r.Checks[i].Example = "secret"
	}
	text := written(t, markdown.WriteReport, r)
	if n := strings.Count(text, "func secret() {}"); n != 1 || !strings.Contains(text, "Code that does it right stands at SEC-03.") {
		t.Errorf("it is shown %d times:\n%s", n, text)
	}
}

// A summary that is too long is not shown at all: what is written is short enough, whole
// as far as it goes, and says what is missing.
func TestMarkdownIsShortEnoughToBeShown(t *testing.T) {
	r := sample()
	failed := r.Checks[1]
	failed.Reason, failed.Exchanges[0].Curl = "`"+strings.Repeat("é", 20000), strings.Repeat("curl ", 20000)
	for i := range 2000 {
		failed.ID = fmt.Sprintf("SEC-%04d", i)
		r.Checks = append(r.Checks, failed)
	}
	text := written(t, markdown.WriteReport, r)
	if len(text) > 1000<<10 || len(text) < 800<<10 {
		t.Errorf("it has %d bytes", len(text))
	}
	if !strings.HasSuffix(text, "\n_The report is cut here, for a summary may have no more than 1 MiB: `--json FILE` writes all of it._\n") {
		t.Errorf("it ends in %q", text[len(text)-200:])
	}
	if p := pageOf(t, r); p.elements["em"] != 1 || !slices.Contains(slices.Collect(maps.Keys(p.elements)), "details") {
		t.Errorf("the last line is swallowed: %v", p.elements)
	}
}

func TestMarkdownOfNothingJudgedSaysSoOnce(t *testing.T) {
	text := written(t, markdown.WriteReport, None())
	if strings.Count(text, "### ✗") != 1 || !strings.Contains(text, "no delivery was accepted at all") {
		t.Errorf("it says:\n%s", text)
	}
}

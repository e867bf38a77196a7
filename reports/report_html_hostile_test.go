package reports_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	xhtml "golang.org/x/net/html"

	"github.com/hubhook/hubhook/reports"
)

// A page runs its own script, and no other; it needs nothing from elsewhere.
func TestPageOfAReportStandsAlone(t *testing.T) {
	policy, script, style := "", "", ""
	for _, node := range unscripted(t, reportPage(t, sampleWithExamples())) {
		switch {
		case attribute(node, "http-equiv") == "Content-Security-Policy":
			policy = attribute(node, "content")
		case node.Data == "script":
			script = textOf(node)
		case node.Data == "style":
			style = textOf(node)
		}
		if attribute(node, "style") != "" || attribute(node, "src") != "" || node.Data == "link" {
			t.Errorf("%s wants what the page forbids", node.Data)
		}
	}
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	want := fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'", hash(style), hash(script))
	if policy != want {
		t.Errorf("the policy is %q, not %q", policy, want)
	}
	for _, part := range []string{"prefers-color-scheme: dark", "prefers-reduced-motion", "@media print", "focus-visible"} {
		if !strings.Contains(style, part) {
			t.Errorf("the style lacks %q", part)
		}
	}
}

// takeover is what would take a page over.
const takeover = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></noscript></template></style></pre></details><!--\u202e\x1b[2J\x00javascript:alert(1) {{.}}"

// hostileReport has something hostile wherever there is text.
func hostileReport() *reports.Report {
	r := sampleWithExamples()
	fillTexts(reflect.ValueOf(r).Elem())
	for i, status := range []reports.Status{reports.Passed, reports.Failed, reports.Inconclusive, reports.Skipped, reports.Error} {
		r.Checks[i].Status = status
	}
	r.Checks[5].Spec = "javascript:alert(1)"
	r.Examples[takeover] = r.Examples["refuse"]
	for _, examples := range r.Examples {
		for i := range examples {
			fillTexts(reflect.ValueOf(&examples[i]).Elem())
		}
	}
	r.Count()
	return r
}

// fillTexts sets every text of a value.
func fillTexts(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(takeover)
	case reflect.Pointer:
		if !v.IsNil() {
			fillTexts(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			fillTexts(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fillTexts(v.Field(i))
			}
		}
	}
}

// What comes from outside is text and nothing else, with a script and without.
func TestPageOfAReportIsNotTakenOver(t *testing.T) {
	page := reportPage(t, hostileReport())
	for _, wrong := range []string{"\x1b", "\u202e", "\x00", "ZgotmplZ", "<script>alert", "<img"} {
		if strings.Contains(page, wrong) {
			t.Errorf("the page holds %q", wrong)
		}
	}
	known := map[string]bool{}
	for _, node := range unscripted(t, reportPage(t, sampleWithExamples())) {
		known[node.Data] = true
	}
	for way, list := range map[string][]*xhtml.Node{"unscripted": unscripted(t, page), "unfolded": unfolded(t, page)} {
		scripts := 0
		for _, node := range list {
			if node.Data == "script" {
				scripts++
			}
			if !known[node.Data] && node.Data != "i" {
				t.Errorf("%s: there is an element %s", way, node.Data)
			}
			for _, a := range node.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "href" && !regexp.MustCompile(`^(#[A-Za-z0-9-]+|https?://.*)$`).MatchString(a.Val) {
					t.Errorf("%s: %s has %s=%q", way, node.Data, a.Key, a.Val)
				}
			}
		}
		if scripts != 1 {
			t.Errorf("%s: %d scripts", way, scripts)
		}
	}
	if n := strings.Count(page, "&lt;script&gt;alert(1)"); n < 50 {
		t.Errorf("what was said is lost: %d times", n)
	}
}

package html

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

// shownExchange is where an exchange is shown.
type shownExchange struct{ Anchor, Title string }

type pageExchange struct {
	Number                    int // as it was sent, from 1
	Anchor, What, Came, Took  string
	Kind                      string // "good" of a 2xx, "refused" of a 4xx, "bad" of all else
	Decisive, Again, Open     bool
	Same                      *shownExchange // where this is shown already; nil if it is here
	Line                      []textRun      // of the request
	Request, Response         []pageLine
	RequestBody, ResponseBody pageBody
	Answered                  bool
	Error                     []textRun
	Compared                  string
	Curl                      string
}

// exchanges returns those of a check, the decisive one first. What another check shows
// already is not repeated unless the check failed.
func (b *pageBuilder) exchanges(c reports.Check, anchor string) (list []pageExchange) {
	failed, at := c.Status == reports.Failed, c.DecisiveIndex()
	for i, x := range c.Exchanges {
		page := b.summaryOf(x, i)
		page.Anchor = b.anchors.take(fmt.Sprintf("%s-%d", anchor, i+1))
		page.Decisive = i == at
		page.Open = failed && page.Decisive
		key := exchangeKey(c, i)
		if at, there := b.shown[key]; there && !failed {
			page.Same = &at
		} else {
			b.showExchange(&page, c, i)
		}
		if _, there := b.shown[key]; !there {
			b.shown[key] = shownExchange{page.Anchor, fmt.Sprintf("%s, request %d", wording.Escape(c.ID), i+1)}
		}
		if failed && !page.Decisive && x.Curl != "" {
			page.Curl = b.limits.curl(x.Curl)
		}
		if page.Decisive {
			list = append([]pageExchange{page}, list...)
			continue
		}
		list = append(list, page)
	}
	return list
}

// exchangeKey contains everything shown of an exchange, including what it is compared
// with.
func exchangeKey(c reports.Check, i int) string {
	x, first := c.Exchanges[i], reports.Request{}
	if i > 0 {
		first = c.Exchanges[0].Request
	}
	response := reports.Response{}
	if x.Response != nil {
		response = *x.Response
	}
	return fmt.Sprintf("%q %#v %#v %q %t %v %v %#v", x.What, x.Request, response, x.Error, x.Repeated, x.StartedMs,
		x.DurationMs, first)
}

func (b *pageBuilder) summaryOf(x reports.Exchange, i int) pageExchange {
	page := pageExchange{Number: i + 1, What: wording.Escape(x.What), Took: wording.Ms(x.DurationMs),
		Again: x.Repeated, Kind: "bad", Came: "no answer"}
	if x.Error != "" {
		page.Error = textRuns(excerpt(x.Error, maxLine))
	}
	if x.Response == nil {
		return page
	}
	page.Answered = true
	page.Came = strconv.Itoa(x.Response.Status)
	if x.Error != "" {
		page.Came += ", not complete"
		return page
	}
	page.Kind = map[int]string{2: "good", 4: "refused"}[x.Response.Status/100]
	if page.Kind == "" {
		page.Kind = "bad"
	}
	return page
}

// showExchange fills in an exchange, its request compared with the first of the check.
func (b *pageBuilder) showExchange(page *pageExchange, c reports.Check, i int) {
	x := c.Exchanges[i]
	page.Line = textRuns(excerpt(x.Request.Method+" "+x.Request.URL, maxLine))
	if i == 0 {
		page.Request, _ = b.headers(x.Request.Headers, nil)
		page.RequestBody, _ = b.body(x.Request.Body, nil)
	} else {
		base := c.Exchanges[0].Request
		headers, words := b.headers(x.Request.Headers, &base.Headers)
		body, difference := b.body(x.Request.Body, &base.Body)
		if x.Request.Method+x.Request.URL != base.Method+base.URL {
			words = append([]string{"another method or URL"}, words...)
		}
		page.Request, page.RequestBody = headers, body
		page.Compared = strings.Join(append(words, difference.words), "; ")
	}
	if x.Response != nil {
		page.Response, _ = b.headers(x.Response.Headers, nil)
		page.ResponseBody, _ = b.body(x.Response.Body, nil)
	}
}

type pageBody struct {
	Size  string // empty if there is no body
	Note  string
	Lines []pageLine
}

// maxDump is how much of a body is shown in hexadecimal digits, in bytes.
const maxDump = 256

// deepest is how deep a body may be to be indented: beyond that, indentation would be most
// of it.
const deepest = 40

// A wholeBody is a body as shown if there is room.
type wholeBody struct {
	text   string
	all    bool // that is all of it
	length int  // in bytes as it is written
}

// whole caches bodies, since many are sent more than once.
func (b *pageBuilder) whole(body reports.Body) wholeBody {
	if known, there := b.bodies[body]; there {
		return known
	}
	text := strings.ToValidUTF8(readable(body), "\ufffd")
	end := fitsIn(text, maxBody)
	whole := wholeBody{text[:end], end == len(text), writtenLength(text[:end])}
	b.bodies[body] = whole
	return whole
}

func readable(body reports.Body) string {
	if body.Base64 {
		raw, err := base64.StdEncoding.DecodeString(body.Text)
		if err != nil {
			return body.Text
		}
		return hex.Dump(raw[:min(len(raw), maxDump)])
	}
	if indented, ok := indentedJSON(body.Text); ok {
		return indented
	}
	return body.Text
}

func indentedJSON(text string) (string, bool) {
	if trimmed := strings.TrimLeft(text, " \t\r\n"); !strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "[") {
		return "", false
	}
	if depth(text) > deepest {
		return "", false
	}
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(strings.TrimSpace(text)), "", "  "); err != nil {
		return "", false
	}
	return out.String(), true
}

// depth returns how deeply a JSON text is nested, at most: brackets in strings count, too.
func depth(text string) (most int) {
	now := 0
	for _, c := range []byte(text) {
		switch c {
		case '{', '[':
			now++
			most = max(most, now)
		case '}', ']':
			now--
		}
	}
	return most
}

func (b *pageBuilder) body(body reports.Body, base *reports.Body) (pageBody, bodyDifference) {
	if body.Bytes == 0 && body.Text == "" {
		return pageBody{}, differenceOf(body, base)
	}
	page := pageBody{Size: english.Plural(int(max(body.Bytes, 0)), "byte", "")}
	whole := b.whole(body)
	end := fitsIn(whole.text, b.limits.body)
	all := whole.all && end == len(whole.text)
	difference := differenceOf(body, base)
	page.Lines = difference.marked(whole.text[:end])
	if all {
		page.Lines = append(page.Lines, difference.missing()...)
	}
	page.Note = excerptNote(body, all)
	return page, difference
}

func excerptNote(body reports.Body, all bool) string {
	switch {
	case body.Base64:
		return fmt.Sprintf("no UTF-8: the first %s, in hexadecimal digits",
			english.Plural(int(min(body.Bytes, maxDump)), "byte", ""))
	case !all:
		return "the beginning: --json FILE writes more"
	case body.Truncated:
		return "the beginning, as much as was kept"
	}
	return ""
}

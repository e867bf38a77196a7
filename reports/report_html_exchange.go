package reports

import (
	"fmt"
	"strconv"
	"strings"
)

// pageExchange is an exchange as the page tells it.
type pageExchange struct {
	Number                    int // as it was sent, from 1
	Anchor, What, Came, Took  string
	Kind                      string // "good" of a 2xx, "refused" of a 4xx, "bad" of all else
	Telling, Again, Open      bool
	Same                      *pageRef // where this is told already; nil where it is here
	SameAs                    string
	Line                      []textRun // of the request
	Request, Response         []pageLine
	RequestBody, ResponseBody pageBody
	Answered                  bool
	Error                     []textRun
	Compared                  string
	Curl                      string
}

// exchanges are those of a check, the telling one first. What was told of another check
// that did not fail is not told again.
func (b *pageBuilder) exchanges(c Check, anchor string) (list []pageExchange) {
	failed, at := c.Status == Failed, c.DecisiveIndex()
	for i, x := range c.Exchanges {
		page := b.summaryOf(x, i)
		page.Anchor = b.anchors.take(fmt.Sprintf("%s-%d", anchor, i+1))
		page.Telling = i == at
		page.Open = failed && page.Telling
		key := exchangeKey(c, i)
		if told, there := b.told[key]; there && !failed {
			page.Same, page.SameAs = &told, told.Title
		} else {
			b.tellExchange(&page, c, i)
		}
		if _, there := b.told[key]; !there {
			b.told[key] = pageRef{Anchor: page.Anchor, Title: fmt.Sprintf("%s, request %d", plain(c.ID), i+1)}
		}
		if failed && !page.Telling && x.Curl != "" {
			page.Curl = b.limits.curl(x.Curl)
		}
		if page.Telling {
			list = append([]pageExchange{page}, list...)
			continue
		}
		list = append(list, page)
	}
	return list
}

// exchangeKey has all in it that is told of an exchange, what it is compared with
// included.
func exchangeKey(c Check, i int) string {
	x, first := c.Exchanges[i], Request{}
	if i > 0 {
		first = c.Exchanges[0].Request
	}
	response := Response{}
	if x.Response != nil {
		response = *x.Response
	}
	return fmt.Sprintf("%q %#v %#v %q %t %v %v %#v", x.What, x.Request, response, x.Error, x.Repeated, x.StartedMs, x.DurationMs, first)
}

func (b *pageBuilder) summaryOf(x Exchange, i int) pageExchange {
	page := pageExchange{Number: i + 1, What: plain(x.What), Took: inMs(x.DurationMs), Again: x.Repeated, Kind: "bad", Came: "no answer"}
	if x.Error != "" {
		page.Error = runsOf(excerpt(x.Error, longestLine))
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

// tellExchange tells an exchange in full, with its request compared with the first of
// the check.
func (b *pageBuilder) tellExchange(page *pageExchange, c Check, i int) {
	x := c.Exchanges[i]
	var base *Request
	if i > 0 {
		base = &c.Exchanges[0].Request
	}
	page.Line = runsOf(excerpt(x.Request.Method+" "+x.Request.URL, longestLine))
	var words []string
	var difference bodyDifference
	if base == nil {
		page.Request, _ = b.headers(x.Request.Headers, nil)
		page.RequestBody, _ = b.body(x.Request.Body, nil)
	} else {
		page.Request, words = b.headers(x.Request.Headers, &base.Headers)
		page.RequestBody, difference = b.body(x.Request.Body, &base.Body)
		if x.Request.Method+x.Request.URL != base.Method+base.URL {
			words = append([]string{"another method or URL"}, words...)
		}
		page.Compared = strings.Join(append(words, difference.words), "; ")
	}
	if x.Response != nil {
		page.Response, _ = b.headers(x.Response.Headers, nil)
		page.ResponseBody, _ = b.body(x.Response.Body, nil)
	}
}

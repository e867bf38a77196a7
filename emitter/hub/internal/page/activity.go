package page

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/schemas"
)

type homeView struct {
	Webhooks []webhookRow
	More     int // webhooks that are not shown
	Activity deliveryList
	URL      string // of this Hub
	Begin    string // commands that begin
}

// deliveryList is a list of deliveries, and what chooses among them.
type deliveryList struct {
	Filter       filter
	Rows         []activityRow
	Total        int // deliveries that are kept
	Older, Newer string
	ShowWebhook  bool // there are several, or were
	Path         string
	Events       []choices
	States       []activity.State
	Webhooks     []choice
}

type choices struct {
	Name string
	List []choice
}

// choice is one of those that a form offers: what it sends, and what people read.
type choice struct{ Value, Name string }

type filter struct{ Text, Event, State, Webhook, Repo string }

const longestFilter = 512

func (v *visit) filter() (filter, error) {
	f := filter{v.asked("q"), v.asked("event"), v.asked("state"), v.asked("webhook"), v.asked("repo")}
	for _, text := range []string{f.Text, f.Event, f.State, f.Webhook, f.Repo} {
		if len(text) > longestFilter {
			return filter{}, problem.Invalid("what is looked for is longer than %d bytes", longestFilter)
		}
	}
	return f, nil
}

func (f filter) query() activity.Query {
	return activity.Query{Text: f.Text, Event: f.Event, State: activity.State(f.State), Webhook: f.Webhook, Repo: f.Repo}
}

// Any reports whether anything is asked for.
func (f filter) Any() bool { return f != filter{} }

// with returns the query of a URL that asks for the same, from another place on.
func (f filter) with(name string, number uint64) string {
	q := url.Values{}
	for _, p := range []choice{{"q", f.Text}, {"event", f.Event}, {"state", f.State}, {"webhook", f.Webhook},
		{"repo", f.Repo}} {
		if p.Name != "" {
			q.Set(p.Value, p.Name)
		}
	}
	q.Set(name, strconv.FormatUint(number, 10))
	return "?" + q.Encode()
}

const (
	pageSize      = 50
	homeWebhooks  = 8
	ownDeliveries = 20 // of a webhook, on its own page
)

func showHome(v *visit) error {
	f, err := v.filter()
	if err != nil {
		return err
	}
	home := homeView{URL: v.Origin(v.request).URL}
	home.Begin = beginning(home.URL)
	now := v.DB.Now()
	v.DB.View(func(s *domain.State) {
		all := s.Webhooks()
		home.More = max(len(all)-homeWebhooks, 0)
		for _, w := range all[:min(len(all), homeWebhooks)] {
			home.Webhooks = append(home.Webhooks, v.webhookRow(s, w, now))
		}
		home.Activity = v.deliveryList(s, f, now)
	})
	return v.show("home", view{Title: "Activity", Nav: "home", Body: home})
}

// deliveryList returns the page of the list that is asked for.
func (v *visit) deliveryList(s *domain.State, f filter, now time.Time) deliveryList {
	q := f.query()
	q.Before, _ = strconv.ParseUint(v.asked("before"), 10, 64)
	q.After, _ = strconv.ParseUint(v.asked("after"), 10, 64)
	list, older, newer := leafOf(s, q, pageSize)
	a := deliveryList{Filter: f, Total: len(s.Deliveries()), Path: "/", ShowWebhook: s.WebhookCount() > 1,
		States: []activity.State{activity.Pending, activity.Delivered, activity.Failed, activity.Withheld}}
	for _, d := range list {
		a.Rows = append(a.Rows, activityRowOf(s, d, now))
		a.ShowWebhook = a.ShowWebhook || s.Webhook(d.Webhook) == nil
	}
	if n := len(list); n > 0 && older {
		a.Older = f.with("before", list[n-1].Number)
	}
	if len(list) > 0 && newer {
		a.Newer = f.with("after", list[0].Number)
	}
	a.Events = eventChoices(v.Schemas, f.Event)
	for _, w := range s.Webhooks() {
		a.Webhooks = append(a.Webhooks, choice{w.ID, brief(nameOf(w, w.ID), 60)})
	}
	if f.Webhook != "" && s.Webhook(f.Webhook) == nil {
		a.Webhooks = append(a.Webhooks, choice{f.Webhook, brief(f.Webhook, 60)})
	}
	return a
}

// leafOf returns the deliveries on one page of a list, the latest first, and whether there
// are others on either side.
func leafOf(s *domain.State, q activity.Query, size int) (list []*activity.Delivery, older, newer bool) {
	before, after := q.Before, q.After
	q.Before, q.After = 0, 0
	at := func(number uint64) int {
		i, _ := slices.BinarySearchFunc(s.Deliveries(), number,
			func(d *activity.Delivery, n uint64) int { return cmp.Compare(d.Number, n) })
		return i
	}
	meant := func(d *activity.Delivery) bool { return s.Matches(&q, d) }
	if after > 0 {
		from := at(after)
		for _, d := range s.Deliveries()[from:] {
			if len(list) <= size && d.Number > after && meant(d) {
				list = append(list, d)
			}
		}
		newer = len(list) > size
		list = list[:min(len(list), size)]
		slices.Reverse(list)
		end := min(len(s.Deliveries()), at(after)+1)
		return list, slices.ContainsFunc(s.Deliveries()[:end],
			func(d *activity.Delivery) bool { return d.Number <= after && meant(d) }), newer
	}
	end := len(s.Deliveries())
	if before > 0 {
		end = at(before)
		newer = slices.ContainsFunc(s.Deliveries()[end:], meant)
	}
	for i := end - 1; i >= 0 && len(list) <= size; i-- {
		if meant(s.Deliveries()[i]) {
			list = append(list, s.Deliveries()[i])
		}
	}
	return list[:min(len(list), size)], len(list) > size, newer
}

// eventChoices returns the scopes and events that can be asked for, and the one that is.
func eventChoices(set *schemas.Set, current string) []choices {
	scopes, events := choices{Name: "All of a scope"}, choices{Name: "One event"}
	known := false
	for _, shape := range set.Shapes() {
		known = known || current == shape.Scope || current == shape.Name
		if !shape.Narrowed {
			events.List = append(events.List, choice{shape.Name, shape.Name})
		}
		if c := (choice{shape.Scope, shape.Scope}); !slices.Contains(scopes.List, c) {
			scopes.List = append(scopes.List, c)
		}
	}
	if current != "" && !known {
		events.List = append(events.List, choice{current, brief(current, 60)})
	}
	return []choices{scopes, events}
}

// beginning returns commands that begin with a Hub.
func beginning(hubURL string) string {
	return strings.Join([]string{
		"export HF_ENDPOINT=" + curl.Word(hubURL) + " HF_TOKEN=hf_mock",
		"hf webhooks create --watch model:mock-user/demo --url http://127.0.0.1:8000/webhook",
		"hf repo create mock-user/demo",
	}, "\n")
}

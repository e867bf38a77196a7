package page

import (
	"net/url"
	"slices"
	"sort"
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
	Filter       activity.Query
	Filtered     bool // anything is asked for
	Rows         []activityRow
	Total        int // deliveries that are kept
	Older, Newer string
	ShowWebhook  bool // there are several, or were
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

const maxFilter = 512

// filterNames are the parameters that choose among deliveries.
var filterNames = []string{"q", "event", "state", "webhook", "repo"}

func (v *visit) filter() (activity.Query, error) {
	for _, name := range filterNames {
		if len(v.asked(name)) > maxFilter {
			return activity.Query{}, problem.Invalid("what is looked for is longer than %d bytes", maxFilter)
		}
	}
	return activity.Query{
		Text: v.asked("q"), Event: v.asked("event"), State: activity.State(v.asked("state")),
		RegistrationID: v.asked("webhook"), Repo: v.asked("repo"),
	}, nil
}

// pageQuery returns the query of a URL for another page of the same list.
func (v *visit) pageQuery(name string, number uint64) string {
	q := url.Values{name: {strconv.FormatUint(number, 10)}}
	for _, name := range filterNames {
		if text := v.asked(name); text != "" {
			q.Set(name, text)
		}
	}
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
		all, home.More = firstOf(all, homeWebhooks)
		for _, w := range all {
			home.Webhooks = append(home.Webhooks, v.webhookRow(s, w, now))
		}
		home.Activity = v.deliveryList(s, f, now)
	})
	return v.show("home", view{Title: "Activity", Nav: "home", Body: home})
}

// deliveryList returns the page of the list that is asked for.
func (v *visit) deliveryList(s *domain.State, f activity.Query, now time.Time) deliveryList {
	q := f
	q.Before, _ = strconv.ParseUint(v.asked("before"), 10, 64)
	q.After, _ = strconv.ParseUint(v.asked("after"), 10, 64)
	list, older, newer := pageOf(s, q, pageSize)
	a := deliveryList{
		Filter: f, Filtered: f != activity.Query{}, Total: len(s.Deliveries()), ShowWebhook: s.WebhookCount() > 1,
		States: []activity.State{activity.Pending, activity.Delivered, activity.Failed, activity.Withheld},
	}
	for _, d := range list {
		a.Rows = append(a.Rows, activityRowOf(s, d, now))
		a.ShowWebhook = a.ShowWebhook || s.Webhook(d.RegistrationID) == nil
	}
	if n := len(list); n > 0 && older {
		a.Older = v.pageQuery("before", list[n-1].Number)
	}
	if len(list) > 0 && newer {
		a.Newer = v.pageQuery("after", list[0].Number)
	}
	a.Events = eventChoices(v.Inspector.Schemas, f.Event)
	for _, w := range s.Webhooks() {
		a.Webhooks = append(a.Webhooks, choice{w.ID, brief(nameOf(w, w.ID), 60)})
	}
	if f.RegistrationID != "" && s.Webhook(f.RegistrationID) == nil {
		a.Webhooks = append(a.Webhooks, choice{f.RegistrationID, brief(f.RegistrationID, 60)})
	}
	return a
}

// pageOf returns the deliveries on one page of a list, the latest first, and whether there
// are others on either side.
func pageOf(s *domain.State, q activity.Query, size int) (list []*activity.Delivery, older, newer bool) {
	all, before, after := s.Deliveries(), q.Before, q.After
	q.Before, q.After = 0, 0
	meant := func(d *activity.Delivery) bool { return s.Matches(&q, d) }
	take := func(d *activity.Delivery) (more bool) {
		if meant(d) {
			list = append(list, d)
		}
		return len(list) <= size
	}
	if after > 0 {
		from := sort.Search(len(all), func(i int) bool { return all[i].Number > after })
		for _, d := range all[from:] {
			if !take(d) {
				break
			}
		}
		newer = len(list) > size
		list = list[:min(len(list), size)]
		slices.Reverse(list)
		return list, slices.ContainsFunc(all[:from], meant), newer
	}
	end := len(all)
	if before > 0 {
		end = sort.Search(len(all), func(i int) bool { return all[i].Number >= before })
	}
	for _, d := range slices.Backward(all[:end]) {
		if !take(d) {
			break
		}
	}
	return list[:min(len(list), size)], len(list) > size, slices.ContainsFunc(all[end:], meant)
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

func beginning(hubURL string) string {
	return strings.Join([]string{
		"export HF_ENDPOINT=" + curl.Word(hubURL) + " HF_TOKEN=hf_mock",
		"hf webhooks create --watch model:mock-user/demo --url http://127.0.0.1:8000/webhook",
		"hf repo create mock-user/demo",
	}, "\n")
}

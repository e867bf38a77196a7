package hub

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// filled is a form as a browser would send it, with fields typed over. A nil value
// leaves a field out, as an unticked box is.
func (s sheet) filled(action string, typed url.Values) url.Values {
	form := url.Values{}
	for n := range s.element("action", action).Descendants() {
		switch name := value(n, "name"); {
		case name == "" || n.Type != html.ElementNode:
		case n.Data == "textarea":
			form.Set(name, inside(n))
		case value(n, "type") != "checkbox":
			form.Set(name, value(n, "value"))
		case slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" }):
			form.Set(name, value(n, "value"))
		}
	}
	for name, values := range typed {
		if form[name] = values; values == nil {
			form.Del(name)
		}
	}
	return form
}

// inside is the text of an element that holds nothing else.
func inside(n *html.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return n.FirstChild.Data
}

// only is the one webhook that there is.
func (r *rig) only() Webhook {
	r.t.Helper()
	var list []Webhook
	r.db.View(func(s *domain.State) {
		for _, w := range s.Webhooks() {
			list = append(list, *w)
		}
	})
	if len(list) != 1 {
		r.t.Fatalf("there are %d webhooks", len(list))
	}
	return list[0]
}

func TestWebhookIsMadeAndChangedByForm(t *testing.T) {
	r := newRig(t, Options{})
	s := r.submit("POST", "/_mock/webhooks", url.Values{
		"url": {r.handler.url}, "watched": {"model me/x\r\n\r\nUSER:acme\nmodel me/x"}, "discussion": {"on"}, "secret": {"first-secret"},
	})
	w := r.only()
	path := "/_mock/webhooks/" + w.ID
	if s.status != 303 || s.header.Get("Location") != path+"?note=created" {
		t.Fatalf("created: %d to %s\n%s", s.status, s.header.Get("Location"), s.shown())
	}
	if w.URL != r.handler.url || !slices.Equal(w.Watched, []Watched{{Type: "model", Name: "me/x"}, {Type: "user", Name: "acme"}}) || !slices.Equal(w.Domains, []string{"discussion"}) || w.Secret != "first-secret" || w.User != DefaultUser {
		t.Fatalf("created: %+v", w)
	}
	for _, step := range []struct {
		what  string
		typed url.Values
		holds func(w Webhook) bool
	}{
		{"saved as it is", nil, func(now Webhook) bool { return fmt.Sprint(now) == fmt.Sprint(w) }},
		{"another secret", url.Values{"secret": {"second-secret"}}, func(w Webhook) bool { return w.Secret == "second-secret" }},
		{"no secret", url.Values{"remove": {"on"}}, func(w Webhook) bool { return w.Secret == "" }},
		{"other domains", url.Values{"repo": {"on"}, "discussion": nil}, func(w Webhook) bool { return slices.Equal(w.Domains, []string{"repo"}) }},
		{"a Job", url.Values{"url": {""}, "job": {"a-job"}}, func(w Webhook) bool { return w.JobID == "a-job" && w.URL == "" }},
		{"a URL with a password", url.Values{"url": {"http://me:pass@127.0.0.1/?key=word"}, "job": {""}}, func(w Webhook) bool { return w.JobID == "" && w.URL == "http://me:pass@127.0.0.1/?key=word" }},
		{"the same, unseen", url.Values{"watched": {"org acme"}}, func(w Webhook) bool {
			return w.Watched[0].Type == "org" && strings.Contains(w.URL, "key=word")
		}},
	} {
		page := r.page(path)
		if s := r.submit("POST", path, page.filled(path, step.typed)); s.status != 303 || !step.holds(r.only()) {
			t.Fatalf("%s: %d, %+v\n%s", step.what, s.status, r.only(), s.shown())
		}
	}
	if s := r.page(path); strings.Contains(s.text, "key=word") || strings.Contains(s.text, "pass") && strings.Contains(s.text, "me:pass") {
		t.Error("the form shows the URL's secrets")
	}
}

func TestWebhookIsSwitchedAndDeletedByForm(t *testing.T) {
	r := newRig(t, Options{})
	path := "/_mock/webhooks/" + r.watch("user:mock-user")
	for _, step := range []struct{ do, state, words string }{{"disable", "true", "Nothing is delivered to it"}, {"enable", "", "Its failures are forgotten"}} {
		if r.page(path).element("action", path+"/"+step.do) == nil {
			t.Fatalf("there is no form to %s it", step.do)
		}
		s := r.submit("POST", path+"/"+step.do, url.Values{})
		if s.status != 303 || r.only().Disabled != activity.Disabled(step.state) {
			t.Fatalf("%s: %d, %q", step.do, s.status, r.only().Disabled)
		}
		r.page(s.header.Get("Location")).has(t, step.words)
	}
	r.handler.answers(always(500))
	r.happens("repo.update")
	r.waitIdle()
	r.page(path+"/delete").has(t, "Delete this webhook?", "1 that is pending is not attempted any more")
	r.only()
	if s := r.submit("POST", path+"/delete", url.Values{}); s.status != 303 {
		t.Fatalf("delete: %d", s.status)
	}
	if s := r.open(path); s.status != 404 {
		t.Errorf("it is still there: %d", s.status)
	}
	r.page("/").has(t, "(deleted)", "webhook deleted")
}

func TestMistakeIsShownBesideWhatWasTyped(t *testing.T) {
	right := url.Values{"url": {"http://127.0.0.1/x"}, "job": {""}, "watched": {"model me/x"}, "repo": {"on"}, "secret": {"typed-secret"}}
	for name, c := range map[string]struct {
		typed  url.Values
		beside string // the id of the text
		says   string
	}{
		"scheme":       {url.Values{"url": {"javascript:alert(1)"}}, "url-wrong", "http://… or https://…"},
		"nothing":      {url.Values{"url": {""}}, "url-wrong", "url is missing"},
		"both":         {url.Values{"job": {"a-job"}}, "url-wrong", "not both"},
		"type":         {url.Values{"watched": {"model me/x\nmodle me/y"}}, "watched-wrong", `line 2 has the type "modle"`},
		"no name":      {url.Values{"watched": {"model"}}, "watched-wrong", "line 1 is not a type and a name"},
		"three words":  {url.Values{"watched": {"model me x"}}, "watched-wrong", "line 1"},
		"none watched": {url.Values{"watched": {" \n"}}, "watched-wrong", "watched is empty"},
		"no domain":    {url.Values{"repo": nil}, "domains-wrong", "domains are missing"},
		"bad secret":   {url.Values{"secret": {"typed-secret\x01"}}, "secret-wrong", "secret does not match"},
		"keep and cut": {url.Values{"remove": {"on"}}, "secret-wrong", "do one of both"},
		"secret typed elsewhere": {url.Values{"watched": {"typed-secret me/x"}, "job": {"typed-secret"}, "url": {"http://127.0.0.1/typed-secret"}},
			"watched-wrong", "line 1 has the type"},
		"secret in the URL": {url.Values{"watched": {"x"}, "url": {"http://127.0.0.1/?key=typed-secret"}}, "url-wrong", "type it again"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Options{})
			id := r.watch("user:mock-user")
			for _, path := range []string{"/_mock/webhooks", "/_mock/webhooks/" + id} {
				form := url.Values{}
				for _, from := range []url.Values{right, c.typed} {
					for field, values := range from {
						form[field] = values
					}
				}
				before := r.only()
				s := r.submit("POST", path, form)
				if now := r.only(); s.status != 400 || fmt.Sprint(now) != fmt.Sprint(before) {
					t.Fatalf("%s: %d, %+v", path, s.status, now)
				}
				beside := s.element("id", c.beside)
				if beside == nil || !strings.Contains(inside(beside), c.says) {
					t.Errorf("%s: %q is not said beside the field:\n%s", path, c.says, s.shown())
				}
				for _, secret := range []string{"typed-secret", "s3cret"} {
					if strings.Contains(s.text, secret) {
						t.Errorf("%s shows the secret %q", path, secret)
					}
				}
				if typed := form.Get("watched"); !strings.Contains(typed, "secret") && strings.TrimSpace(inside(s.element("id", "watched"))) != strings.TrimSpace(typed) {
					t.Errorf("%s: what was typed is lost", path)
				}
				if typed := form.Get("url"); !strings.Contains(typed, "secret") && value(s.element("id", "url"), "value") != typed {
					t.Errorf("%s: the URL that was typed is lost", path)
				}
			}
		})
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	r := newRig(t, Options{})
	path := "/_mock/webhooks/" + r.watch("user:mock-user") + "/delete"
	for header, from := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"} {
		request, _ := http.NewRequest("POST", r.url+path, nil)
		request.Header.Set(header, from)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if response.Body.Close(); response.StatusCode != 403 {
			t.Errorf("%s %s: %d", header, from, response.StatusCode)
		}
	}
	r.only()
}

func TestFormsAreBounded(t *testing.T) {
	r := newRig(t, Options{})
	s := r.submit("POST", "/_mock/webhooks", url.Values{"watched": {strings.Repeat("model me/x\n", 64<<10/11+1)}})
	if s.status != 413 {
		t.Errorf("a form that is too long: %d", s.status)
	}
}

func TestPagesShowNoSecret(t *testing.T) {
	const secret, other = "a-secret-that-is-long", `quoted "secret" \ too`
	r := newRig(t, Options{})
	for _, s := range []string{secret, other} {
		r.call("POST", "/api/settings/webhooks", map[string]any{
			"url": r.handler.url + "?token=" + url.QueryEscape(s), "watched": []Watched{{Type: "user", Name: "mock-user"}}, "secret": s,
		})
	}
	r.showsDiscussion("A title with "+secret, "posted: "+secret+" and "+other)
	paths := []string{"/", "/?q=" + secret[:8], "/_mock/webhooks", "/_mock/calls", "/_mock/trigger", "/mock-user/demo", "/mock-user/demo/discussions/1"}
	for _, d := range r.Deliveries(Query{}) {
		paths = append(paths, "/_mock/deliveries/"+d.ID, "/_mock/deliveries/"+d.ID+"/payload", "/_mock/webhooks/"+d.RegistrationID, "/_mock/webhooks/"+d.RegistrationID+"/delete")
	}
	for _, path := range paths {
		s := r.page(path)
		for _, hidden := range []string{secret, other, `quoted \"secret\"`, url.QueryEscape(other)} {
			if strings.Contains(s.text, hidden) || strings.Contains(s.shown(), hidden) {
				t.Errorf("%s shows %q", path, hidden)
			}
		}
	}
}

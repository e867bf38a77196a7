package page

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

type visit struct {
	*Pages
	request  *http.Request
	response http.ResponseWriter
	params   map[string]string
}

type view struct {
	Title string
	Nav   string // the entry of the navigation that is current
	Clock clockView
	Note  string // what has just been done
	Count int    // webhooks that there are
	Body  any

	now time.Time // on the Hub
}

// noteNamed returns the note that the query names. Nobody else can have a page say anything.
func noteNamed(name string) string {
	return map[string]string{
		"created":  "The webhook is registered.",
		"saved":    "The webhook is saved.",
		"enabled":  "The webhook is enabled. Its failures are forgotten.",
		"disabled": "The webhook is disabled. Nothing is delivered to it.",
		"deleted":  "The webhook is deleted. Its deliveries stay to be looked at.",
		"replayed": "The delivery was attempted once more.",
		"fired":    "The event was told.",
		"nobody":   "The event was told, and no webhook watches for it.",
		"advanced": "Time has passed on the Hub.",
	}[name]
}

// Moment returns a time as the page shows it.
func (p view) Moment(t time.Time) moment { return momentAt(t, p.now) }

func (v *visit) serve(route *Route) error {
	if v.request.Method == http.MethodPost {
		if err := v.request.ParseForm(); err != nil {
			return router.BodyProblem(err)
		}
	}
	return route.serve(v)
}

func (v *visit) show(name string, page view) error { return v.showAs(http.StatusOK, name, page) }

func (v *visit) showAs(status int, name string, page view) error {
	page.now = v.DB.Now()
	page.Clock = v.clock(page.now)
	page.Note = noteNamed(v.request.URL.Query().Get("note"))
	v.DB.View(func(s *domain.State) { page.Count = s.WebhookCount() })
	var text bytes.Buffer
	if err := v.templates[name].ExecuteTemplate(&text, "layout", page); err != nil {
		return fmt.Errorf("write the page %s: %w", name, err)
	}
	v.response.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.response.WriteHeader(status)
	v.response.Write(text.Bytes())
	return nil
}

type errorView struct {
	Status int
	Text   string
}

func (v *visit) fail(err error) {
	p := router.ProblemOf(err)
	if p.Status >= 500 {
		v.Log.Error("a page failed", "path", v.request.URL.Path, "error", err)
	}
	page := view{Title: http.StatusText(p.Status), Body: errorView{p.Status, p.Text}}
	if v.showAs(p.Status, "error", page) != nil {
		http.Error(v.response, p.Text, p.Status)
	}
}

func (v *visit) seeOther(path, note string) error {
	to, err := url.Parse(path)
	if err != nil {
		return problem.Invalid("that is no page of this Hub")
	}
	query := to.Query()
	query.Del("note")
	if note != "" {
		query.Set("note", note)
	}
	to.RawQuery = query.Encode()
	v.response.Header().Set("Location", to.String())
	v.response.WriteHeader(http.StatusSeeOther)
	return nil
}

// back returns the page that a form was on, if it says so; the first page otherwise.
func (v *visit) back() string {
	given := v.field("back")
	to, err := url.Parse(given)
	if err != nil || to.Scheme != "" || to.Host != "" || to.User != nil || !strings.HasPrefix(to.Path, "/") || strings.HasPrefix(to.Path, "//") || strings.ContainsAny(given, "\\\r\n\t") {
		return "/"
	}
	return (&url.URL{Path: to.Path, RawPath: to.RawPath, RawQuery: to.RawQuery}).String()
}

// field returns the value of a form field, without blanks around it.
func (v *visit) field(name string) string {
	return strings.TrimSpace(strings.ToValidUTF8(v.request.PostForm.Get(name), "\uFFFD"))
}

func (v *visit) asked(name string) string {
	return strings.ToValidUTF8(v.request.URL.Query().Get(name), "\uFFFD")
}

func (v *visit) update(do func(*domain.Tx) error) error {
	return v.DB.UpdateFrom(v.Origin(v.request), do)
}

func (v *visit) look(read func(*domain.State) error) (err error) {
	v.DB.View(func(s *domain.State) { err = read(s) })
	return err
}

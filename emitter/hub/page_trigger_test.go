package hub

import (
	"net/url"
	"strings"
	"testing"
)

func TestEventIsTriggeredByForm(t *testing.T) {
	r := newRig(t, Options{})
	id := r.watch("model:me/x")
	if s := r.page("/_mock/trigger"); value(s.element("id", "repo"), "value") != "me/x" {
		t.Error("the form does not name the repo that is watched")
	}
	for _, shape := range r.options.Schemas.Shapes() {
		s := r.submit("POST", "/_mock/trigger", url.Values{"shape": {shape.Name}, "type": {"model"}, "repo": {"me/x"}})
		if s.status != 303 || !strings.HasPrefix(s.header.Get("Location"), "/_mock/deliveries/") {
			t.Fatalf("%s: %d\n%s", shape.Name, s.status, s.shown())
		}
		named, narrowed := strings.CutSuffix(shape.Name, "*")
		arrived := r.arrivals()
		if len(arrived) != 1 || !strings.HasPrefix(arrived[0].shape(), named) || !narrowed && arrived[0].shape() != named || arrived[0].at("repo.name") != "me/x" {
			t.Errorf("%s: arrived %v", shape.Name, arrived)
		}
		r.page(s.header.Get("Location")).has(t, "The event was told", "valid by the schema "+shape.Name)
	}
	other := url.Values{"shape": {"repo.update"}, "type": {"dataset"}, "repo": {"me/other"}}
	if s := r.submit("POST", "/_mock/trigger", other); s.status != 303 || len(r.arrivals()) != 0 {
		t.Errorf("one that nobody watches: %d", s.status)
	} else {
		r.page(s.header.Get("Location")).has(t, "no webhook watches for it")
	}
	other.Set("webhook", id)
	if s := r.submit("POST", "/_mock/trigger", other); s.status != 303 || len(r.arrivals()) != 1 {
		t.Errorf("to one webhook: %d", s.status)
	}
	for field, bad := range map[string]string{"shape": "no.such", "repo": "a/b/c", "type": "kernel", "webhook": "unknown"} {
		form := url.Values{"shape": {"repo.update"}, "type": {"model"}, "repo": {"me/x"}}
		form.Set(field, bad)
		s := r.submit("POST", "/_mock/trigger", form)
		if s.status/100 != 4 || len(r.arrivals()) != 0 {
			t.Errorf("%s=%s: %d", field, bad, s.status)
		}
	}
}

package mask

import (
	"fmt"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

func TestShortSecretIsHiddenAsItStands(t *testing.T) {
	m := For(&activity.Webhook{Secret: "Xy9", URL: "http://me:pw@host/?n=12"})
	if got, want := m.Text("Xy9 xy9 587939 pw 12"), Placeholder+" xy9 587939 pw 12"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestShownURL(t *testing.T) {
	for given, want := range map[string]string{
		"http://127.0.0.1:8000/webhook":      "http://127.0.0.1:8000/webhook",
		"https://host/a%20b?secret=abc":      "https://host/a%20b?secret=•••",
		"https://host/?secret=abc&x=&token":  "https://host/?secret=•••&x=•••&•••",
		"https://me:pass%40word@host:1/h":    "https://me:•••@host:1/h",
		"https://hf_token@host/h":            "https://•••@host/h",
		"https://me:@host/#fragment":         "https://me:•••@host/",
		"https://host/hooks/the-secret/x":    "https://host/hooks/•••/x",
		"https://host/hooks/the%2Dsecret?a=": "https://host/hooks/•••?a=•••",
		"":                                   "",
		"://":                                "",
	} {
		if got := URL(&activity.Webhook{URL: given, Secret: "the-secret"}); got != want {
			t.Errorf("%q is shown as %q, want %q", given, got, want)
		}
	}
}

func TestMasksFollowTheSettings(t *testing.T) {
	var m Cache
	w := activity.Webhook{URL: "http://host/", Secret: "first-secret"}
	first := m.For(&w)
	changed := w
	changed.Secret = "second-secret"
	if got := m.For(&changed).Text("first-secret second-secret"); got != "first-secret "+Placeholder {
		t.Errorf("after a change: %q", got)
	}
	if m.For(&w) != first {
		t.Error("a mask is made anew for what is the same")
	}
	for i := range 2 * domain.MaxWebhooks {
		m.For(&activity.Webhook{Secret: fmt.Sprint(i % (domain.MaxWebhooks + 10))})
	}
	if len(m.known) > domain.MaxWebhooks {
		t.Errorf("%d masks are remembered", len(m.known))
	}
}

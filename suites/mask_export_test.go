package suites_test

import (
	"net/url"
	"testing"

	"github.com/hubhook/hubhook/suites"
)

func TestMaskForOthers(t *testing.T) {
	mask := suites.NewMask("Sekr3t-value")
	mask.Hide("Bearer t0ken")
	mask.Hide("abc")
	u, err := url.Parse("http://me:p4ssword@host/")
	if err != nil {
		t.Fatal(err)
	}
	mask.HideURL(u)
	for text, want := range map[string]string{
		"at Sekr3t-value":           "at $HUBHOOK_SECRET",
		"at %53ekr3t-value.":        "at $HUBHOOK_SECRET.",
		`{"h":"Bearer t0ken","abc"`: `{"h":"***","abc"`,
		"me:p4ssword":               "me:***",
		"at Sekr3t-v":               "at Sekr3t-v",
	} {
		if got := mask.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := mask.Cut("at Sekr3t-v"); got != "at $HUBHOOK_SECRET" {
		t.Errorf("what is cut became %q", got)
	}
}

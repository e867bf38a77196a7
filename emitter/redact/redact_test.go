package redact

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// masking hides values, each behind a stand-in of its own: <1>, <2>.
func masking(values ...string) *Mask {
	m := &Mask{}
	for i, value := range values {
		m.Hide(value, fmt.Sprintf("<%d>", i+1))
	}
	return m
}

func TestText(t *testing.T) {
	const secret = `Se"kr3t+value`
	m := masking(secret, "t0ken", "Xy9", secret+"-longer")
	for text, want := range map[string]string{
		"":                                 "",
		"nothing":                          "nothing",
		secret:                             "<1>",
		secret + secret:                    "<1><1>",
		"(" + secret + "-longer)":          "(<4>)",
		"(" + secret + "-long)":            "(<1>-long)",
		strings.ToUpper(secret):            "<1>",
		url.QueryEscape(secret):            "<1>",
		fmt.Sprintf("%q", secret):          `"<1>"`,
		`Se&quot;kr3t&#43;value`:           "<1>",
		hex.EncodeToString([]byte(secret)): "<1>",
		"Basic " + base64.StdEncoding.EncodeToString([]byte("u:"+secret)): "Basic dTp<1>",
		`a "t0ken"`:                  `a "<2>"`,
		"Xy9 xy9 587939":             "<3> xy9 587939", // a short one is hidden only unencoded
		secret[:len(secret)-1] + ".": secret[:len(secret)-1] + ".",
	} {
		if got := m.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestNothingIsHidden(t *testing.T) {
	for name, m := range map[string]*Mask{"the zero value": {}, "an empty value": masking("")} {
		for _, text := range []string{"", "a", `%\u&`, "\xff"} {
			if got := m.Text(text) + m.Prefix(text) + m.Suffix(text, 0, true); got != strings.Repeat(text, 3) {
				t.Errorf("%s: %q became %q", name, text, got)
			}
		}
	}
}

func TestNewMask(t *testing.T) {
	m := NewMask("Sekr3t-value")
	m.HideLong("Bearer t0ken", "abc")
	for text, want := range map[string]string{
		"at Sekr3t-value":           "at $HUBHOOK_SECRET",
		"at %53ekr3t-value.":        "at $HUBHOOK_SECRET.",
		`{"h":"Bearer t0ken","abc"`: `{"h":"***","abc"`,
		"at Sekr3t-v":               "at Sekr3t-v",
	} {
		if got := m.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := m.Prefix("at Sekr3t-v"); got != "at $HUBHOOK_SECRET" {
		t.Errorf("what is cut became %q", got)
	}
}

func TestHideExact(t *testing.T) {
	m := &Mask{}
	m.HideExact("My \"secret\"\n", "<1>")
	for text, want := range map[string]string{
		"My \"secret\"\n": "<1>", `My \"secret\"\n`: "<1>", `My%20%22secret%22%0A`: "<1>",
		"my \"secret\"\n": "my \"secret\"\n", "4d79": "4d79",
	} {
		if got := m.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestHideForm(t *testing.T) {
	m := &Mask{}
	m.HideForm("wrong-value", "<a wrong secret>", "$(filter)")
	want := []Piece{{Text: "a "}, {Text: "wrong-value", Shown: "<a wrong secret>", Command: "$(filter)"}}
	if diff := cmp.Diff(want, m.Split("a wrong-value", false)); diff != "" {
		t.Error(diff)
	}
}

func TestPrefix(t *testing.T) {
	m := masking("Sekr3t-value")
	for text, want := range map[string]string{
		"at Sekr3t-value": "at <1>", "at Sekr3t": "at <1>", "at Sekr": "at <1>", "at Sek": "at Sek",
		"Sekr3t.": "Sekr3t.", `{"a":"Sekr\u00`: `{"a":"<1>`,
	} {
		if got := m.Prefix(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestSuffix(t *testing.T) {
	m := masking("Sekr3t-value")
	for _, test := range []struct {
		text  string
		first int
		cut   bool
		want  string
	}{
		{"0123456789", 0, false, "0123456789"},
		{"0123456789", 4, false, "456789"},
		{"0123456789", 10, false, ""},
		{"0123456789", 20, false, ""},
		{"ab Sekr3t-value cd", 3, false, "<1> cd"},
		{"ab Sekr3t-value cd", 7, false, "<1> cd"}, // what is left of it is hidden, too
		{"ab Sekr3t-value cd", 15, false, " cd"},
		{"ab Sekr3t-value Sekr", 15, true, " <1>"},
	} {
		if got := m.Suffix(test.text, test.first, test.cut); got != test.want {
			t.Errorf("%q without the first %d became %q, want %q", test.text, test.first, got, test.want)
		}
	}
}

func TestMaxSpellingCoversEverySpelling(t *testing.T) {
	const secret = "Sekr3t-value"
	m := masking(secret)
	for _, each := range []string{"%%%02X", "&#%d;", `\u%04x`, "&#x000000000000%x;"} {
		spelled := ""
		for _, b := range []byte(secret) {
			spelled += fmt.Sprintf(each, b)
		}
		if got := m.Text(spelled); got != "<1>" {
			t.Errorf("%s became %s", spelled, got)
		}
		if len(spelled) > m.MaxSpelling() {
			t.Errorf("%s has %d bytes, MaxSpelling is %d", spelled, len(spelled), m.MaxSpelling())
		}
	}
}

// FuzzMask holds that the pieces of a text are the text, and that no value is in one
// that is shown.
func FuzzMask(f *testing.F) {
	f.Add("before ", "Sekr3t-value", " after", 3)
	f.Add("%", `\\\\\\`, `\u00`, 0)
	f.Add("&quo", `a"b&`, ";", -1)
	f.Fuzz(func(t *testing.T, before, secret, after string, first int) {
		if len(secret) < MinLength || len(secret) > 200 || !utf8.ValidString(secret) {
			return
		}
		m := masking(secret)
		text := before + secret + after
		for _, cut := range []bool{false, true} {
			whole := ""
			for _, p := range m.Split(text, cut) {
				whole += p.Text
				if p.Shown == "" && strings.Contains(p.Text, secret) {
					t.Errorf("%q shows %q", p.Text, secret)
				}
			}
			if whole != text {
				t.Errorf("%q was taken apart into %q", text, whole)
			}
			m.Suffix(text, first, cut)
		}
	})
}

func BenchmarkHide(b *testing.B) {
	for b.Loop() {
		masking("Sekr3t-value-of-some-length/32==")
	}
}

package secrets

import (
	"encoding/base64"
	"html"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/redact"
)

func TestMaskedText(t *testing.T) {
	const secret = "Sekr3t-value"
	s := Of(secret)
	tests := []struct {
		name, text, want string
	}{
		{"nothing to hide", "sekr3t value", "sekr3t value"},
		{"empty", "", ""},
		{"raw", "a Sekr3t-value b", "a $HUBHOOK_SECRET b"},
		{"twice in a row", secret + secret, "$HUBHOOK_SECRET$HUBHOOK_SECRET"},
		{"the whole before its part", secret + " Sekr3t-valu!", "$HUBHOOK_SECRET ${HUBHOOK_SECRET%?}!"},
		{"the longer before the whole", "(Sekr3t-valuex)", "(${HUBHOOK_SECRET}x)"},
		{"a false start", "Sekr3t-Sekr3t-value", "Sekr3t-$HUBHOOK_SECRET"},
		{"a form of its own", "sEKR3T-VALUE", "<a wrong secret>"},
		{"a part stays", "Sekr3t-val", "Sekr3t-val"},
		{"bytes that are no text", "\xff\xfeSekr3t-value\xc3", "\xff\xfe$HUBHOOK_SECRET\xc3"},
		{"half escapes", `%\u&#Sekr3t-value%`, `%\u&#$HUBHOOK_SECRET%`},
	}
	m := NewMask(secret)
	for _, form := range []Variant{s, s.WithoutLast(), s.Appended("x"), s.SwappedCase(), Literal("nothing")} {
		m.Learn(form)
	}
	for _, test := range tests {
		if got := m.Text(test.text); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestShortSecrets(t *testing.T) {
	tests := []struct {
		name, secret, text, want string
	}{
		{"three are masked as they stand", "Xy9", "Xy9 %58y9 xy9 587939 WHk5", "$HUBHOOK_SECRET $HUBHOOK_SECRET xy9 587939 WHk5"},
		{"four in hex and whole base64", "Xy9z", "xy9z 5879397a WHk5eg== dVh5OXo=", "xy9z $HUBHOOK_SECRET $HUBHOOK_SECRET dVh5OXo="},
		{"six in other case", "Xy9zAb", "XY9ZAB dVh5OXpBYg==", "$HUBHOOK_SECRET dV$HUBHOOK_SECRET"},
		{"eight within base64", "Xy9zAbCd", "dVh5OXpBYkNkdQ==", "dV$HUBHOOK_SECRETdQ=="},
	}
	for _, test := range tests {
		if got := NewMask(test.secret).Text(test.text); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestEmptySecretMasksNothing(t *testing.T) {
	m := NewMask("")
	m.Learn(Of("").Appended("x"))
	for _, text := range []string{"", "x", "any text"} {
		if got := m.Text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestTruncated(t *testing.T) {
	const secret = `Sek"rét&value`
	tests := []struct {
		name, body, want string
	}{
		{"whole", `at Sek"rét&value`, "at $HUBHOOK_SECRET"},
		{"cut", `at Sek"r`, "at $HUBHOOK_SECRET"},
		{"four characters", `at Sek"`, "at $HUBHOOK_SECRET"},
		{"three are left", "at Sek", "at Sek"},
		{"not at the end", `Sek"r.`, `Sek"r.`},
		{"cut in json", `{"a":"Sek\"r`, `{"a":"$HUBHOOK_SECRET`},
		{"cut in an escape", `{"a":"Sek\"r\u00`, `{"a":"$HUBHOOK_SECRET`},
		{"cut in a percent", `Sek%22r%C`, `$HUBHOOK_SECRET`},
		{"cut in an entity", `Sek&quot;r&eacu`, `$HUBHOOK_SECRET`},
		{"cut in a character", "Sek\"r\xc3", `$HUBHOOK_SECRET`},
		{"cut in base64", "=" + base64.StdEncoding.EncodeToString([]byte("u" + secret))[:12], "=dV$HUBHOOK_SECRET"},
		{"empty", "", ""},
	}
	m := NewMask(secret)
	for _, test := range tests {
		if got := m.Prefix(test.body); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestPasswordOfTheURLIsMasked(t *testing.T) {
	m := NewMask("")
	m.HidePassword("http://user:p%40ssword@host/")
	m.HidePassword("http://user:x@host/")
	m.HidePassword("http://user@host/")
	m.HidePassword(":")
	echo := "p@ssword x " + base64.StdEncoding.EncodeToString([]byte("user:p@ssword"))
	if got, want := m.Text(echo), "*** x dXNlcjp***"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMaskServesManyGoroutines(t *testing.T) {
	m := NewMask("Sekr3t-value")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			m.Learn(Of("Sekr3t-value").Appended(strconv.Itoa(i % 4)))
			m.HidePassword("http://user:password@host/")
			if got := m.Text("Sekr3t-value"); got != redact.SecretVariable {
				t.Errorf("got %q", got)
			}
			m.Prefix("Sekr3t")
		})
	}
	group.Wait()
	if len(m.learned) != 5 {
		t.Errorf("learned %d variants, want 5", len(m.learned))
	}
}

// FuzzMask holds that what is shown of a text is the text less what is hidden,
// and that the secret is in no piece that is shown, however it was spelled.
func FuzzMask(f *testing.F) {
	for _, secret := range oddSecrets() {
		f.Add("before ", secret, " after")
		f.Add(secret[:len(secret)/2], secret, secret)
	}
	f.Add("%", `\\\\\\\\`, `\`)
	f.Fuzz(func(t *testing.T, before, secret, after string) {
		if len(secret) < redact.MinLength || len(secret) > 200 || !utf8.ValidString(secret) {
			return
		}
		m := NewMask(secret)
		m.Learn(Of(secret).WithoutLast())
		m.Prefix(before + secret)
		for _, spelled := range []string{secret, url.QueryEscape(secret), html.EscapeString(secret)} {
			text, whole := before+spelled+after, ""
			for _, s := range m.Split(text, false) {
				whole += s.Text
				if s.Shown == "" && strings.Contains(s.Text, spelled) {
					t.Errorf("%q shows %q", s.Text, spelled)
				}
			}
			if whole != text {
				t.Errorf("%q was taken apart into %q", text, whole)
			}
		}
	})
}

func BenchmarkMaskText(b *testing.B) {
	const secret = "Sekr3t-value-of-some-length/32=="
	m := NewMask(secret)
	for _, form := range formsOf(secret) {
		m.Learn(form)
	}
	body := strings.Repeat(`{"repo":{"name":"some-user/Sekr3t-repo","url":"https://hub\u002ex/a%20b"}},`, 900)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		m.Text(body)
	}
}

func BenchmarkNewMasker(b *testing.B) {
	for b.Loop() {
		NewMask("Sekr3t-value-of-some-length/32==")
	}
}

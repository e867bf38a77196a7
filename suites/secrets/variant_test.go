package secrets

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/curl"
)

// oddSecrets are those on which careless quoting and escaping fail.
func oddSecrets() []string {
	return []string{
		"correct-horse-battery",
		"with two  blanks",
		`dollar$HOME and ${x} and $(id) and ` + "`id`",
		`back\slash\\n and \u0041`,
		`"double" and 'single' quotes`,
		"per%cent %s %41 %d",
		"bang!bang!! !$ !-1",
		"-n",
		"-e x",
		"@file;<x>&y|z",
		"a+b/c=d&e?f#g",
		"[glob]*{1,2}~",
		"<b>&amp;</b>&#39;",
		"1234567890",
		"~~~!!!~~~",
		"Sekr3t:with:colons_and_Caps",
		strings.Repeat("a long one/", 30) + "end",
	}
}

// formsOf are all the forms that can be made of a secret, by name.
func formsOf(secret string) map[string]Variant {
	s := Of(secret)
	return map[string]Variant{
		"itself":                 s,
		"shifted":                s.Shifted(),
		"swapped case":           s.SwappedCase(),
		"without last":           s.WithoutLast(),
		"appended letter":        s.Appended("x"),
		"appended odd":           s.Appended("!$x`\"\\'[0]"),
		"quoted":                 s.Quoted(),
		"within":                 s.Within("Bearer ", ", y"),
		"shifted quoted":         s.Quoted().Shifted(),
		"quoted shifted":         s.Shifted().Quoted(),
		"bang in a substitution": s.Within("!", "!").SwappedCase(),
		"without last two":       s.WithoutLast().WithoutLast(),
		"literal":                Literal(`not "$HOME" \!`),
		"literal shifted":        Literal("wrong!").Shifted(),
	}
}

func TestShellFormIsTheValue(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"sh", "bash"} {
		for _, secret := range oddSecrets() {
			for name, form := range formsOf(secret) {
				got := runShell(t, shell, secret, t.TempDir(), `printf %s "`+form.shell+`"`)
				if got != form.Value() {
					t.Errorf("%s, secret %q, %s: %s came out as %q, want %q",
						shell, secret, name, form.shell, got, form.Value())
				}
			}
		}
	}
}

// runShell runs a command with the secret in its environment.
func runShell(t *testing.T, shell, secret, dir, command string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), shell, "-c", command)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "HUBHOOK_SECRET=" + secret}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s -c %s: %v\n%s", shell, command, err, stderr.String())
	}
	return string(out)
}

func TestShellFormsAreShort(t *testing.T) {
	s := Of("abc")
	for want, form := range map[string]Variant{
		`$HUBHOOK_SECRET`:                                   s,
		`${HUBHOOK_SECRET%?}`:                               s.WithoutLast(),
		`${HUBHOOK_SECRET}x`:                                s.Appended("x"),
		`$HUBHOOK_SECRET.x`:                                 s.Appended(".x"),
		`\"$HUBHOOK_SECRET\"`:                               s.Quoted(),
		`Bearer ${HUBHOOK_SECRET}1`:                         s.Within("Bearer ", "1"),
		`$(printf %s "$HUBHOOK_SECRET" | tr a-zA-Z A-Za-z)`: s.SwappedCase(),
	} {
		if form.String() != want {
			t.Errorf("got %s, want %s", form, want)
		}
	}
}

func TestSecretFormNeverShowsItsValue(t *testing.T) {
	const secret = "correct-horse-battery"
	type holder struct {
		hidden Variant
		Open   Variant
	}
	for name, form := range formsOf(secret) {
		if form.literal {
			continue
		}
		held := holder{form, form}
		var shown strings.Builder
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&shown, verb+verb+verb, form, held, []*holder{&held})
		}
		encoded, err := json.Marshal(map[string]any{"form": form, "held": held})
		if err != nil {
			t.Fatal(err)
		}
		shown.Write(encoded)
		slog.New(slog.NewTextHandler(&shown, nil)).Info("x", "form", form, "held", held)
		shown.WriteString(form.GomegaString() + form.GoString())
		for _, leak := range []string{form.Value(), secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%d", []byte(secret))} {
			if strings.Contains(shown.String(), leak) {
				t.Errorf("%s: %s shows %s", name, shown.String(), leak)
			}
		}
		if !strings.Contains(fmt.Sprint(form), "HUBHOOK_SECRET") {
			t.Errorf("%s is shown as %v", name, form)
		}
	}
}

func TestDiffers(t *testing.T) {
	tests := []struct {
		name   string
		secret string
		change func(Variant) Variant
		want   bool
	}{
		{"letters change case", "abc1", Variant.SwappedCase, true},
		{"digits do not", "123-", Variant.SwappedCase, false},
		{"visible characters shift", "abc", Variant.Shifted, true},
		{"the last one too", "~", Variant.Shifted, true},
		{"blanks do not", "   ", Variant.Shifted, false},
		{"one shorter", "a", Variant.WithoutLast, true},
		{"nothing is not shortened", "", Variant.WithoutLast, false},
	}
	for _, test := range tests {
		form := Of(test.secret)
		if got := test.change(form).Differs(form); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestZeroSecretForm(t *testing.T) {
	var zero Variant
	if !zero.IsZero() || zero.Value() != "" || zero.String() != "" {
		t.Error("the zero form is not empty")
	}
	if Of("").IsZero() || Literal("").IsZero() {
		t.Error("an empty form counts as unset")
	}
}

func FuzzShellWord(f *testing.F) {
	for _, secret := range oddSecrets() {
		f.Add("before!", secret, "after\n")
	}
	f.Add("", "x", "_")
	f.Fuzz(func(t *testing.T, before, secret, after string) {
		if strings.Contains(before+secret+after, "\x00") {
			return // no command line and no environment holds a NUL
		}
		word := slices.Concat(curl.Literal(before), Of(secret).text(), curl.Literal(after)).Quote()
		quoted := curl.Quote(before + after)
		got := runShell(t, "sh", secret, t.TempDir(), "printf '%s|%s' "+word+" "+quoted)
		if want := before + secret + after + "|" + before + after; got != want {
			t.Errorf("%s came out as %q, want %q", word, got, want)
		}
	})
}

package redact

import (
	"encoding/base64"
	"net/url"
	"testing"
)

func TestPassword(t *testing.T) {
	tests := map[string]string{
		"http://h/p?q=1#f":                  "http://h/p?q=1#f",
		"http://user:pass@h:80/p?x=a:b@c":   "http://user:***@h:80/p?x=a:b@c",
		"http://user:p:a@ss@h":              "http://user:***@h",
		"http://user:@h":                    "http://user:***@h",
		"http://user@h/":                    "http://user@h/",
		"http://h:80/a:b@c":                 "http://h:80/a:b@c",
		"http://h?a:b@c":                    "http://h?a:b@c",
		"//user:pass@h/":                    "//user:***@h/",
		"h:80/x//user:pass@h":               "h:80/x//user:pass@h",
		"http://user:%zz@h/":                "http://user:***@h/",
		"user:pass@h":                       "user:pass@h",
		"":                                  "",
		"http://u:p@[::1]:8080/?a=http://x": "http://u:***@[::1]:8080/?a=http://x",
	}
	for given, want := range tests {
		if got := Password(given); got != want {
			t.Errorf("%s: got %s, want %s", given, got, want)
		}
	}
}

func FuzzPassword(f *testing.F) {
	f.Add("http://user:pass@h:80/p?x=a:b@c#d")
	f.Add("//u:p@[::1]/")
	f.Fuzz(func(t *testing.T, given string) {
		parsed, err := url.Parse(given)
		if err != nil {
			return
		}
		again, err := url.Parse(Password(given))
		if err != nil {
			t.Fatalf("%q became %q: %v", given, Password(given), err)
		}
		if _, has := parsed.User.Password(); has {
			if password, _ := again.User.Password(); password != Placeholder {
				t.Errorf("the password of %q is shown as %q", given, password)
			}
			parsed.User = url.UserPassword(parsed.User.Username(), Placeholder)
			again.User = url.UserPassword(again.User.Username(), Placeholder)
		}
		if *parsed != *again && parsed.String() != again.String() {
			t.Errorf("%q became %q", given, Password(given))
		}
	})
}

func TestHidePassword(t *testing.T) {
	m := &Mask{}
	m.HidePassword("http://user:p%40ssword@host/")
	m.HidePassword("http://user:x@host/")
	m.HidePassword("http://user@host/")
	m.HidePassword(":")
	echo := "p@ssword x " + base64.StdEncoding.EncodeToString([]byte("user:p@ssword"))
	if got, want := m.Text(echo), "*** x dXNlcjp***"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPasswords(t *testing.T) {
	for text, want := range map[string]string{
		"curl http://u:p@h/ 'https://u:pw@h:1/?q=a:b@c'": "curl http://u:***@h/ 'https://u:***@h:1/?q=a:b@c'",
		"http://u@h/a:b@c u:p@h":                         "http://u@h/a:b@c u:p@h",
	} {
		if got := Passwords(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestURL(t *testing.T) {
	for given, want := range map[string]string{
		"http://127.0.0.1:8000/webhook":     "http://127.0.0.1:8000/webhook",
		"https://host/a%20b?secret=abc":     "https://host/a%20b?secret=•••",
		"https://host/?secret=abc&x=&token": "https://host/?secret=•••&x=•••&•••",
		"https://me:pass%40word@host:1/h":   "https://me:•••@host:1/h",
		"https://hf_token@host/h":           "https://•••@host/h",
		"https://me:@host/#fragment":        "https://me:•••@host/",
	} {
		u, err := url.Parse(given)
		if err != nil {
			t.Fatal(err)
		}
		if got := URL(u, "•••"); got != want {
			t.Errorf("%q became %q, want %q", given, got, want)
		}
	}
}

func TestHideURL(t *testing.T) {
	m := &Mask{}
	for _, given := range []string{"http://me:p4ss@host/?key=t0ken%2B&n=12&bare", "http://hf_token@host/"} {
		u, err := url.Parse(given)
		if err != nil {
			t.Fatal(err)
		}
		m.HideURL(u, "•")
	}
	if got, want := m.Text("me p4ss t0ken+ 12 bare hf_token key"), "me • • 12 • • key"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

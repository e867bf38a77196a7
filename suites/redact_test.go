package suites

import (
	"net/url"
	"testing"
)

func TestRedactURL(t *testing.T) {
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
		if got := redactURL(given); got != want {
			t.Errorf("%s: got %s, want %s", given, got, want)
		}
	}
}

func FuzzRedactURL(f *testing.F) {
	f.Add("http://user:pass@h:80/p?x=a:b@c#d")
	f.Add("//u:p@[::1]/")
	f.Fuzz(func(t *testing.T, given string) {
		parsed, err := url.Parse(given)
		if err != nil {
			return
		}
		again, err := url.Parse(redactURL(given))
		if err != nil {
			t.Fatalf("%q became %q: %v", given, redactURL(given), err)
		}
		if _, has := parsed.User.Password(); has {
			if password, _ := again.User.Password(); password != redacted {
				t.Errorf("the password of %q is shown as %q", given, password)
			}
			parsed.User = url.UserPassword(parsed.User.Username(), redacted)
			again.User = url.UserPassword(again.User.Username(), redacted)
		}
		if *parsed != *again && parsed.String() != again.String() {
			t.Errorf("%q became %q", given, redactURL(given))
		}
	})
}

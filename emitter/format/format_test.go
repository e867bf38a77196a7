package format_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/format"
	"github.com/hubhook/hubhook/schemas"
)

// formSecret is what the tests' handlers are given. It is to be in nothing that
// is written.
const formSecret = `s3cret "$x' & more`

// oddMessages are payloads on which careless quoting fails.
func oddMessages() []delivery.Message {
	var list []delivery.Message
	for name, text := range map[string]string{
		"plain":        "x",
		"quotes":       `'single' \"double\" '' '\\''`,
		"substitution": "$(echo no) `echo no` ${HOME} $HUBHOOK_SECRET !! !x",
		"escapes":      `\n \t \\ \u0000 \u001b[31m \ud83e\udd17 \/`,
		"letters":      "é☃🤗 à\u0081\u0088\u009b[31m\u202e\x7f",
		"variables":    "{{x}} {{{ }}} {{$guid}} {{\\n {{{{ <% %> %s",
		"heredoc":      "EOF\\nEOF ### GET http://127.0.0.1/ < file",
		"1 MiB":        strings.Repeat("long'\\n☃", 1<<20/9),
		"20 KiB":       strings.Repeat("x", 20<<10),
	} {
		body := `{"event":{"action":"update","scope":"repo"},"repo":{"type":"model","name":"me/` + "it's" + `","x":"` + text + `"},"o":{"p":{}}}`
		list = append(list, delivery.Message{Shape: "repo.update", ID: "id of " + name, Body: []byte(body)})
	}
	return append(list,
		delivery.Message{ID: "spaced", Body: []byte("{\n  \"event\" :\t{} }\r\n")},
		delivery.Message{ID: "no object", Body: []byte(`"@"`)},
		delivery.Message{Shape: "a\nshape; echo no", ID: "odd shape", Body: []byte("[]")},
	)
}

func form(t testing.TB, name string, o format.Options) *format.Format {
	t.Helper()
	f, err := format.New(name, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// written is what a form makes of messages.
func written(t testing.TB, f *format.Format, messages []delivery.Message) []byte {
	t.Helper()
	text := f.AppendHead(nil)
	for _, m := range messages {
		var err error
		if text, err = f.Append(text, m); err != nil {
			t.Fatal(err)
		}
	}
	return text
}

func feedOf(t testing.TB, shapes ...string) *emitter.Feed {
	t.Helper()
	g, err := seven()
	if err != nil {
		t.Fatal(err)
	}
	feed, err := g.Feed(emitter.FeedOptions{Shapes: shapes})
	if err != nil {
		t.Fatal(err)
	}
	return feed
}

func TestSameSeedGivesTheSameBytesInAllForms(t *testing.T) {
	for _, info := range format.List() {
		var first, second bytes.Buffer
		for _, out := range []*bytes.Buffer{&first, &second} {
			if err := form(t, info.Name, format.Options{}).Write(t.Context(), out, feedOf(t), 30); err != nil {
				t.Fatal(err)
			}
		}
		if first.Len() == 0 || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: %d and %d bytes differ", info.Name, first.Len(), second.Len())
		}
	}
}

func TestLinesAreThePayloadsAsTheyAre(t *testing.T) {
	var out bytes.Buffer
	if err := form(t, "ndjson", format.Options{}).Write(t.Context(), &out, feedOf(t), 400); err != nil {
		t.Fatal(err)
	}
	feed := feedOf(t)
	for line := range strings.Lines(out.String()) {
		m, err := feed.Next()
		if err != nil {
			t.Fatal(err)
		}
		if line != string(m.Body)+"\n" {
			t.Fatalf("%q is not the payload %q", line, m.Body)
		}
	}
}

func TestIndentedPayloadsAreReadBackAsTheyWere(t *testing.T) {
	messages := oddMessages()
	text := written(t, form(t, "json", format.Options{}), messages)
	if !bytes.Contains(text, []byte("\n  \"repo\": {\n    \"type\": \"model\",\n")) {
		t.Error("nothing is indented by two spaces")
	}
	next := 0
	err := schemas.DecodeStream(bytes.NewReader(text), func(_ int, got any) error {
		want, err := schemas.Decode(messages[next].Body)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %.300s", messages[next].ID, diff)
		}
		next++
		return err
	})
	if err != nil || next != len(messages) {
		t.Errorf("%d of %d read: %v", next, len(messages), err)
	}
}

func TestVegetaReadsTargets(t *testing.T) {
	messages := oddMessages()
	text := written(t, form(t, "vegeta", format.Options{To: "http://h/hook?a=1&b=2"}), messages)
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	if len(lines) != len(messages) {
		t.Fatalf("%d lines for %d payloads", len(lines), len(messages))
	}
	for i, line := range lines {
		var got struct {
			Method, URL string
			Header      http.Header
			Body        []byte
		}
		if err := json.Unmarshal(line, &got); err != nil {
			t.Fatal(err)
		}
		want := delivery.NewAttempt("http://h/hook?a=1&b=2", messages[i].ID, messages[i].Body)
		if got.Method != "POST" || got.URL != want.URL || !bytes.Equal(got.Body, want.Body) {
			t.Errorf("%s: %.300q", messages[i].ID, line)
		}
		if diff := cmp.Diff(want.Header, got.Header); diff != "" {
			t.Error(diff)
		}
	}
}

func TestMoreHeadersTakeThePlaceOfOurs(t *testing.T) {
	extra := http.Header{"content-type": {"text/plain"}, "X-Twice": {"1", "it's"}}
	for name, lines := range map[string][]string{
		"http": {"\nContent-Type: text/plain\n", "X-Twice: 1\nX-Twice: it's\n"},
		"curl": {"-H 'Content-Type: text/plain'", "-H 'X-Twice: 1' \\\n  -H 'X-Twice: it'\\''s'"},
	} {
		text := string(written(t, form(t, name, format.Options{Header: extra}), oddMessages()[:1]))
		for _, line := range lines {
			if !strings.Contains(text, line) || strings.Contains(text, delivery.ContentType) {
				t.Errorf("%s: %.600s", name, text)
			}
		}
	}
}

func TestFormsThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		name string
		o    format.Options
		says string
	}{
		{"yaml", format.Options{}, `unknown form "yaml": it is one of ndjson, json, http, curl, vegeta, job-env`},
		{"", format.Options{}, "unknown form"},
		{"curl", format.Options{SecretIn: "body"}, "header, query or none"},
		{"curl", format.Options{To: "localhost:8000"}, "does it lack http://"},
		{"curl", format.Options{To: "127.0.0.1:8000/hook"}, "does it lack http://"},
		{"curl", format.Options{To: "ftp://h/"}, "http://host/path"},
		{"curl", format.Options{To: "http://"}, "http://host/path"},
		{"curl", format.Options{To: "http://h:port/hidden"}, "cannot be read"},
		{"curl", format.Options{To: "http://me:hidden#@h/"}, "a # or / in a password is written as %23"},
		{"http", format.Options{To: "http://me:hidden@h/"}, "holds a password"},
		{"http", format.Options{To: "http://h/?secret=hidden"}, "--secret-in query"},
		{"vegeta", format.Options{SecretIn: delivery.InQuery}, "--secret-in none"},
	} {
		_, err := format.New(c.name, c.o)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s, %+v: %v does not say %q", c.name, c.o, err, c.says)
		}
	}
}

func TestWritingEndsWhereNothingTakesIt(t *testing.T) {
	disk := &fullDisk{left: 3}
	err := form(t, "ndjson", format.Options{}).Write(t.Context(), disk, feedOf(t), 1<<40)
	if !errors.Is(err, errFull) || disk.left != 0 {
		t.Errorf("%v with %d writes left", err, disk.left)
	}
}

func TestWritingEndsWithItsContext(t *testing.T) {
	ctx, cancel := contextWithCause(t)
	cancel(errFull)
	if err := form(t, "ndjson", format.Options{}).Write(ctx, io.Discard, feedOf(t), 1<<40); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

func TestShapeIsReadOffTheEvent(t *testing.T) {
	for body, want := range map[string]string{
		`{"event":{"scope":"repo.config.dois","action":"minted"}}`: "repo.config.dois.minted",
		`{"event":{"scope":"repo"}}`:                               "",
		`{"event":{"scope":1,"action":"update"}}`:                  "",
		`{"event":{"scope":"","action":"update"}}`:                 "",
		`{"event":"repo.update"}`:                                  "",
		`[]`:                                                       "",
		``:                                                         "",
		"\xff{":                                                    "",
	} {
		if got := delivery.ShapeOf([]byte(body)); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func BenchmarkForms(b *testing.B) {
	for _, info := range format.List() {
		b.Run(info.Name, func(b *testing.B) {
			f, feed := form(b, info.Name, format.Options{}), feedOf(b)
			b.ReportAllocs()
			b.ResetTimer()
			if err := f.Write(b.Context(), io.Discard, feed, uint64(b.N)); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func TestLinesCostNoAllocation(t *testing.T) {
	f, m, line := form(t, "ndjson", format.Options{}), oddMessages()[0], make([]byte, 0, 2<<20)
	if got := testing.AllocsPerRun(100, func() { _, _ = f.Append(line[:0], m) }); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

// What is less than a buffer is written at the end, and lost there if nobody asks.
func TestLastWriteIsNotLostInSilence(t *testing.T) {
	for _, left := range []int{0, 1} {
		disk := &fullDisk{left: left}
		err := form(t, "ndjson", format.Options{}).Write(t.Context(), disk, feedOf(t), 100) // some 90 KB
		if !errors.Is(err, errFull) {
			t.Errorf("%d writes fit: %v", left, err)
		}
	}
}

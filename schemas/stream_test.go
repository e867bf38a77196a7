package schemas_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/schemas"
)

// decodeAll returns the values of a stream as "line: value".
func decodeAll(input io.Reader) ([]string, error) {
	var got []string
	err := schemas.DecodeStream(input, func(line int, doc any) error {
		got = append(got, fmt.Sprintf("%d: %v", line, doc))
		return nil
	})
	return got, err
}

func TestDecodeStream(t *testing.T) {
	for _, c := range []struct {
		name, input string
		want        []string
	}{
		{"nothing", "", nil},
		{"blank lines", "\n\n \n", nil},
		{"one on each line", "1\n2\n3\n", []string{"1: 1", "2: 2", "3: 3"}},
		{"no newline at the end", "[1]\n[2]", []string{"1: [1]", "2: [2]"}},
		{"carriage returns", "{\"a\":1}\r\n{\"a\":2}\r\n", []string{"1: map[a:1]", "2: map[a:2]"}},
		{"blank lines between", "\n\n\"a\"\n\n\n\"b\"\n", []string{"3: a", "6: b"}},
		{"two on a line", "{} {}\n{}", []string{"1: map[]", "1: map[]", "2: map[]"}},
		{"one over many lines", "\n{\n \"a\":\n 1\n}\n", []string{"2: map[a:1]"}},
		{"many over many lines", "{\n\"a\": 1\n}\n[\n1,\n2]\n3", []string{"1: map[a:1]", "4: [1 2]", "7: 3"}},
		{"the next one right behind", "{\n}[\n1]2\n3", []string{"1: map[]", "2: [1]", "3: 2", "4: 3"}},
		{"blanks of all kinds between", "1 \t\r\n \t\n\r\n\t 2", []string{"1: 1", "4: 2"}},
		{"line breaks within strings do not count", `"a\nb"` + "\n2", []string{"1: a\nb", "2: 2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, input := range []io.Reader{
				strings.NewReader(c.input), iotest.OneByteReader(strings.NewReader(c.input)),
			} {
				got, err := decodeAll(input)
				if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
					t.Errorf("%v: %s", err, diff)
				}
			}
		})
	}
}

func TestDecodeStreamCountsLinesBeyondBuffer(t *testing.T) {
	var input strings.Builder
	for range 5000 {
		input.WriteString("{\n  \"name\": \"" + strings.Repeat("x", 40) + "\"\n}\n")
	}
	next := 1
	err := schemas.DecodeStream(strings.NewReader(input.String()), func(line int, _ any) error {
		if line != next {
			return fmt.Errorf("line %d, want %d", line, next)
		}
		next += 3
		return nil
	})
	if err != nil || next != 15001 {
		t.Errorf("%v; the next line is %d", err, next)
	}
}

func TestDecodeStreamErrorsHaveLines(t *testing.T) {
	for _, c := range []struct {
		name, input string
		before      int // values that come before it
		says        string
	}{
		{"in the first line", "oops\n1\n", 0, "line 1: broken JSON"},
		{"after good lines", "{}\n{}\n{\"a\": }\n{}\n", 2, "line 3: broken JSON"},
		{"within a long value", "{}\n{\n\"a\": 1,\n\"b\" 2\n}\n", 1, "line 4: broken JSON"},
		{"at the beginning of a line", "1\n2\n]", 2, "line 3: broken JSON"},
		{"it ends too early", "{}\n{\n\"a\": 1,\n", 1, "line 3: broken JSON"},
		{"it ends within a line", "{}\n{\"a\"", 1, "line 2: broken JSON"},
		{"byte order mark", "\ufeff{}\n", 0, "line 1: broken JSON: it begins with a byte order mark"},
		{"UTF-16, as PowerShell writes it", "\xff\xfe{\x00}\x00", 0, "line 1: broken JSON: it is UTF-16"},
		{"after a carriage return", "{}\r\n{\r\n\"a\": ?}", 1, "line 3: broken JSON"},
		{"huge exponent", "1\n\n[1e99999]\n2", 1, "line 3: broken JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeAll(strings.NewReader(c.input))
			if err == nil || !strings.HasPrefix(err.Error(), c.says) || len(got) != c.before {
				t.Errorf("%v after %q; want %q after %d values", err, got, c.says, c.before)
			}
		})
	}
}

func TestDecodeStreamReturnsErrorOfYield(t *testing.T) {
	stop, calls := errors.New("enough"), 0
	err := schemas.DecodeStream(strings.NewReader("1\n2\n3\n"), func(line int, _ any) error {
		calls++
		if line == 2 {
			return stop
		}
		return nil
	})
	if err != stop || calls != 2 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

func TestDecodeStreamReturnsErrorOfInput(t *testing.T) {
	broken := errors.New("the disk is gone")
	got, err := decodeAll(io.MultiReader(strings.NewReader("1\n2\n"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || len(got) != 2 {
		t.Errorf("%v after %q", err, got)
	}
}

func TestRawStream(t *testing.T) {
	want := []string{
		`{ "b":1,"a" :  2, "a": 3.0e+1 }`, "{\n  \"k\": \"\\u00e9 \\/ é\"\n}", `"text"`, "-0", "[]", "{\"\xff\":null}",
	}
	text := "\n" + want[0] + " " + want[1] + "\r\n\t" + want[2] + want[3] + "\n" + want[4] + want[5] + "\n\n"
	for name, input := range map[string]io.Reader{"at once": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text))} {
		var got []string
		var lines []int
		err := schemas.RawStream(input, func(line int, value json.RawMessage) error {
			got, lines = append(got, string(value)), append(lines, line)
			return nil
		})
		if err != nil || !slices.Equal(got, want) || !slices.Equal(lines, []int{2, 2, 5, 5, 6, 6}) {
			t.Errorf("%s: %q in lines %v, %v", name, got, lines, err)
		}
	}
}

func TestRawStreamReturnsFirstError(t *testing.T) {
	errStop := errors.New("stop")
	for _, c := range []struct {
		text string
		stop bool
		says string
		took int
	}{
		{"", false, "", 0},
		{"1\n2\n{]", false, "line 3: broken JSON", 2},
		{"1\n{\n", false, "line 2: broken JSON: it ends", 1},
		{"1 2 3", true, "stop", 1},
	} {
		took := 0
		err := schemas.RawStream(strings.NewReader(c.text), func(int, json.RawMessage) error {
			took++
			if c.stop {
				return errStop
			}
			return nil
		})
		if took != c.took || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: took %d, %v", c.text, took, err)
		}
	}
}

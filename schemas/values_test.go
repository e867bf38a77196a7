package schemas_test

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/hubhook/hubhook/schemas"
)

func TestValuesAreGivenAsTheyStand(t *testing.T) {
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

func TestValuesEndWithTheFirstError(t *testing.T) {
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

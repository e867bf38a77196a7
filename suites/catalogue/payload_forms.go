package catalogue

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/suites/check"
)

// formChecks returns the checks of payloads in another form.
func formChecks() []check.Check {
	parsed := mustAccept(check.Must, "Parse the body with a JSON parser, and do not search it as text: the order of properties and the spaces between them may change.", check.ExampleParse)
	numbers := mustAccept(check.Must, "Store discussion.num in 64 bits (BIGINT, int64): JSON does not limit numbers.", check.ExampleParse)
	return []check.Check{
		single(parsed, "PAY-12", rfcJSON, "accepts properties in another order, and JSON that is indented", acceptsEach(
			rewritten(backwards, "with its properties in another order"), rewritten(indented, "indented, with line ends"),
		)),
		single(numbers, "PAY-13", rfcNumbers, "accepts numbers over 2^31",
			acceptsEach(numbered(1<<31, "2^31"), numbered(1<<32, "2^32"), numbered(1<<53-1, "2^53-1"))),
	}
}

func rewritten(write func([]byte) []byte, words string) check.DeliveryOption {
	return check.WithAll(check.WithShape("discussion.comment.create"), check.WithRewrite(write), check.Describe(words))
}

func numbered(num uint64, words string) check.DeliveryOption {
	scene := emitter.Scene{Num: num}
	return check.WithAll(check.WithShape("discussion.create"), check.WithScene(scene, "with the number "+words))
}

// backwards writes the last properties first, at every depth.
func backwards(body []byte) []byte { return appendBackwards(nil, gjson.ParseBytes(body)) }

func appendBackwards(dst []byte, value gjson.Result) []byte {
	switch {
	case value.IsObject():
		var members [][]byte
		value.ForEach(func(name, member gjson.Result) bool {
			members = append(members, appendBackwards([]byte(name.Raw+":"), member))
			return true
		})
		slices.Reverse(members)
		return append(append(append(dst, '{'), bytes.Join(members, []byte(","))...), '}')
	case value.IsArray():
		var items [][]byte
		for _, item := range value.Array() {
			items = append(items, appendBackwards(nil, item))
		}
		return append(append(append(dst, '['), bytes.Join(items, []byte(","))...), ']')
	}
	return append(dst, value.Raw...)
}

// indented writes each property on a line of its own, as people do who try a handler by
// hand.
func indented(body []byte) []byte {
	var lines bytes.Buffer
	if err := json.Indent(&lines, body, "", "\t"); err != nil {
		return body
	}
	return append([]byte("\r\n"), append(bytes.ReplaceAll(lines.Bytes(), []byte("\n"), []byte("\r\n")), "\r\n"...)...)
}

package k6

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/sobek"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/schemas/suggest"
)

// options are those of new Hub({…}). Undefined, as an unset variable is, counts as not given.
type options struct {
	URL      string            `json:"url"`
	Secret   string            `json:"secret"`
	SecretIn delivery.SecretIn `json:"secretIn"` // empty means header
	Headers  map[string]string `json:"headers"`

	Seed   seedOption `json:"seed"`
	Stream string     `json:"stream"` // tells apart Hubs of one seed

	Shapes []string `json:"shapes"`
	Mix    string   `json:"mix"`
	Future string   `json:"future"`

	Webhooks int `json:"webhooks"` // 0 means one, without a quota unless there is a limit
	Limit    int `json:"limit"`    // of each webhook; delivery.DailyQuota if there are webhooks

	PerIteration int      `json:"perIteration"` // deliveries of one iteration at most; zero means 1
	Scenarios    []string `json:"scenarios"`    // in which deliveries are made; empty means all
}

func readOptions(given sobek.Value) (*options, error) {
	object, isObject := given.(*sobek.Object)
	if !isObject {
		return nil, errors.New("new Hub takes an object, such as { url: __ENV.HUBHOOK_URL, secret: __ENV.HUBHOOK_SECRET }")
	}
	text, err := object.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("the options of new Hub: %w", err)
	}
	if err := checkNames(text); err != nil {
		return nil, err
	}
	var o options
	if err := json.Unmarshal(text, &o); err != nil {
		return nil, typeError(err)
	}
	o.SecretIn = cmp.Or(o.SecretIn, delivery.InHeader)
	o.PerIteration = cmp.Or(o.PerIteration, 1)
	if o.Webhooks > 0 {
		o.Limit = cmp.Or(o.Limit, delivery.DailyQuota)
	}
	return &o, o.check()
}

func checkNames(text []byte) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(text, &given); err != nil {
		return errors.New("the options of new Hub are an object")
	}
	var names []string
	for field := range reflect.TypeFor[options]().Fields() {
		names = append(names, field.Tag.Get("json"))
	}
	for name := range given {
		if slices.Contains(names, name) {
			continue
		}
		hint := "there are " + strings.Join(names, ", ")
		if close, found := suggest.Closest(name, names); found {
			hint = "did you mean " + close + "?"
		}
		return fmt.Errorf("unknown option %q: %s", name, hint)
	}
	return nil
}

// typeError words for a script that an option has another type.
func typeError(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	kinds := map[reflect.Kind]string{reflect.String: "a string", reflect.Int: "a whole number",
		reflect.Slice: "a list of strings", reflect.Map: "an object of strings"}
	value, _, _ := strings.Cut(wrong.Value, " ") // which of the number it says
	return fmt.Errorf("%s: expected %s, found a %s", wrong.Field, kinds[wrong.Type.Kind()], value)
}

// check returns the first mistake. A missing URL or secret is left for the first delivery:
// k6 archive and k6 inspect run a script without its environment.
func (o *options) check() error {
	for _, number := range []struct {
		name                 string
		value, atLeast, most int
	}{
		{"webhooks", o.Webhooks, 0, 1 << 16},
		{"limit", o.Limit, 0, 1e9},
		{"perIteration", o.PerIteration, 1, 1e6},
	} {
		if number.value < number.atLeast || number.value > number.most {
			return fmt.Errorf("%s: %d is not between 1 and %d", number.name, number.value, number.most)
		}
	}
	if err := o.SecretIn.Check(); err != nil {
		return fmt.Errorf("secretIn: %w", err)
	}
	if err := delivery.CheckSecret(o.Secret); err != nil {
		return fmt.Errorf("secret: %w", err)
	}
	for name := range o.Headers {
		if strings.EqualFold(name, delivery.IDHeader) {
			return fmt.Errorf("headers: %s is another one for each delivery", delivery.IDHeader)
		}
	}
	return nil
}

func (o *options) missing() error {
	switch {
	case o.URL == "":
		return errors.New("no url is given: set url, or the variable of the environment that it is read from")
	case o.Secret == "" && o.SecretIn != delivery.InNone:
		return errors.New("no secret is given: set secret, or the variable of the environment that it is read from; or secretIn: 'none' for a handler that takes none")
	}
	return nil
}

func (o *options) destination() (delivery.Destination, error) {
	d := delivery.Destination{SecretIn: o.SecretIn, Header: http.Header{}}
	for name, value := range o.Headers {
		d.Header[name] = []string{value}
	}
	var err error
	if d.URL, err = delivery.ParseURL("url", o.URL); err != nil {
		return d, err
	}
	if delivery.CutSecret(d.URL) != "" {
		return d, errors.New("url holds ?secret=…: leave it out, and say secret and secretIn: 'query'")
	}
	return d, nil
}

// A seedOption is a number, or its digits, as an environment variable has them.
type seedOption struct {
	value uint64
	given bool
}

// maxSafeInteger is the largest integer that is exact in JavaScript.
const maxSafeInteger = 1<<53 - 1

// UnmarshalJSON reads a seed. An empty string means none.
func (s *seedOption) UnmarshalJSON(text []byte) error {
	digits := string(bytes.Trim(text, `"`))
	if digits == "" || digits == "null" {
		return nil
	}
	value, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return fmt.Errorf("seed: %s is no whole number from 0 to %d", text, uint64(1<<64-1))
	}
	if text[0] != '"' && value > maxSafeInteger {
		return fmt.Errorf("seed: a number over %d is not exact in JavaScript: write it in quotes", maxSafeInteger)
	}
	*s = seedOption{value, true}
	return nil
}

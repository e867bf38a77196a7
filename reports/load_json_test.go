package reports_test

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/reports"
)

func TestLoadAsJSONIsAsItWas(t *testing.T) {
	golden(t, "load.json", func(w io.Writer) error { return reports.WriteLoadJSON(w, shortRun()) })
}

// fill gives every field of a document a value of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(int64(*n), 0).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.String:
		v.SetString(strings.Repeat("<&> ", *n%3+1))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(int64(*n))
	case reflect.Uint64:
		v.SetUint(uint64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) + 0.5)
	default:
		panic("nothing fills " + v.Type().String())
	}
}

func TestLoadComesBackFromJSON(t *testing.T) {
	var l, back reports.Load
	fill(reflect.ValueOf(&l).Elem(), new(int))
	var out bytes.Buffer
	if err := reports.WriteLoadJSON(&out, &l); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), `\u00`) {
		t.Error("text is escaped for HTML")
	}
	decoder := json.NewDecoder(&out)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(l, back); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLoadAsJSONHasNoNullLists(t *testing.T) {
	l := &reports.Load{Capacity: &reports.LoadCapacity{}}
	var out bytes.Buffer
	if err := reports.WriteLoadJSON(&out, l); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "null") {
		t.Errorf("a list is null:\n%s", out.String())
	}
	if l.Statuses != nil || l.Capacity.Steps != nil {
		t.Error("the document itself was changed")
	}
}

func TestWhatIsNoNumberIsAnError(t *testing.T) {
	l := shortRun()
	l.Latency.P99 = math.NaN()
	if err := reports.WriteLoadJSON(io.Discard, l); err == nil || !strings.Contains(err.Error(), "as JSON") {
		t.Errorf("the error is %v", err)
	}
}

func TestThroughputIsFromTheFirstToTheLast(t *testing.T) {
	intervals := []reports.LoadInterval{
		{AtMs: 0, WidthMs: 1000},
		{AtMs: 1000, WidthMs: 1000, Due: 300, Sent: 200, Answers: [6]uint64{0: 10, 2: 90}},
		{AtMs: 2000, WidthMs: 1000, Sent: 100, Answers: [6]uint64{5: 60}},
		{AtMs: 3000, WidthMs: 500, Answers: [6]uint64{2: 100}},
		{AtMs: 3500, WidthMs: 500},
	}
	for name, c := range map[string]struct {
		load reports.Load
		want reports.LoadThroughput
	}{
		"a run":       {reports.Load{Intervals: intervals}, reports.LoadThroughput{Asked: 300, Reached: 150, Answered: 100}},
		"no schedule": {reports.Load{Intervals: intervals, Plan: reports.LoadPlan{Closed: true}}, reports.LoadThroughput{Reached: 150, Answered: 100}},
		"nothing":     {reports.Load{Intervals: intervals[:1]}, reports.LoadThroughput{}},
		"no time":     {reports.Load{Intervals: []reports.LoadInterval{{Due: 3, Sent: 3}}}, reports.LoadThroughput{}},
	} {
		c.load.Count()
		if diff := cmp.Diff(c.want, c.load.Throughput); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

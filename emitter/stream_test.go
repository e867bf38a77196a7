package emitter_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

// streamed gives the lines of a stream.
func streamed(t *testing.T, g *emitter.Generator, names []string, count uint64) []string {
	t.Helper()
	var out bytes.Buffer
	if err := g.Stream(&out, names, count); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(out.String(), "\n")
	if last := lines[len(lines)-1]; last != "" {
		t.Errorf("the last line has no end: %s", last)
	}
	return lines[:len(lines)-1]
}

func eventOf(line string) string {
	event := gjson.Get(line, "event")
	return event.Get("scope").String() + "." + event.Get("action").String()
}

func TestStreamWritesAsManyLinesAsAskedFor(t *testing.T) {
	g := generator(t, emitter.Options{})
	for _, count := range []uint64{0, 1, 2, 250} {
		if got := streamed(t, g, nil, count); uint64(len(got)) != count {
			t.Errorf("%d lines, want %d", len(got), count)
		}
	}
}

func TestStreamTakesTheShapesInTurn(t *testing.T) {
	g := generator(t, emitter.Options{})
	names := []string{"repo.update", "discussion.create", "repo.config.dois.minted"}
	for i, line := range streamed(t, g, names, 20) {
		if got, want := eventOf(line), names[i%3]; got != want {
			t.Errorf("line %d is %s, want %s", i+1, got, want)
		}
		// A single payload can be made again from its place in the stream.
		again := payload(t, g, emitter.Request{Shape: names[i%3], Index: uint64(i)})
		if line != string(again)+"\n" {
			t.Errorf("line %d is not the payload of its index", i+1)
		}
	}
}

func TestStreamOfNoNamedShapeIsWhatTheHubSendsToday(t *testing.T) {
	g := generator(t, emitter.Options{})
	var want []string
	for _, shape := range g.Schemas().Shapes() {
		if !shape.Narrowed {
			want = append(want, shape.Name)
		}
	}
	var got []string
	for _, line := range streamed(t, g, nil, uint64(len(want))) {
		got = append(got, eventOf(line))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestStreamIsReadBackAsValid(t *testing.T) {
	g := generator(t, emitter.Options{Seed: 11})
	text := strings.Join(streamed(t, g, []string{"repo.content.*", "discussion.update"}, 100), "")
	var lines []int
	err := schemas.Stream(strings.NewReader(text), func(line int, doc any) error {
		lines = append(lines, line)
		judgement, err := g.Schemas().Judge(doc, schemas.Strict)
		if !judgement.Valid() {
			t.Errorf("line %d: %v", line, judgement.Problems)
		}
		return err
	})
	if err != nil || len(lines) != 100 || !slices.IsSorted(lines) || lines[99] != 100 {
		t.Errorf("%v; lines %v", err, lines)
	}
}

func TestStreamOfAnUnknownShapeWritesNothing(t *testing.T) {
	g := generator(t, emitter.Options{})
	for _, names := range [][]string{{"repo.updated"}, {"repo.update", "discussion.create", "user.update"}, {""}} {
		var out bytes.Buffer
		err := g.Stream(&out, names, 10)
		if err == nil || !strings.Contains(err.Error(), names[len(names)-1]) || out.Len() > 0 {
			t.Errorf("%q: %v, and %d bytes", names, err, out.Len())
		}
	}
}

// fullDisk takes some lines, then no more.
type fullDisk struct{ left int }

var errFull = errors.New("no space left")

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left == 0 {
		return 0, errFull
	}
	d.left--
	return len(p), nil
}

func TestStreamEndsWhenNothingTakesItAnyMore(t *testing.T) {
	disk := &fullDisk{left: 3}
	if err := generator(t, emitter.Options{}).Stream(disk, nil, 1<<40); !errors.Is(err, errFull) || disk.left != 0 {
		t.Errorf("%v with %d lines left", err, disk.left)
	}
}

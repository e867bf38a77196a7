package html

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

// A graph is what a chart is drawn from.
type graph struct {
	id, title, note string
	along           string       // what the x axis is: "time"
	over            string       // the head of the column of what the values are over
	rows            []string     // what each value is over
	at              []float64    // where on the x axis that is, from 0 to 1
	edges           [][2]float64 // where the columns of a stack begin and end
	x               []tick
	y               scale
	written         func(float64) string // a value
	brief           func(float64) string // a round value at a tick
	stack, lines    []series
	levels          []level
}

// A series is drawn in one color; NaN if there is no value.
type series struct {
	name, kind string
	values     []float64
	dots       bool   // at each value; what is missing between is no gap
	loose      bool   // only dots, without a line
	stepped    bool   // from edge to edge: a value is that of a whole interval
	crossed    []bool // the values that are marked with a cross; nil if none is
}

// A chart is a graph as the template needs it. Places are percentages, since the drawing
// is stretched and its labels are not.
type chart struct {
	ID, Title, Note, Says string
	Rules, Ticks          []chartTick
	Areas, Lines          []chartShape
	Dots                  []chartDot
	Levels                []chartLevel
	Keys                  []chartKey
	Over                  string
	Rows                  []chartRow
}

type chartTick struct {
	At, Label string
	Minor     bool // left out on a phone
}

type chartLevel struct {
	At, Label string // the label is empty if there is no room for it
	X, Anchor string
}

type chartShape struct{ Kind, Path string }

type chartDot struct {
	X, Y, Kind string
	Crossed    bool
}

type chartKey struct {
	Name, Kind  string
	Area, Loose bool
}

type chartRow struct {
	At, Over string
	Cells    []string
}

func percent(part float64) string {
	return strconv.FormatFloat(math.Round(part*1e4)/100, 'f', -1, 64) + "%"
}

func chartTicks(ticks []tick) (list []chartTick) {
	roomy, phone := fitting(ticks, narrowDrawing), fitting(ticks, phoneDrawing)
	for i, t := range ticks {
		if roomy[i] {
			list = append(list, chartTick{percent(t.at), t.label, !phone[i]})
		}
	}
	return list
}

func (g graph) chart() chart {
	c := chart{ID: g.id, Title: g.title, Note: g.note, Over: g.over, Says: g.description()}
	for _, t := range g.y.ticks(g.brief) {
		c.Rules = append(c.Rules, chartTick{At: percent(1 - t.at), Label: t.label})
	}
	c.Ticks = chartTicks(g.x)
	c.Levels = g.placed()
	g.drawStack(&c)
	for _, s := range g.lines {
		g.drawLine(&c, s)
	}
	for i, over := range g.rows {
		row := chartRow{At: percent(g.at[i]), Over: over}
		for _, s := range g.series() {
			row.Cells = append(row.Cells, g.written(s.values[i]))
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

func (g graph) series() []series { return slices.Concat(g.stack, g.lines) }

func (g graph) drawStack(c *chart) {
	under := make([]float64, len(g.rows))
	for _, s := range g.stack {
		bands := make([]band, len(g.rows))
		for i, v := range s.values {
			bands[i] = band{g.edges[i][0], g.edges[i][1], g.y.at(under[i]), g.y.at(under[i] + v)}
			under[i] += v
		}
		c.Areas = append(c.Areas, chartShape{s.kind, string(stackPath(bands))})
		c.Keys = append(c.Keys, chartKey{Name: s.name, Kind: s.kind, Area: true})
	}
}

// drawLine draws a series as a line; single points, and each of a few, as dots.
func (g graph) drawLine(c *chart, s series) {
	c.Keys = append(c.Keys, chartKey{Name: s.name, Kind: s.kind, Loose: s.loose})
	if s.stepped {
		c.Lines = append(c.Lines, chartShape{s.kind, string(g.steps(s))})
		return
	}
	points := make([]point, 0, len(g.rows))
	var missing []bool
	for i, v := range s.values {
		if s.dots && !wording.Valid(v) {
			continue
		}
		points = append(points, point{g.at[i], g.y.at(v)})
		missing = append(missing, !wording.Valid(v))
		if s.dots {
			crossed := s.crossed != nil && s.crossed[i]
			c.Dots = append(c.Dots, newDot(points[len(points)-1], s.kind, crossed))
		}
	}
	line, alone := linePath(points, func(i int) bool { return !missing[i] })
	if !s.dots {
		for _, at := range alone {
			c.Dots = append(c.Dots, newDot(at, s.kind, false))
		}
	}
	if !s.loose {
		c.Lines = append(c.Lines, chartShape{s.kind, string(line)})
	}
}

func (g graph) steps(s series) path {
	var points []point
	for i, v := range s.values {
		y := g.y.at(v)
		points = append(points, point{g.edges[i][0], y}, point{g.edges[i][1], y})
	}
	line, _ := linePath(points, func(i int) bool { return wording.Valid(s.values[i/2]) })
	return line
}

func newDot(at point, kind string, crossed bool) chartDot {
	return chartDot{percent(at.x), percent(1 - at.y), kind, crossed}
}

func (g graph) description() string {
	text := fmt.Sprintf("A chart along %s, with %s.", g.along, english.Plural(len(g.rows), "value", ""))
	for _, s := range g.series() {
		list := drawn(s.values)
		if len(list) == 0 {
			text += fmt.Sprintf(" %s: none.", s.name)
			continue
		}
		text += fmt.Sprintf(" %s: from %s to %s.", s.name, g.written(slices.Min(list)), g.written(slices.Max(list)))
	}
	for _, l := range g.levels {
		text += fmt.Sprintf(" A line at %s.", l.label)
	}
	return text
}

type level struct {
	value float64
	label string
}

// levelApart is how far apart labels must be to be legible, as a part of the height.
const levelApart = 0.09

// placed returns the levels with their labels: at the right, at the left if that is taken,
// or without one. The label is elsewhere on the page, too.
func (g graph) placed() (list []chartLevel) {
	sides := []chartLevel{{X: "100%", Anchor: "end"}, {X: "0", Anchor: "start"}}
	taken := map[string][]float64{}
	for _, l := range g.levels {
		at := g.y.at(l.value)
		placed := chartLevel{At: percent(1 - at)}
		for _, side := range sides {
			if !near(taken[side.X], at) {
				taken[side.X] = append(taken[side.X], at)
				placed.X, placed.Anchor, placed.Label = side.X, side.Anchor, l.label
				break
			}
		}
		list = append(list, placed)
	}
	return list
}

func near(places []float64, at float64) bool {
	return slices.ContainsFunc(places, func(place float64) bool { return math.Abs(place-at) < levelApart })
}

// levelsOf returns the thresholds that can be drawn beside values up to high without
// flattening these.
func levelsOf(conditions []reports.LoadThreshold, high float64) (list []level) {
	for _, c := range conditions {
		if wording.Valid(c.LimitMs) && c.LimitMs > 0 && c.LimitMs <= 4*high {
			list = append(list, level{c.LimitMs, safetext.Line(c.Text)})
		}
	}
	return list
}

// The size of a drawing. It is stretched to the width that there is.
const (
	drawnWidth  = 1000
	drawnHeight = 200
)

// A point is a place in a drawing, from 0 to 1, from the left and from the bottom.
type point struct{ x, y float64 }

// A path is an outline in SVG's syntax.
type path []byte

func (p *path) to(command byte, at point) {
	*p = append(*p, command)
	*p = appendCoordinate(*p, at.x*drawnWidth)
	*p = append(*p, ' ')
	*p = appendCoordinate(*p, (1-at.y)*drawnHeight)
}

func appendCoordinate(dst []byte, v float64) []byte {
	return strconv.AppendFloat(dst, math.Round(v*10)/10, 'f', -1, 64)
}

// runs returns the stretches of points with nothing missing between them, as half-open
// ranges of indexes.
func runs(n int, there func(int) bool) (list [][2]int) {
	for i := 0; i < n; i++ {
		if !there(i) {
			continue
		}
		end := i
		for end < n && there(end) {
			end++
		}
		list = append(list, [2]int{i, end})
		i = end
	}
	return list
}

// linePath joins points, with gaps if one is missing. Single points are returned, to be
// drawn as dots.
func linePath(points []point, there func(int) bool) (line path, alone []point) {
	for _, run := range runs(len(points), there) {
		if run[1]-run[0] == 1 {
			alone = append(alone, points[run[0]])
			continue
		}
		command := byte('M')
		for _, at := range points[run[0]:run[1]] {
			line.to(command, at)
			command = 'L'
		}
	}
	return line, alone
}

// A band is a column of a stack.
type band struct{ left, right, low, high float64 }

func stackPath(bands []band) (outline path) {
	for _, run := range runs(len(bands), func(i int) bool { return bands[i].high > bands[i].low }) {
		command := byte('M')
		for _, b := range bands[run[0]:run[1]] {
			outline.to(command, point{b.left, b.high})
			outline.to('L', point{b.right, b.high})
			command = 'L'
		}
		for i := run[1] - 1; i >= run[0]; i-- {
			outline.to('L', point{bands[i].right, bands[i].low})
			outline.to('L', point{bands[i].left, bands[i].low})
		}
		outline = append(outline, 'Z')
	}
	return outline
}

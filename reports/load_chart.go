package reports

import (
	"fmt"
	"math"
	"strconv"

	"github.com/dustin/go-humanize/english"
)

// graph is what a chart is drawn from.
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

// series is what is drawn in one colour: NaN where there is no value.
type series struct {
	name, kind string
	values     []float64
	dots       bool   // at each value; what is missing between is no gap
	loose      bool   // dots alone, without a line
	stepped    bool   // from edge to edge: a value is that of a whole interval
	crossed    []bool // the values that are marked with a cross; nil where none is
}

// chart is a graph as the page wants it. Places are percentages, for a drawing is
// stretched, and what is written in it is not.
type chart struct {
	ID, Title, Note, Says string
	Rules                 []chartMark
	Ticks                 []chartTick
	Areas, Lines          []chartShape
	Dots                  []chartDot
	Levels                []chartLevel
	Keys                  []chartKey
	Over                  string
	Rows                  []chartRow
}

type chartMark struct{ At, Label string }

type chartTick struct {
	At, Label string
	Minor     bool // left out on a phone
}

type chartLevel struct {
	At, Label string // the label is empty where there is no room for it
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

// placeOf is a place as SVG has it, of a part from 0 to 1.
func placeOf(part float64) string {
	return strconv.FormatFloat(math.Round(part*1e4)/100, 'f', -1, 64) + "%"
}

// chartTicks are ticks below a drawing, those that have room for their labels.
func chartTicks(ticks []tick) (list []chartTick) {
	roomy, phone := fitting(ticks, narrowDrawing), fitting(ticks, phoneDrawing)
	for i, t := range ticks {
		if roomy[i] {
			list = append(list, chartTick{placeOf(t.at), t.label, !phone[i]})
		}
	}
	return list
}

func (g graph) chart() chart {
	c := chart{ID: g.id, Title: g.title, Note: g.note, Over: g.over, Says: g.says()}
	for _, t := range g.y.ticks(g.brief) {
		c.Rules = append(c.Rules, chartMark{placeOf(1 - t.at), t.label})
	}
	c.Ticks = chartTicks(g.x)
	c.Levels = g.placed()
	g.drawStack(&c)
	for _, s := range g.lines {
		g.drawLine(&c, s)
	}
	for i, over := range g.rows {
		row := chartRow{At: placeOf(g.at[i]), Over: over}
		for _, s := range g.series() {
			row.Cells = append(row.Cells, g.written(s.values[i]))
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// series are all, in the order in which they are listed.
func (g graph) series() []series {
	list := make([]series, 0, len(g.stack)+len(g.lines))
	return append(append(list, g.stack...), g.lines...)
}

// drawStack draws series upon each other.
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

// drawLine draws a series as a line; what stands alone in it, or is one of few, with
// dots.
func (g graph) drawLine(c *chart, s series) {
	c.Keys = append(c.Keys, chartKey{Name: s.name, Kind: s.kind, Loose: s.loose})
	if s.stepped {
		c.Lines = append(c.Lines, chartShape{s.kind, string(g.steps(s))})
		return
	}
	points := make([]point, 0, len(g.rows))
	var missing []bool
	for i, v := range s.values {
		if s.dots && !usable(v) {
			continue
		}
		points = append(points, point{g.at[i], g.y.at(v)})
		missing = append(missing, !usable(v))
		if s.dots {
			crossed := s.crossed != nil && s.crossed[i]
			c.Dots = append(c.Dots, dotAt(points[len(points)-1], s.kind, crossed))
		}
	}
	line, alone := linePath(points, func(i int) bool { return !missing[i] })
	if !s.dots {
		for _, at := range alone {
			c.Dots = append(c.Dots, dotAt(at, s.kind, false))
		}
	}
	if !s.loose {
		c.Lines = append(c.Lines, chartShape{s.kind, string(line)})
	}
}

// steps is the line of a series from edge to edge.
func (g graph) steps(s series) path {
	var points []point
	for i, v := range s.values {
		y := g.y.at(v)
		points = append(points, point{g.edges[i][0], y}, point{g.edges[i][1], y})
	}
	line, _ := linePath(points, func(i int) bool { return usable(s.values[i/2]) })
	return line
}

func dotAt(at point, kind string, crossed bool) chartDot {
	return chartDot{placeOf(at.x), placeOf(1 - at.y), kind, crossed}
}

// says tells the reach of each series to those who do not see the chart.
func (g graph) says() string {
	text := fmt.Sprintf("A chart along %s, with %s.", g.along, english.Plural(len(g.rows), "value", ""))
	for _, s := range g.series() {
		list := drawn(s.values)
		if len(list) == 0 {
			text += fmt.Sprintf(" %s: none.", s.name)
			continue
		}
		low, high := list[0], list[0]
		for _, v := range list {
			low, high = min(low, v), max(high, v)
		}
		text += fmt.Sprintf(" %s: from %s to %s.", s.name, g.written(low), g.written(high))
	}
	for _, l := range g.levels {
		text += fmt.Sprintf(" A line at %s.", l.label)
	}
	return text
}

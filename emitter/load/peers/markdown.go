package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/load/peers/measure"
)

// table is one of Markdown that can be read as it is.
type table struct {
	title string
	head  []string
	rows  [][]string
	notes []string
}

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) note(format string, values ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, values...))
}

func (t *table) String() string {
	widths := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var text strings.Builder
	text.WriteString("## " + t.title + "\n\n")
	line := func(cells []string) {
		for i, cell := range cells {
			text.WriteString("| " + cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+1))
		}
		text.WriteString("|\n")
	}
	line(t.head)
	for _, width := range widths {
		text.WriteString("|" + strings.Repeat("-", width+2))
	}
	text.WriteString("|\n")
	for _, row := range t.rows {
		line(row)
	}
	for _, note := range t.notes {
		text.WriteString("\n" + note + "\n")
	}
	return text.String()
}

// spread writes a median and, if there were several rounds, the least and the most.
func spread(values []float64, verb string) string {
	if len(values) == 0 {
		return "–"
	}
	s := measure.SpreadOf(values)
	if len(values) == 1 {
		return fmt.Sprintf(verb, s.Median)
	}
	return fmt.Sprintf(verb+" ["+verb+"–"+verb+"]", s.Median, s.Min, s.Max)
}

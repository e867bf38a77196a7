package terminal

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// A row is a line of a table: a sign, cells in columns, and a note that wraps below
// itself.
type row struct {
	sign  sign
	cells []string
	note  string
	style lipgloss.Style // of the cells
}

// noted writes a note after a line, or below it if there is no room.
func (t *printer) noted(head, note string) {
	if note != "" && lipgloss.Width(head)+2+min(lipgloss.Width(note), minWidth/2) <= t.width {
		t.hanging(head+"  ", note)
		return
	}
	t.line("%s", strings.TrimRight(head, " "))
	if note != "" {
		t.hanging("      ", note)
	}
}

func (t *printer) rows(rows []row, align ...lipgloss.Position) {
	widths := make([]int, len(align))
	signed := 0
	for _, r := range rows {
		signed = max(signed, lipgloss.Width(r.sign.text))
		for i, cell := range r.cells {
			widths[i] = max(widths[i], lipgloss.Width(cell))
		}
	}
	for _, r := range rows {
		var parts []string
		if signed > 0 {
			parts = append(parts, r.sign.style.Render(lipgloss.PlaceHorizontal(signed, lipgloss.Left, r.sign.text)))
		}
		cells := make([]string, len(r.cells))
		for i, cell := range r.cells {
			cells[i] = lipgloss.PlaceHorizontal(widths[i], align[i], cell)
		}
		parts = append(parts, r.style.Render(strings.Join(cells, "  ")))
		head := "  " + strings.Join(parts, " ")
		t.noted(head, r.note)
	}
}

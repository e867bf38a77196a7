package html

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

// A pageLine is a line of a message, or several lines without a mark.
type pageLine struct {
	Mark string // "only" here, "gone" from here, "other" value; or nothing
	Runs []textRun
}

func unmarked(text string) []pageLine { return []pageLine{{Runs: textRuns(text)}} }

// headers returns the lines of a message's headers, marked where they differ from base,
// and the differences in words.
func (b *pageBuilder) headers(list []reports.Header, base *[]reports.Header) (lines []pageLine, words []string) {
	for i, h := range list {
		if i == maxHeaders {
			lines = append(lines, unmarked(fmt.Sprintf("… and %d more", len(list)-i))...)
			break
		}
		mark := ""
		if base != nil {
			mark = headerMark(h, *base)
		}
		lines = append(lines, pageLine{mark, textRuns(excerpt(h.Name+": "+h.Value, b.limits.line))})
		if word := map[string]string{"only": "only here", "other": "differs"}[mark]; word != "" {
			words = append(words, wording.Escape(excerpt(h.Name, 80))+" "+word)
		}
	}
	if base == nil {
		return lines, nil
	}
	for i, h := range *base {
		if i < maxHeaders && !hasHeader(list, h.Name) {
			lines = append(lines, pageLine{"gone", textRuns(excerpt(h.Name+": "+h.Value, b.limits.line))})
			words = append(words, wording.Escape(excerpt(h.Name, 80))+" is missing")
		}
	}
	return lines, words
}

func headerMark(h reports.Header, base []reports.Header) string {
	switch {
	case slices.Contains(base, h):
		return ""
	case hasHeader(base, h.Name):
		return "other"
	}
	return "only"
}

func hasHeader(list []reports.Header, name string) bool {
	return slices.ContainsFunc(list, func(h reports.Header) bool { return strings.EqualFold(h.Name, name) })
}

// A bodyDifference is how a JSON body differs from another, by the paths of its values.
type bodyDifference struct {
	words string
	marks map[string]string // by path; nil if they are not compared
	gone  []jsonLine
}

func differenceOf(body reports.Body, base *reports.Body) (d bodyDifference) {
	if base == nil {
		return d
	}
	if body == *base {
		d.words = "the same body, byte for byte"
		return d
	}
	d.words = "another body"
	here, ok := jsonLinesOf(body)
	there, ok2 := jsonLinesOf(*base)
	if !ok || !ok2 {
		return d
	}
	values := map[string]string{}
	for _, line := range there {
		values[line.path] = line.value
	}
	marks := map[string]string{}
	for _, line := range here {
		value, known := values[line.path]
		switch {
		case line.path == "":
		case !known:
			marks[line.path] = "only"
		case value != line.value:
			marks[line.path] = "other"
		}
		delete(values, line.path)
	}
	for _, line := range there {
		if _, gone := values[line.path]; gone {
			d.gone = append(d.gone, line)
		}
	}
	d.describe(marks, len(here))
	return d
}

// describe words the difference. Bodies with little in common get no marks, for everything
// would be marked.
func (d *bodyDifference) describe(marks map[string]string, lines int) {
	counts := map[string]int{}
	for _, mark := range marks {
		counts[mark]++
	}
	if (counts["only"]+len(d.gone))*2 > lines {
		d.gone = nil
		return
	}
	d.marks = marks
	var parts []string
	for _, p := range []struct {
		n     int
		words string
	}{
		{counts["only"], "only here"}, {len(d.gone), "missing"}, {counts["other"], "with another value"},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", wording.Number(uint64(p.n)), p.words))
		}
	}
	if d.words = "body: " + strings.Join(parts, ", "); len(parts) == 0 {
		d.words = "the same values in the body, in another spelling"
	}
}

func (d bodyDifference) marked(text string) (lines []pageLine) {
	if d.marks == nil {
		return unmarked(text)
	}
	var plainLines []string
	flush := func() {
		if len(plainLines) > 0 {
			lines = append(lines, unmarked(strings.Join(plainLines, "\n"))...)
			plainLines = nil
		}
	}
	for _, line := range jsonLines(text) {
		mark := d.marks[line.path]
		if line.path == "" || mark == "" {
			plainLines = append(plainLines, line.text)
			continue
		}
		flush()
		lines = append(lines, pageLine{mark, textRuns(line.text)})
	}
	flush()
	return lines
}

// missing returns the lines of the other body that this one does not have.
func (d bodyDifference) missing() (lines []pageLine) {
	for _, line := range d.gone {
		lines = append(lines, pageLine{"gone", textRuns(excerpt(line.path+": "+line.value, maxLine))})
	}
	return lines
}

// A jsonLine is a line of indented JSON with the path of its value. A line that only
// closes something has no path.
type jsonLine struct{ text, path, value string }

// maxCompared limits the bodies that are compared value by value, in bytes.
const maxCompared = 16 << 10

func jsonLinesOf(body reports.Body) ([]jsonLine, bool) {
	if body.Base64 || body.Truncated || len(body.Text) > maxCompared {
		return nil, false
	}
	text, ok := indentedJSON(body.Text)
	return jsonLines(text), ok
}

// jsonLines splits a text that json.Indent made, or its beginning.
func jsonLines(text string) (lines []jsonLine) {
	type frame struct {
		path  string
		array bool
		next  int
	}
	stack := []frame{{array: true}}
	for _, whole := range strings.Split(text, "\n") {
		value := strings.TrimSuffix(strings.TrimSpace(whole), ",")
		if value == "}" || value == "]" || value == "" {
			stack = stack[:max(len(stack)-1, 1)]
			lines = append(lines, jsonLine{text: whole})
			continue
		}
		top := &stack[len(stack)-1]
		key := "/" + strconv.Itoa(top.next)
		top.next++
		if !top.array {
			key, value = keyAndValue(value)
			key = "/" + key
		}
		if len(stack) == 1 {
			key = "$"
		}
		line := jsonLine{text: whole, path: top.path + key, value: value}
		lines = append(lines, line)
		if value == "{" || value == "[" {
			stack = append(stack, frame{path: line.path, array: value == "["})
		}
	}
	return lines
}

// keyAndValue splits a line with a property; the key stays as it is written.
func keyAndValue(text string) (key, value string) {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return text[1:i], strings.TrimPrefix(text[i+1:], ": ")
		}
	}
	return text, ""
}

package main

import (
	"regexp"
	"strings"
	"testing"
)

// readmePart is a block of code in the README, with the text before it.
type readmePart struct {
	language string // empty for what a command writes
	text     string
	prose    string
}

// readmeParts returns the blocks below a heading, and below the deeper ones in it.
func readmeParts(t *testing.T, heading string) (parts []readmePart) {
	t.Helper()
	inside, fenced := false, false
	var part readmePart
	for line := range strings.Lines(read("../../README.md")) {
		switch language, fence := strings.CutPrefix(line, "```"); {
		case fence && fenced:
			if inside {
				parts = append(parts, part)
			}
			part, fenced = readmePart{}, false
		case fence:
			part.language, fenced = strings.TrimSpace(language), true
		case fenced:
			part.text += line
		case strings.TrimSpace(line) == heading:
			inside = true
		case strings.HasPrefix(line, "#") && depth(line) <= depth(heading):
			inside = false
		default:
			part.prose += line
		}
	}
	if len(parts) == 0 {
		t.Fatalf("there is no code below %q", heading)
	}
	return parts
}

// depth returns how many number signs a heading begins with.
func depth(heading string) int { return len(heading) - len(strings.TrimLeft(heading, "#")) }

// fenced returns the blocks of a language below a heading.
func fenced(t *testing.T, heading, language string) (blocks []string) {
	t.Helper()
	for _, part := range readmeParts(t, heading) {
		if part.language == language {
			blocks = append(blocks, part.text)
		}
	}
	return blocks
}

// namedFile matches the name of a source file in text.
var namedFile = regexp.MustCompile("`([\\w.-]+\\.(py|js|go))`")

// languageOf has the language of a block by the ending of the file's name.
var languageOf = map[string]string{"py": "python", "js": "js", "go": "go"}

// file returns the name of the file that a block is: the last of its language that is named
// before it. It is empty if the block is no file.
func (p readmePart) file() (name string) {
	for _, named := range namedFile.FindAllStringSubmatch(p.prose, -1) {
		if languageOf[named[2]] == p.language {
			name = named[1]
		}
	}
	return name
}

// script returns what a reader does with a block: run it, or write it to its file.
func (p readmePart) script() string {
	if p.language == "sh" {
		return p.text
	}
	if file := p.file(); file != "" {
		return "cat >" + file + " <<'END_OF_FILE'\n" + p.text + "END_OF_FILE\n"
	}
	return ""
}

// written returns lines that write the blocks that are files.
func written(parts []readmePart) (lines []string) {
	for _, part := range parts {
		if part.file() != "" {
			lines = append(lines, part.script())
		}
	}
	return lines
}

// measured matches a figure that differs from run to run.
var measured = regexp.MustCompile(`\d[\d,]*(?:\\\.\d+)?(s|/s| webhooks)\b`)

// unwritten returns the lines of a block that are not in what was written, whatever the width of
// the screen, and whatever is in place of an ellipsis.
func (p readmePart) unwritten(out string) (lines []string) {
	if p.language != "" || strings.HasPrefix(p.text, "# ") {
		return nil
	}
	plain := strings.Join(strings.Fields(out), " ")
	for line := range strings.Lines(p.text) {
		words := strings.Join(strings.Fields(line), " ")
		pattern := measured.ReplaceAllString(regexp.QuoteMeta(words), `[\d,.]+$1`)
		if !regexp.MustCompile(strings.ReplaceAll(pattern, "…", ".*")).MatchString(plain) {
			lines = append(lines, words)
		}
	}
	return lines
}

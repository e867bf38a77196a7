package main

import (
	"regexp"
	"strings"
	"testing"
)

// readmePart is a block of code in the README, and what is said before it.
type readmePart struct {
	language string // empty for what a command writes
	text     string
	prose    string
}

// readmeParts are the blocks below a heading, and below the deeper ones in it.
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

// depth is that of a heading: how many number signs it begins with.
func depth(heading string) int { return len(heading) - len(strings.TrimLeft(heading, "#")) }

// fenced are the blocks of a language below a heading.
func fenced(t *testing.T, heading, language string) (blocks []string) {
	t.Helper()
	for _, part := range readmeParts(t, heading) {
		if part.language == language {
			blocks = append(blocks, part.text)
		}
	}
	return blocks
}

// namedFile is a source file that is spoken of.
var namedFile = regexp.MustCompile("`([\\w.-]+\\.(py|js|go))`")

// languageOf is what a block of a file is marked with, by the end of the file's name.
var languageOf = map[string]string{"py": "python", "js": "js", "go": "go"}

// file is the name of the file that a block is, the last of its language that is spoken of
// before it; empty where it is none.
func (p readmePart) file() (name string) {
	for _, named := range namedFile.FindAllStringSubmatch(p.prose, -1) {
		if languageOf[named[2]] == p.language {
			name = named[1]
		}
	}
	return name
}

// script is what a reader does who comes to a block: run it, or write it to its file.
func (p readmePart) script() string {
	if p.language == "sh" {
		return p.text
	}
	if file := p.file(); file != "" {
		return "cat >" + file + " <<'END_OF_FILE'\n" + p.text + "END_OF_FILE\n"
	}
	return ""
}

// written are the blocks that are files, as lines that write them.
func written(parts []readmePart) (lines []string) {
	for _, part := range parts {
		if part.file() != "" {
			lines = append(lines, part.script())
		}
	}
	return lines
}

// measured is a figure that differs from run to run.
var measured = regexp.MustCompile(`\d[\d,]*(?:\\\.\d+)?(s|/s| webhooks)\b`)

// unwritten are the lines that a block shows and that are not in what was written,
// whatever the width of the screen, and whatever stands where it has an ellipsis.
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

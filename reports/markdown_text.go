package reports

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/reports/safetext"
)

// How much of a text a page shows, in bytes.
const (
	longestReason = 4 << 10
	longestProse  = 1 << 10
)

// backticks are what may end a piece of code.
var backticks = regexp.MustCompile("`+")

// fence is so many backticks, or one more than a text has in a row: it cannot end them.
func fence(text string, least int) string {
	for _, run := range backticks.FindAllString(text, -1) {
		least = max(least, len(run)+1)
	}
	return strings.Repeat("`", least)
}

// fencedMarkdown is a block in which nothing is markup, whatever a handler answered.
func fencedMarkdown(language, text string) string {
	text = strings.TrimRight(escapeCode(text), "\n")
	line := fence(text, 3)
	return line + language + "\n" + text + "\n" + line + "\n"
}

// codeMarkdown is code within a line. What begins or ends with a backtick stands apart
// from those around it.
func codeMarkdown(text string) string {
	text = safetext.Line(text)
	line := fence(text, 1)
	if strings.Trim(text, "`") != text || text == "" {
		text = " " + text + " "
	}
	return line + text + line
}

// prose is text within a line, of which nothing is markup: a mention calls nobody, and
// what looks like a link or a reference leads nowhere.
func prose(text string) string {
	return proseEscapes.Replace(safetext.Line(cut(text, longestProse)))
}

// A blank of no width is what keeps GitHub from reading on; it has no escape for these.
var proseEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "!", `\!`, "$", `\$`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
	"@", "@&#8203;", "#", "#&#8203;", "GH-", "GH&#8203;-", "://", ":&#8203;//", "www.", "www&#8203;.",
)

// linkMarkdown is a link to an address of ours; what is none is shown as it is.
func linkMarkdown(text, url string) string {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return prose(url)
	}
	return fmt.Sprintf("[%s](<%s>)", prose(text), linkEscapes.Replace(safetext.Line(url)))
}

var linkEscapes = strings.NewReplacer("<", "%3C", ">", "%3E", `\`, "%5C", " ", "%20")

// folded is what is shown to those who ask for it.
func folded(summary, content string) string {
	return fmt.Sprintf("<details><summary>%s</summary>\n\n%s\n</details>\n", summary, content)
}

// cut is a text, or its beginning where it is longer than so many bytes, and says so.
func cut(text string, longest int) string {
	if len(text) <= longest {
		return text
	}
	end := longest
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return fmt.Sprintf("%s… (of %d bytes)", text[:end], len(text))
}

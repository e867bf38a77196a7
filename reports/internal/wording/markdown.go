package wording

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/safetext"
)

// How much of a text a page shows, in bytes.
const (
	MaxReason = 4 << 10
	MaxProse  = 1 << 10
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

// FenceMarkdown is a block in which nothing is markup, whatever a handler answered.
func FenceMarkdown(language, text string) string {
	text = strings.TrimRight(EscapeCode(text), "\n")
	line := fence(text, 3)
	return line + language + "\n" + text + "\n" + line + "\n"
}

// CodeMarkdown is code within a line. What begins or ends with a backtick stands apart
// from those around it.
func CodeMarkdown(text string) string {
	text = safetext.Line(text)
	line := fence(text, 1)
	if strings.Trim(text, "`") != text || text == "" {
		text = " " + text + " "
	}
	return line + text + line
}

// EscapeMarkdown is text within a line, of which nothing is markup: a mention calls nobody, and
// what looks like a link or a reference leads nowhere.
func EscapeMarkdown(text string) string {
	return proseEscapes.Replace(safetext.Line(CutBytes(text, MaxProse)))
}

// A blank of no width is what keeps GitHub from reading on; it has no escape for these.
var proseEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "!", `\!`, "$", `\$`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
	"@", "@&#8203;", "#", "#&#8203;", "GH-", "GH&#8203;-", "://", ":&#8203;//", "www.", "www&#8203;.",
)

// LinkMarkdown is a link to an address of ours; what is none is shown as it is.
func LinkMarkdown(text, url string) string {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return EscapeMarkdown(url)
	}
	return fmt.Sprintf("[%s](<%s>)", EscapeMarkdown(text), LinkEscapes.Replace(safetext.Line(url)))
}

var LinkEscapes = strings.NewReplacer("<", "%3C", ">", "%3E", `\`, "%5C", " ", "%20")

// FoldMarkdown is what is shown to those who ask for it.
func FoldMarkdown(summary, content string) string {
	return fmt.Sprintf("<details><summary>%s</summary>\n\n%s\n</details>\n", summary, content)
}

// ExampleMarkdown is a mend's code, and where the rest of it is.
func ExampleMarkdown(mend reports.Example) string {
	var parts []string
	for _, part := range mend.Parts {
		parts = append(parts, strings.Trim(part.Code, "\n"))
	}
	return FenceMarkdown(fenceLanguage(mend.Language), strings.Join(parts, "\n\n")) +
		fmt.Sprintf("\nThe whole of it: %s\n", CodeMarkdown(mend.Whole))
}

// fenceLanguage is what a language is called where its code is to be coloured.
func fenceLanguage(language string) string {
	return map[string]string{"Go": "go", "Express": "js", "FastAPI": "python"}[language]
}

// EscapeMarkdownCell is text as it stands in a table.
func EscapeMarkdownCell(text string) string {
	return strings.NewReplacer(
		`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "\n", " ",
	).Replace(text)
}

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

var backticks = regexp.MustCompile("`+")

// fence returns at least that many backticks, and more than a text has in a row, so that
// the text cannot end them.
func fence(text string, least int) string {
	for _, run := range backticks.FindAllString(text, -1) {
		least = max(least, len(run)+1)
	}
	return strings.Repeat("`", least)
}

// FenceMarkdown returns a code block; whatever the text is, nothing in it is markup.
func FenceMarkdown(language, text string) string {
	text = strings.TrimRight(EscapeCode(text), "\n")
	line := fence(text, 3)
	return line + language + "\n" + text + "\n" + line + "\n"
}

// CodeMarkdown returns inline code, parted by blanks from backticks in it.
func CodeMarkdown(text string) string {
	text = safetext.Line(text)
	line := fence(text, 1)
	if strings.Trim(text, "`") != text || text == "" {
		text = " " + text + " "
	}
	return line + text + line
}

// EscapeMarkdown returns inline text without markup: no mention of anybody, no link, no
// reference.
func EscapeMarkdown(text string) string {
	return proseEscapes.Replace(safetext.Line(CutBytes(text, MaxProse)))
}

// A zero-width space keeps GitHub from reading on; it has no escape for these.
var proseEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "!", `\!`, "$", `\$`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;",
	"@", "@&#8203;", "#", "#&#8203;", "GH-", "GH&#8203;-", "://", ":&#8203;//", "www.", "www&#8203;.",
)

// LinkMarkdown returns a link to an address of ours; anything else is text.
func LinkMarkdown(text, url string) string {
	if !IsAddress(url) {
		return EscapeMarkdown(url)
	}
	return fmt.Sprintf("[%s](<%s>)", EscapeMarkdown(text), LinkEscapes.Replace(safetext.Line(url)))
}

// IsAddress reports whether a text is an address that a page may lead to.
func IsAddress(text string) bool {
	return strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")
}

// LinkEscapes escapes what would end an address.
var LinkEscapes = strings.NewReplacer("<", "%3C", ">", "%3E", `\`, "%5C", " ", "%20")

// FoldMarkdown returns content that a reader unfolds.
func FoldMarkdown(summary, content string) string {
	return fmt.Sprintf("<details><summary>%s</summary>\n\n%s\n</details>\n", summary, content)
}

// ExampleMarkdown returns the code of an example, and where the rest of it is.
func ExampleMarkdown(example reports.Example) string {
	var parts []string
	for _, part := range example.Parts {
		parts = append(parts, strings.Trim(part.Code, "\n"))
	}
	return FenceMarkdown(fenceLanguage(example.Language), strings.Join(parts, "\n\n")) +
		fmt.Sprintf("\nThe whole of it: %s\n", CodeMarkdown(example.Whole))
}

func fenceLanguage(language string) string {
	return map[string]string{"Go": "go", "Express": "js", "FastAPI": "python"}[language]
}

// EscapeMarkdownCell escapes text in a table.
func EscapeMarkdownCell(text string) string {
	return strings.NewReplacer(
		`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "\n", " ",
	).Replace(text)
}

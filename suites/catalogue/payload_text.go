package catalogue

import (
	"strings"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/suites/check"
)

const (
	fixText  = "Accept UTF-8 text of any length and script, down to the database. Remove U+0000 if your database cannot store it, and remove line ends before you put text into a header or a log line."
	fixEmpty = "Check that a comment has a first word or line before you use it: its content may be empty, or only spaces."
)

// textChecks returns the checks of what people write.
func textChecks() []check.Check {
	common := mustAccept(check.Must, fixText, check.ExampleParse)
	checks := []check.Check{
		single(common, "PAY-10", rfcJSON, "accepts text beyond ASCII", acceptsEach(
			// What people write, and what has broken handlers.
			saying("ship it 🚀🤗👩🏽‍💻", "with emoji"),
			saying("שלום, مرحبا", "with right-to-left text"),
			saying("Z͑ͫ̓ͪa̴͗ĺ͂g̈o", "with combining marks"),
			saying("before\x00after", "with a NUL character"),
			escapedText(),
		)),
		single(common, "PAY-11", docComment, "accepts a comment of 64 KiB",
			acceptsEach(commenting(strings.Repeat("All work and no play makes a dull webhook.\n", 64<<10/43+1)[:64<<10], "of 64 KiB"))),
		single(mustAccept(check.Must, fixEmpty, check.ExampleOptional), "PAY-28", docComment, "accepts a comment in which nothing is written",
			acceptsEach(commenting("", "with an empty comment"), commenting(" \n\n", "with a comment of blanks"))),
		single(common, "PAY-29", docComment, "accepts a comment with line ends of all kinds",
			acceptsEach(commenting("from a browser:\r\nfrom of old:\ra\ttab, a separator:\u2028the end\r\n", "with CRLF, CR and U+2028"))),
	}
	return append(checks, hostileTextChecks()...)
}

func commenting(text, words string) check.DeliveryOption {
	return check.WithAll(check.WithShape("discussion.comment.create"),
		check.WithProperty("comment.content", text), check.Describe(words))
}

// saying returns the option of a comment on a discussion whose title says the same.
func saying(text, words string) check.DeliveryOption {
	return check.WithAll(commenting(text, words), check.WithProperty("discussion.title", text))
}

// escapedText returns the option of a comment with needless escapes, as some encoders write
// them.
func escapedText() check.DeliveryOption {
	const plain = "PLACEHOLDER"
	return check.WithAll(commenting(plain, "with escaped surrogate pairs"), check.WithRewrite(func(body []byte) []byte {
		return []byte(strings.Replace(string(body), plain, `\ud83d\ude80 \u00e9t\u00e9 \u0000`, 1))
	}))
}

// What a response shows if the handler ran hostile text: the product of two numbers, which
// is in no text, and an element that runs.
const (
	product = "9801547" // 1337*7331
	element = "<script>alert(1)</script>"
)

// hostileTextChecks returns the checks of what anybody may write in a comment on a public
// repo. The texts do no harm even if a handler runs them: they calculate, and name what does
// not exist.
func hostileTextChecks() []check.Check {
	common := mustAccept(check.Should, "Pass text on as a value, never as code: parameters in SQL, a list of arguments instead of a shell, templates with escaping, file names of your own. And answer 2xx: anyone may write this in a comment.", check.ExampleParse)
	common.Why = "anyone may write this in a comment on a public repo; a handler that runs it as code lets them in, and one that crashes gets it again"
	checks := table(common, docComment, []row{
		harmless("PAY-21a", "SQL", `x'); SELECT 1337*7331; -- "; SELECT 1337*7331 /*`),
		harmless("PAY-21b", "shell commands", "x\"; echo $((1337*7331)); `expr 1337 \\* 7331` $(expr 1337 \\* 7331) '; expr 1337 \\* 7331; #"),
		harmless("PAY-21c", "template expressions", `{{1337*7331}} {% x %} ${1337*7331} #{1337*7331} <%= 1337*7331 %> {0.x} %(x)s %s %n`),
		harmless("PAY-21d", "paths", `../../../../../nonexistent/hubhook ..\..\nonexistent file:///nonexistent %2e%2e%2fnonexistent`,
			check.WithScene(emitter.Scene{Refs: []emitter.Ref{{Name: "refs/heads/main"}, {Name: "refs/heads/../../../../nonexistent/hubhook"}}}, "with a path for a reference")),
		harmless("PAY-21e", "HTML", `</title></script>`+element+`<img src=x onerror=alert(1)>" onmouseover="alert(1)`),
	})
	common.Why = "in JavaScript these names can change every object; a handler that merges a payload into its own object behaves differently from then on"
	common.Fix = "Copy the properties that you need, one by one. Do not merge the payload into another object (Object.assign, lodash merge): __proto__ would change every object."
	return append(checks, table(common, rfcJSON, []row{
		survives("PAY-21f", "properties named __proto__ and constructor", "discussion.comment.create",
			check.WithProperty("__proto__", map[string]any{"hubhook": true}), check.WithProperty("comment.__proto__", map[string]any{"hubhook": true}),
			check.WithProperty("constructor", map[string]any{"prototype": map[string]any{"hubhook": true}})),
	})...)
}

// harmless sends text as a comment, and perhaps as a push, and expects it to be accepted
// like any other.
func harmless(id, name, text string, push ...check.DeliveryOption) row {
	const shape = "discussion.comment.create"
	takenForText := check.MatchResponse("an answer in which the text was not run: no "+product+", which it calculates, and no element of HTML from it", func(r check.Response) bool {
		isHTML := strings.Contains(r.Header("Content-Type"), "html")
		body := string(r.Body())
		return !strings.Contains(body, product) && !(isHTML && strings.Contains(body, element))
	})
	return row{id: id, title: "accepts " + name + " in a comment", run: func(g gomega.Gomega, h *check.Handler) {
		h.RequireShapeAccepted(shape)
		response := h.Deliver(saying(text, "with "+name+" in it"))
		g.Expect(response).To(check.BeAccepted())
		g.Expect(response).To(takenForText)
		if len(push) > 0 {
			h.RequireShapeAccepted(check.UsualShape)
			g.Expect(h.Deliver(push...)).To(check.BeBelow500())
		}
		h.ExpectStillAccepts(g, shape, name)
	}}
}

package suites

import (
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
)

const (
	fixText  = "Accept UTF-8 text of any length and script, down to the database. Remove U+0000 if your database cannot store it, and remove line ends before you put text into a header or a log line."
	fixEmpty = "Check that a comment has a first word or line before you use it: its content may be empty, or only spaces."
)

// textPayloads are what people write.
func textPayloads() []Check {
	common := acknowledged(Must, fixText, ExampleParse)
	checks := []Check{
		single(common, "PAY-10", rfcJSON, "accepts text beyond ASCII", func(g gomega.Gomega, h *Handler) {
			for _, t := range beyondASCII() {
				g.Expect(h.Deliver(saying(t.text, "with "+t.name)...)).To(BeAccepted())
			}
			g.Expect(h.Deliver(escapedText()...)).To(BeAccepted())
		}),
		single(common, "PAY-11", docComment, "accepts a comment of 64 KiB", func(g gomega.Gomega, h *Handler) {
			long := strings.Repeat("All work and no play makes a dull webhook.\n", 64<<10/43+1)[:64<<10]
			g.Expect(h.Deliver(WithShape("discussion.comment.create"), WithProperty("comment.content", long), Describe("of 64 KiB"))).To(BeAccepted())
		}),
		single(acknowledged(Must, fixEmpty, ExampleOptional), "PAY-28", docComment, "accepts a comment in which nothing is written", func(g gomega.Gomega, h *Handler) {
			for _, nothing := range []struct{ text, words string }{{"", "with an empty comment"}, {" \n\n", "with a comment of blanks"}} {
				g.Expect(h.Deliver(WithShape("discussion.comment.create"), WithProperty("comment.content", nothing.text), Describe(nothing.words))).To(BeAccepted())
			}
		}),
		single(common, "PAY-29", docComment, "accepts a comment with line ends of all kinds", func(g gomega.Gomega, h *Handler) {
			content := WithProperty("comment.content", "from a browser:\r\nfrom of old:\ra\ttab, a separator:\u2028the end\r\n")
			g.Expect(h.Deliver(WithShape("discussion.comment.create"), content, Describe("with CRLF, CR and U+2028"))).To(BeAccepted())
		}),
	}
	return append(checks, hostileTexts()...)
}

// saying is a comment on a discussion, the title of which says the same.
func saying(text, words string) []DeliveryOption {
	return []DeliveryOption{WithShape("discussion.comment.create"), WithProperty("comment.content", text), WithProperty("discussion.title", text), Describe(words)}
}

// beyondASCII is what people write, and what has broken handlers.
func beyondASCII() []struct{ name, text string } {
	return []struct{ name, text string }{
		{"emoji", "ship it 🚀🤗👩🏽‍💻"},
		{"right-to-left text", "שלום, مرحبا"},
		{"combining marks", "Z͑ͫ̓ͪa̴͗ĺ͂g̈o"},
		{"a NUL character", "before\x00after"},
	}
}

// escapedText is text that is escaped where it need not be, as some encoders do.
func escapedText() []DeliveryOption {
	const plain = "PLACEHOLDER"
	return []DeliveryOption{
		WithShape("discussion.comment.create"), WithProperty("comment.content", plain),
		func(d *Delivery) {
			d.rewrite = func(body []byte) []byte {
				return []byte(strings.Replace(string(body), plain, `\ud83d\ude80 \u00e9t\u00e9 \u0000`, 1))
			}
		},
		Describe("with escaped surrogate pairs"),
	}
}

// What in hostile text is to be seen in an answer if the handler fell for it: the
// product of two numbers that stands in no text, and an element that runs.
const (
	product = "9801547" // 1337*7331
	element = "<script>alert(1)</script>"
)

// hostileTexts are what anybody may write in a comment on a public repo. They do no
// harm where a handler falls for them: they calculate, and name what there is not.
func hostileTexts() []Check {
	common := acknowledged(Should, "Pass text on as a value, never as code: parameters in SQL, a list of arguments instead of a shell, templates with escaping, file names of your own. And answer 2xx: anyone may write this in a comment.", ExampleParse)
	common.Why = "anyone may write this in a comment on a public repo; a handler that runs it as code lets them in, and one that crashes gets it again"
	checks := rows(common, "PAY-21", docComment, []entry{
		harmless("SQL", `x'); SELECT 1337*7331; -- "; SELECT 1337*7331 /*`),
		harmless("shell commands", "x\"; echo $((1337*7331)); `expr 1337 \\* 7331` $(expr 1337 \\* 7331) '; expr 1337 \\* 7331; #"),
		harmless("template expressions", `{{1337*7331}} {% x %} ${1337*7331} #{1337*7331} <%= 1337*7331 %> {0.x} %(x)s %s %n`),
		harmless("paths", `../../../../../nonexistent/hubhook ..\..\nonexistent file:///nonexistent %2e%2e%2fnonexistent`,
			WithScene(emitter.Scene{Refs: []emitter.Ref{{Name: "refs/heads/main"}, {Name: "refs/heads/../../../../nonexistent/hubhook"}}}, "with a path for a reference")),
		harmless("HTML", `</title></script>`+element+`<img src=x onerror=alert(1)>" onmouseover="alert(1)`),
	})
	common.Why = "in JavaScript these names can change every object; a handler that merges a payload into its own object behaves differently from then on"
	common.Fix = "Copy the properties that you need, one by one. Do not merge the payload into another object (Object.assign, lodash merge): __proto__ would change every object."
	common.ID, common.Spec = "PAY-21f", rfcJSON
	polluting := survives("properties named __proto__ and constructor", "discussion.comment.create",
		WithProperty("__proto__", map[string]any{"hubhook": true}), WithProperty("comment.__proto__", map[string]any{"hubhook": true}),
		WithProperty("constructor", map[string]any{"prototype": map[string]any{"hubhook": true}}))
	common.Title, common.Run = polluting.title, polluting.run
	return append(checks, common)
}

// harmless sends text as a comment, and as a push where there is one to be made with
// it, and wants it accepted as any other.
func harmless(name, text string, push ...DeliveryOption) entry {
	const shape = "discussion.comment.create"
	return entry{"accepts " + name + " in a comment", func(g gomega.Gomega, h *Handler) {
		h.RequireShapeAccepted(shape)
		answer := h.Deliver(saying(text, "with "+name+" in it")...)
		g.Expect(answer).To(BeAccepted())
		g.Expect(answer).To(takeForText())
		if len(push) > 0 {
			h.RequireShapeAccepted(UsualShape)
			g.Expect(h.Deliver(push...)).To(BeBelow500())
		}
		h.ExpectStillAccepts(g, shape, name)
	}}
}

// takeForText wants an answer that shows no trace of text that was taken for code.
func takeForText() ResponseMatcher {
	return ResponseMatcher{"an answer in which the text was not run: no " + product + ", which it calculates, and no element of HTML from it", func(a Response) bool {
		body := string(a.exchange.Response.Body)
		isHTML := strings.Contains(a.Header("Content-Type"), "html")
		return !strings.Contains(body, product) && !(isHTML && strings.Contains(body, element))
	}}
}

// survives sends a delivery that is not as it should be, and wants a handler that
// goes on.
func survives(words, shape string, changes ...DeliveryOption) entry {
	return entry{"survives " + words, func(g gomega.Gomega, h *Handler) {
		h.RequireShapeAccepted(shape)
		g.Expect(h.Deliver(slices.Concat([]DeliveryOption{WithShape(shape)}, changes, []DeliveryOption{Describe("with " + words)})...)).To(BeBelow500())
		h.ExpectStillAccepts(g, shape, words)
	}}
}

package suites

import (
	"bytes"
	"compress/gzip"
	"github.com/onsi/gomega"
	"time"
)

// pieceEvery is the time between two pieces of a body: a network is not faster.
const pieceEvery = 25 * time.Millisecond

// bodyChecks ask how a body may arrive, and what may be said of it.
func bodyChecks() []Check {
	return []Check{
		{
			ID: "TRN-05", Area: Transport, Level: Must, Spec: rfcIncomplete,
			Title: "accepts a body that arrives in small pieces",
			Why:   "the network cuts a body into any number of pieces; a handler that takes the first piece for the whole refuses genuine deliveries",
			Fix:   "Read the whole body, up to Content-Length or the last chunk, before you parse it.", Mend: MendParse,
			Run: func(g gomega.Gomega, h *Handler) {
				g.Expect(h.Deliver(InPieces(100, pieceEvery))).To(BeAccepted())
				g.Expect(h.Deliver(InChunks(), InPieces(97, pieceEvery))).To(BeAccepted())
			},
		},
		{
			ID: "TRN-09", Area: Transport, Level: Should, Spec: rfcMediaType,
			Title: "survives another Content-Type, or none, and acts on what it accepts",
			Why:   "the exact Content-Type is not documented; a parser that is chosen by it may find nothing, or throw",
			Fix:   "Parse the raw body as JSON whatever the Content-Type says, or answer 415.", Mend: MendEncoding,
			Run: oddTypes,
		},
		{
			ID: "TRN-10", Area: Transport, Level: Should, Spec: rfcExpect,
			Title: "accepts a delivery with Expect: 100-continue",
			Why:   "some clients ask before they send a long body; a 417 refuses a genuine delivery",
			Fix:   "Leave Expect to your HTTP server: it answers 100 as soon as you read the body.", Mend: MendServer,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				g.Expect(h.Deliver(Expecting())).To(BeAccepted())
			},
		},
		{
			ID: "TRN-11", Area: Transport, Level: Should, Spec: rfcCoding,
			Title: "survives a body in gzip",
			Why:   "a body that a parser cannot read must be refused with 415 or 400, not end in a 500",
			Fix:   "Answer 415 if Content-Encoding names a coding that you do not support.", Mend: MendEncoding,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				g.Expect(h.Deliver(Zipped())).To(BeSurvived())
				g.Expect(h.Deliver(WithHeader("Content-Encoding", "gzip"), Called("which is none"))).To(BeSurvived())
				g.Expect(h.Deliver(Called("after these"))).To(BeAccepted())
			},
		},
	}
}

// Zipped compresses the body.
func Zipped() Change {
	return func(d *Delivery) {
		d.rewrite = zip
		d.header["Content-Encoding"] = []string{"gzip"}
		d.say("in gzip")
	}
}

// zip compresses; what a buffer is written to cannot fail.
func zip(body []byte) []byte {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	w.Write(body)
	w.Close()
	return zipped.Bytes()
}

// oddTypes sends bodies under other types than theirs. A handler may refuse them; what
// it accepts it must not lose, where that can be seen.
func oddTypes(g gomega.Gomega, h *Handler) {
	h.Given(h.Deliver())
	g.Expect(h.Deliver(WithHeader("Content-Type"))).To(BeSurvived())
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=latin1", ";"} {
		g.Expect(h.Deliver(WithHeader("Content-Type", kind))).To(BeSurvived())
	}
	g.Expect(h.Deliver(Called("after these"))).To(BeAccepted())
	if !h.sees() {
		return
	}
	for _, change := range []Change{WithHeader("Content-Type"), WithHeader("Content-Type", "text/plain")} {
		d := h.New(Of(h.run.acting), change)
		accepted := false
		seen := h.EffectOf(func() { accepted = h.Attempt(d).Accepted() })
		if accepted {
			g.Expect(seen).To(BeSome(d.words() + ", which was accepted"))
		}
	}
}

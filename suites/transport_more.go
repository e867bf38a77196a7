package suites

import (
	"bytes"
	"compress/gzip"
	"time"

	"github.com/onsi/gomega"
)

// pieceEvery is the time between two pieces of a body: a network is not faster.
const pieceEvery = 25 * time.Millisecond

// dropped is how many requests are left in the middle. A handler needs a moment to
// notice, so that several deliveries follow, with a pause after each.
const (
	dropped      = 20
	noticedAfter = 5
	noticeEvery  = 25 * time.Millisecond
)

// moreTransportChecks ask for what clients and proxies do that no ordinary client
// shows.
func moreTransportChecks() []Check {
	return []Check{
		{
			ID: "TRN-05", Area: Transport, Level: Must, Spec: rfcIncomplete,
			Title: "accepts a body that arrives in small pieces",
			Why:   "a body comes in as many pieces as the network makes of it; who takes the first one for the whole refuses genuine deliveries",
			Fix:   "Read the body to its end, as Content-Length or the last chunk says, before you parse it.", Mend: MendParse,
			Run: func(g gomega.Gomega, h *Handler) {
				g.Expect(h.Deliver(InPieces(100, pieceEvery))).To(BeAccepted())
				g.Expect(h.Deliver(InChunks(), InPieces(97, pieceEvery))).To(BeAccepted())
			},
		},
		{
			ID: "TRN-07", Area: Transport, Level: Must, Spec: rfcVersions, Needs: Needs{HTTPS: true},
			Title: "over https, accepts HTTP/1.1, and HTTP/2 where it offers that, with a certificate that is valid",
			Why:   "which version the Hub speaks is documented nowhere, and no client goes on where the certificate is not for the host",
			Fix:   "Serve a certificate of the host's name with its whole chain, TLS 1.2 or later, and leave HTTP/1.1 on where you offer HTTP/2.", Mend: MendServer,
			Run: everyVersion,
		},
		{
			ID: "TRN-09", Area: Transport, Level: Should, Spec: rfcMediaType,
			Title: "survives a delivery without Content-Type, and with another one",
			Why:   "the exact Content-Type is not documented; a parser that is chosen by it can find nothing, or throw",
			Fix:   "Parse the raw body as JSON whatever the Content-Type says, or answer 415.", Mend: MendEncoding,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				g.Expect(h.Deliver(WithHeader("Content-Type"))).To(BeSurvived())
				for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=latin1", ";"} {
					g.Expect(h.Deliver(WithHeader("Content-Type", kind))).To(BeSurvived())
				}
				g.Expect(h.Deliver(Called("after these"))).To(BeAccepted())
			},
		},
		{
			ID: "TRN-10", Area: Transport, Level: Should, Spec: rfcExpect,
			Title: "accepts a delivery with Expect: 100-continue",
			Why:   "clients ask for leave before they send a long body; an answer of 417 refuses a genuine delivery",
			Fix:   "Leave Expect to your HTTP server, which answers 100 when the body is read.", Mend: MendServer,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				g.Expect(h.Deliver(Expecting())).To(BeAccepted())
			},
		},
		{
			ID: "TRN-11", Area: Transport, Level: Should, Spec: rfcCoding,
			Title: "survives a body in gzip",
			Why:   "a body that a parser cannot read must be refused with 415 or 400, not end in a 500",
			Fix:   "Answer 415 where Content-Encoding names a coding that you do not read.", Mend: MendEncoding,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				g.Expect(h.Deliver(Zipped())).To(BeSurvived())
				g.Expect(h.Deliver(WithHeader("Content-Encoding", "gzip"), Called("which is none"))).To(BeSurvived())
				g.Expect(h.Deliver(Called("after these"))).To(BeAccepted())
			},
		},
		{
			ID: "TRN-12", Area: Transport, Level: Should, Spec: rfcIncomplete,
			Title: "survives 20 connections that are dropped in the middle of a request",
			Why:   "each request that never ends can hold a worker, a lock or a file for ever",
			Fix:   "Release what a request holds when its body breaks off, and bound how long the reading of one may take.", Mend: MendServer,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				h.Stall(dropped)()
				for range noticedAfter {
					g.Expect(h.Deliver(OnNewConnection(), Called("after 20 connections were dropped in the middle of a body"))).To(BeAccepted())
					if err := pause(h.run.ctx, noticeEvery); err != nil {
						h.run.mayGoOn(h)
					}
				}
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

// everyVersion makes deliveries by each version of HTTP that the handler offers.
func everyVersion(g gomega.Gomega, h *Handler) {
	usual := h.Deliver(OnNewConnection())
	g.Expect(usual).To(BeAccepted())
	g.Expect(h.Deliver(ByHand(), Called("over HTTP/1.1"))).To(BeAccepted())
	if h.run.target.Route.Insecure {
		h.Inconclusive("the certificate was not looked at, because of --insecure; --cacert FILE would have it looked at")
	}
	if usual.x.Response.Proto != "HTTP/2.0" {
		h.Note("HTTP/2 is not offered, so only HTTP/1.1 was tried")
	}
}

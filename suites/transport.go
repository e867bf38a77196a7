package suites

import (
	"bytes"
	"compress/gzip"
	"errors"
	"net/http"
	"time"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// onOneLine is how many deliveries follow the first on one connection.
const onOneLine = 11

// transportChecks ask whether the handler speaks HTTP as a sender may.
func transportChecks() []Check {
	return []Check{
		{
			ID: "TRN-01", Area: Transport, Level: Must, Spec: rfcChunked,
			Title: "accepts a chunked body",
			Why:   "it is not documented whether the Hub, or a proxy on the way, sends Content-Length; every server must be able to read chunks",
			Fix:   "Read the body to its end, and do not require Content-Length; most servers do this by themselves.", Example: ExampleParse,
			Run: func(g gomega.Gomega, h *Handler) {
				g.Expect(h.Deliver(WithChunks())).To(BeAccepted())
			},
		},
		{
			ID: "TRN-02", Area: Transport, Level: Must, Spec: rfcMediaType,
			Title: "accepts Content-Type with and without a charset",
			Why:   "a media type may have parameters, and its name has no case; a comparison of the whole header refuses genuine deliveries",
			Fix:   "Compare only the media type (mime.ParseMediaType, req.is), or do not look at Content-Type at all.", Example: ExampleEncoding,
			Run: func(g gomega.Gomega, h *Handler) {
				for _, value := range []string{"application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"} {
					g.Expect(h.Deliver(WithHeader("Content-Type", value))).To(BeAccepted())
				}
			},
		},
		{
			ID: "TRN-03", Area: Transport, Level: Must, Spec: rfcPersist,
			Title: "accepts many deliveries on one connection",
			Why:   "senders keep connections open; nothing of one delivery may reach the next",
			Fix:   "Store nothing about a delivery with the connection, and read each body to its end.", Example: ExampleServer,
			Run: func(g gomega.Gomega, h *Handler) {
				line := h.OpenConn()
				defer line.Close()
				first := h.New()
				h.RequireAccepted(h.AttemptOver(line, first))
				for range onOneLine {
					d := h.New(WithIndex(first.request.Index), Describe("on one connection"))
					answer := h.AttemptOver(line, d)
					if errors.Is(answer.exchange.Err, delivery.ErrClosedIdle) {
						h.Skip("this handler closes connections after its answers")
					}
					g.Expect(answer).To(BeAccepted())
				}
			},
		},
		{
			ID: "TRN-04", Area: Transport, Level: Must, Spec: rfcPersist,
			Title: "accepts each delivery on a new connection",
			Why:   "a sender need not keep a connection open",
			Fix:   "Answer before you close the connection, also if the request says Connection: close, and release what belongs to it.", Example: ExampleServer,
			Run: func(g gomega.Gomega, h *Handler) {
				for range 5 {
					g.Expect(h.Deliver(WithNewConnection())).To(BeAccepted())
				}
			},
		},
		{
			ID: "TRN-06", Area: Transport, Level: Must, Spec: rfcExtend,
			Title: "accepts headers that it does not know",
			Why:   "the Hub and every proxy on the way may add headers",
			Fix:   "Ignore headers that you do not know.", Example: ExampleAcknowledge,
			Run: func(g gomega.Gomega, h *Handler) {
				g.Expect(h.Deliver(WithHeader("X-Added-Later", "by the Hub"), WithHeader("Forwarded", "for=192.0.2.60;proto=https"))).To(BeAccepted())
			},
		},
		{
			ID: "TRN-08", Area: Transport, Level: Should, Spec: rfcMethods,
			Title: "refuses other methods than POST with 405 or 404",
			Why:   "browsers, crawlers and link previews send GET; a handler that acts on one acts for everybody",
			Fix:   "Route only POST to the handler, and answer other methods with 405 and Allow: POST.", Example: ExampleMethod,
			Run: postOnly,
		},
	}
}

// postOnly sends genuine deliveries by the wrong methods. The answer to one is
// 405 with the methods that are allowed, or 404 where the path is for POST
// alone.
func postOnly(g gomega.Gomega, h *Handler) {
	h.RequireAccepted(h.Deliver())
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		answer := h.Deliver(WithMethod(method))
		g.Expect(answer).To(HaveStatus(http.StatusMethodNotAllowed, http.StatusNotFound))
		if answer.Status() == http.StatusMethodNotAllowed {
			g.Expect(answer).To(HaveHeader("Allow"))
		}
	}
}

func HaveHeader(name string) ResponseMatcher {
	return ResponseMatcher{"the header " + name + ", which a 405 answer must have", func(a Response) bool { return a.Header(name) != "" }}
}

// pieceEvery is the time between two pieces of a body: a network is not faster.
const pieceEvery = 25 * time.Millisecond

// bodyChecks ask how a body may arrive, and what may be said of it.
func bodyChecks() []Check {
	return []Check{
		{
			ID: "TRN-05", Area: Transport, Level: Must, Spec: rfcIncomplete,
			Title: "accepts a body that arrives in small pieces",
			Why:   "the network cuts a body into any number of pieces; a handler that takes the first piece for the whole refuses genuine deliveries",
			Fix:   "Read the whole body, up to Content-Length or the last chunk, before you parse it.", Example: ExampleParse,
			Run: func(g gomega.Gomega, h *Handler) {
				g.Expect(h.Deliver(WithPieces(100, pieceEvery))).To(BeAccepted())
				g.Expect(h.Deliver(WithChunks(), WithPieces(97, pieceEvery))).To(BeAccepted())
			},
		},
		{
			ID: "TRN-09", Area: Transport, Level: Should, Spec: rfcMediaType,
			Title: "survives another Content-Type, or none, and acts on what it accepts",
			Why:   "the exact Content-Type is not documented; a parser that is chosen by it may find nothing, or throw",
			Fix:   "Parse the raw body as JSON whatever the Content-Type says, or answer 415.", Example: ExampleEncoding,
			Run: oddTypes,
		},
		{
			ID: "TRN-10", Area: Transport, Level: Should, Spec: rfcExpect,
			Title: "accepts a delivery with Expect: 100-continue",
			Why:   "some clients ask before they send a long body; a 417 refuses a genuine delivery",
			Fix:   "Leave Expect to your HTTP server: it answers 100 as soon as you read the body.", Example: ExampleServer,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				g.Expect(h.Deliver(WithExpect100())).To(BeAccepted())
			},
		},
		{
			ID: "TRN-11", Area: Transport, Level: Should, Spec: rfcCoding,
			Title: "survives a body in gzip",
			Why:   "a body that a parser cannot read must be refused with 415 or 400, not end in a 500",
			Fix:   "Answer 415 if Content-Encoding names a coding that you do not support.", Example: ExampleEncoding,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				g.Expect(h.Deliver(WithGzip())).To(BeBelow500())
				g.Expect(h.Deliver(WithHeader("Content-Encoding", "gzip"), Describe("which is none"))).To(BeBelow500())
				g.Expect(h.Deliver(Describe("after these"))).To(BeAccepted())
			},
		},
	}
}

// WithGzip compresses the body.
func WithGzip() DeliveryOption {
	return func(d *Delivery) {
		d.rewrite = zip
		d.header["Content-Encoding"] = []string{"gzip"}
		d.describe("in gzip")
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
	h.RequireAccepted(h.Deliver())
	g.Expect(h.Deliver(WithHeader("Content-Type"))).To(BeBelow500())
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=latin1", ";"} {
		g.Expect(h.Deliver(WithHeader("Content-Type", kind))).To(BeBelow500())
	}
	g.Expect(h.Deliver(Describe("after these"))).To(BeAccepted())
	if !h.SeesEffects() {
		return
	}
	for _, change := range []DeliveryOption{WithHeader("Content-Type"), WithHeader("Content-Type", "text/plain")} {
		d := h.New(WithShape(h.run.activeShape), change)
		accepted := false
		seen := h.EffectOf(func() { accepted = h.Attempt(d).Accepted() })
		if accepted {
			g.Expect(seen).To(BeAnyEffect(d.String() + ", which was accepted"))
		}
	}
}

// dropped is how many requests are left in the middle.
const dropped = 20

// connectionChecks ask for versions of HTTP, and what broken connections leave behind.
func connectionChecks() []Check {
	return []Check{
		{
			ID: "TRN-07", Area: Transport, Level: Must, Spec: rfcVersions, Needs: Needs{HTTPS: true},
			Title: "over https, accepts HTTP/1.1, and HTTP/2 where it offers that, with a certificate that is valid",
			Why:   "it is not documented which version of HTTP the Hub speaks, and every client stops if the certificate is not valid for the host",
			Fix:   "Serve a certificate for the host's name, with its whole chain, over TLS 1.2 or later. If you offer HTTP/2, keep HTTP/1.1 on.", Example: ExampleServer,
			Run: everyVersion,
		},
		{
			ID: "TRN-12", Area: Transport, Level: Should, Spec: rfcIncomplete,
			Title: "survives 20 connections that are dropped in the middle of a request",
			Why:   "each request that never ends can hold a worker, a lock or a file for ever",
			Fix:   "Release what a request holds when its body breaks off, and limit the time for reading one.", Example: ExampleServer,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				h.AttemptAll(cutOffs(h, dropped)...)
				for range 3 {
					g.Expect(h.Deliver(WithNewConnection(), Describe("after 20 connections were dropped in the middle of a body"))).To(BeAccepted())
				}
			},
		},
	}
}

// everyVersion makes deliveries by each version of HTTP that the handler offers.
func everyVersion(g gomega.Gomega, h *Handler) {
	usual := h.Deliver(WithNewConnection())
	g.Expect(usual).To(BeAccepted())
	g.Expect(h.Deliver(WithRawRequest(), Describe("over HTTP/1.1"))).To(BeAccepted())
	if h.run.target.Route.Insecure {
		h.Inconclusive("the certificate was not looked at, because of --insecure; --cacert FILE would have it looked at")
	}
	if usual.exchange.Response.Proto != "HTTP/2.0" {
		h.Note("HTTP/2 is not offered, so only HTTP/1.1 was tried")
	}
}

// cutOffs are genuine deliveries whose connections are closed in the middle of their
// bodies. Each lasts until the handler has closed its side as well, or nearly so: what
// it does about them is to be done before the next delivery comes.
func cutOffs(h *Handler, n int) []Delivery {
	list := make([]Delivery, n)
	for i := range list {
		list[i] = cutOff(h.New())
	}
	return list
}

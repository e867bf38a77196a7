package catalogue

import (
	"net/http"
	"slices"
	"time"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/suites/check"
)

const (
	// moreOnOneConn is how many deliveries follow the first on one connection.
	moreOnOneConn = 11
	// pieceEvery is the time between two pieces of a body: a network is not faster.
	pieceEvery = 25 * time.Millisecond
	// cutOffs is how many requests are cut off.
	cutOffs = 20
)

// transportChecks returns the checks of whether the handler speaks HTTP as a sender may.
func transportChecks() []check.Check {
	return []check.Check{
		{
			ID: "TRN-01", Area: check.AreaTransport, Level: check.Must, Spec: rfcChunked,
			Title: "accepts a chunked body",
			Why:   "it is not documented whether the Hub, or a proxy on the way, sends Content-Length; every server must be able to read chunks",
			Fix:   "Read the body to its end, and do not require Content-Length; most servers do this by themselves.", Example: check.ExampleParse,
			Run: acceptsEach(check.WithChunks()),
		},
		{
			ID: "TRN-02", Area: check.AreaTransport, Level: check.Must, Spec: rfcMediaType,
			Title: "accepts Content-Type with and without a charset",
			Why:   "a media type may have parameters, and its name has no case; a comparison of the whole header refuses genuine deliveries",
			Fix:   "Compare only the media type (mime.ParseMediaType, req.is), or do not look at Content-Type at all.", Example: check.ExampleEncoding,
			Run: acceptsEach(contentType("application/json"),
				contentType("application/json; charset=utf-8"), contentType("application/json;charset=UTF-8")),
		},
		{
			ID: "TRN-03", Area: check.AreaTransport, Level: check.Must, Spec: rfcPersist,
			Title: "accepts many deliveries on one connection",
			Why:   "senders keep connections open; nothing of one delivery may reach the next",
			Fix:   "Store nothing about a delivery with the connection, and read each body to its end.", Example: check.ExampleServer,
			Run: func(g gomega.Gomega, h *check.Handler) {
				conn := h.OpenConn()
				defer conn.Close()
				first := h.NewDelivery()
				h.RequireAccepted(h.AttemptOver(conn, first))
				for range moreOnOneConn {
					d := h.NewDelivery(check.WithIndex(first.Index()), check.Describe("on one connection"))
					response := h.AttemptOver(conn, d)
					if response.ClosedIdle() {
						h.Skip("this handler closes connections after its answers")
					}
					g.Expect(response).To(check.BeAccepted())
				}
			},
		},
		{
			ID: "TRN-04", Area: check.AreaTransport, Level: check.Must, Spec: rfcPersist,
			Title: "accepts each delivery on a new connection",
			Why:   "a sender need not keep a connection open",
			Fix:   "Answer before you close the connection, also if the request says Connection: close, and release what belongs to it.", Example: check.ExampleServer,
			Run: acceptsEach(slices.Repeat([]check.DeliveryOption{check.WithNewConnection()}, 5)...),
		},
		{
			ID: "TRN-05", Area: check.AreaTransport, Level: check.Must, Spec: rfcIncomplete,
			Title: "accepts a body that arrives in small pieces",
			Why:   "the network cuts a body into any number of pieces; a handler that takes the first piece for the whole refuses genuine deliveries",
			Fix:   "Read the whole body, up to Content-Length or the last chunk, before you parse it.", Example: check.ExampleParse,
			Run: acceptsEach(check.WithPieces(100, pieceEvery),
				check.WithAll(check.WithChunks(), check.WithPieces(97, pieceEvery))),
		},
		{
			ID: "TRN-06", Area: check.AreaTransport, Level: check.Must, Spec: rfcExtend,
			Title: "accepts headers that it does not know",
			Why:   "the Hub and every proxy on the way may add headers",
			Fix:   "Ignore headers that you do not know.", Example: check.ExampleAcknowledge,
			Run: acceptsOne(check.WithHeader("X-Added-Later", "by the Hub"),
				check.WithHeader("Forwarded", "for=192.0.2.60;proto=https")),
		},
		{
			ID: "TRN-07", Area: check.AreaTransport, Level: check.Must, Spec: rfcVersions, Needs: check.Needs{HTTPS: true},
			Title: "over https, accepts HTTP/1.1, and HTTP/2 where it offers that, with a certificate that is valid",
			Why:   "it is not documented which version of HTTP the Hub speaks, and every client stops if the certificate is not valid for the host",
			Fix:   "Serve a certificate for the host's name, with its whole chain, over TLS 1.2 or later. If you offer HTTP/2, keep HTTP/1.1 on.", Example: check.ExampleServer,
			Run: everyVersion,
		},
		{
			ID: "TRN-08", Area: check.AreaTransport, Level: check.Should, Spec: rfcMethods,
			Title: "refuses other methods than POST with 405 or 404",
			Why:   "browsers, crawlers and link previews send GET; a handler that acts on one acts for everybody",
			Fix:   "Route only POST to the handler, and answer other methods with 405 and Allow: POST.", Example: check.ExampleMethod,
			Run: postOnly,
		},
		{
			ID: "TRN-09", Area: check.AreaTransport, Level: check.Should, Spec: rfcMediaType,
			Title: "survives another Content-Type, or none, and acts on what it accepts",
			Why:   "the exact Content-Type is not documented; a parser that is chosen by it may find nothing, or throw",
			Fix:   "Parse the raw body as JSON whatever the Content-Type says, or answer 415.", Example: check.ExampleEncoding,
			Run: oddTypes,
		},
		{
			ID: "TRN-10", Area: check.AreaTransport, Level: check.Should, Spec: rfcExpect,
			Title: "accepts a delivery with Expect: 100-continue",
			Why:   "some clients ask before they send a long body; a 417 refuses a genuine delivery",
			Fix:   "Leave Expect to your HTTP server: it answers 100 as soon as you read the body.", Example: check.ExampleServer,
			Run: afterControl(acceptsEach(check.WithExpect100())),
		},
		{
			ID: "TRN-11", Area: check.AreaTransport, Level: check.Should, Spec: rfcCoding,
			Title: "survives a body in gzip",
			Why:   "a body that a parser cannot read must be refused with 415 or 400, not end in a 500",
			Fix:   "Answer 415 if Content-Encoding names a coding that you do not support.", Example: check.ExampleEncoding,
			Run: survivesEach("these", check.WithGzip(),
				check.WithAll(check.WithHeader("Content-Encoding", "gzip"), check.Describe("which is none"))),
		},
		{
			ID: "TRN-12", Area: check.AreaTransport, Level: check.Should, Spec: rfcIncomplete,
			Title: "survives 20 connections that are dropped in the middle of a request",
			Why:   "each request that never ends can hold a worker, a lock or a file for ever",
			Fix:   "Release what a request holds when its body breaks off, and limit the time for reading one.", Example: check.ExampleServer,
			Run: survivesCutOffs,
		},
	}
}

// contentType sets Content-Type; without a value, it removes it.
func contentType(value ...string) check.DeliveryOption {
	return check.WithHeader("Content-Type", value...)
}

// postOnly sends valid deliveries by the wrong methods. The response is 405 with the methods
// that are allowed, or 404 if the path is only for POST.
func postOnly(g gomega.Gomega, h *check.Handler) {
	haveAllow := check.MatchResponse("the header Allow, which a 405 answer must have",
		func(r check.Response) bool { return r.Header("Allow") != "" })
	h.RequireAccepted(h.Deliver())
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		response := h.Deliver(check.WithMethod(method))
		g.Expect(response).To(check.HaveStatus(http.StatusMethodNotAllowed, http.StatusNotFound))
		if response.Status() == http.StatusMethodNotAllowed {
			g.Expect(response).To(haveAllow)
		}
	}
}

// oddTypes sends bodies under other types than theirs. A handler may reject them; what it
// accepts it must not lose, if that can be seen.
func oddTypes(g gomega.Gomega, h *check.Handler) {
	survivesEach("these", contentType(), contentType("text/plain"),
		contentType("application/x-www-form-urlencoded"), contentType("multipart/form-data; boundary=x"),
		contentType("application/json; charset=latin1"), contentType(";"))(g, h)
	if !h.SeesEffects() {
		return
	}
	for _, change := range []check.DeliveryOption{contentType(), contentType("text/plain")} {
		d := h.NewDelivery(check.WithShape(h.ActiveShape()), change)
		accepted := false
		seen := h.EffectOf(func() { accepted = h.Attempt(d).Accepted() })
		if accepted {
			h.ExpectAnyEffect(seen, d.String()+", which was accepted")
		}
	}
}

// everyVersion makes deliveries by each version of HTTP that the handler offers.
func everyVersion(g gomega.Gomega, h *check.Handler) {
	first := h.Deliver(check.WithNewConnection())
	g.Expect(first).To(check.BeAccepted())
	g.Expect(h.Deliver(check.WithRawRequest(), check.Describe("over HTTP/1.1"))).To(check.BeAccepted())
	if h.Target().Route.Insecure {
		h.Inconclusive("the certificate was not looked at, because of --insecure; --cacert FILE would have it looked at")
	}
	if first.Proto() != "HTTP/2.0" {
		h.Warn("HTTP/2 is not offered, so only HTTP/1.1 was tried")
	}
}

// survivesCutOffs closes connections in the middle of bodies. Each attempt lasts until the
// handler has closed its side as well, or nearly so: what it does about them has to be done
// before the next delivery comes.
func survivesCutOffs(g gomega.Gomega, h *check.Handler) {
	h.RequireAccepted(h.Deliver())
	list := make([]check.Delivery, cutOffs)
	for i := range list {
		list[i] = h.NewDelivery().CutOff()
	}
	h.AttemptAll(list...)
	for range 3 {
		g.Expect(h.Deliver(check.WithNewConnection(), check.Describe("after 20 connections were dropped in the middle of a body"))).To(check.BeAccepted())
	}
}

package suites

import (
	"errors"
	"net/http"

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
			Fix:   "Read the body to its end, and do not require Content-Length; most servers do this by themselves.", Mend: MendParse,
			Run: func(g gomega.Gomega, h *Handler) {
				g.Expect(h.Deliver(InChunks())).To(BeAccepted())
			},
		},
		{
			ID: "TRN-02", Area: Transport, Level: Must, Spec: rfcMediaType,
			Title: "accepts Content-Type with and without a charset",
			Why:   "a media type may have parameters, and its name has no case; a comparison of the whole header refuses genuine deliveries",
			Fix:   "Compare only the media type (mime.ParseMediaType, req.is), or do not look at Content-Type at all.", Mend: MendEncoding,
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
			Fix:   "Store nothing about a delivery with the connection, and read each body to its end.", Mend: MendServer,
			Run: func(g gomega.Gomega, h *Handler) {
				line := h.OpenLine()
				defer line.Close()
				first := h.New()
				h.Given(h.Over(line, first))
				for range onOneLine {
					d := h.New(Telling(first.request.Index), Called("on one connection"))
					answer := h.Over(line, d)
					if errors.Is(answer.x.Err, delivery.ErrClosedIdle) {
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
			Fix:   "Answer before you close the connection, also if the request says Connection: close, and release what belongs to it.", Mend: MendServer,
			Run: func(g gomega.Gomega, h *Handler) {
				for range 5 {
					g.Expect(h.Deliver(OnNewConnection())).To(BeAccepted())
				}
			},
		},
		{
			ID: "TRN-06", Area: Transport, Level: Must, Spec: rfcExtend,
			Title: "accepts headers that it does not know",
			Why:   "the Hub and every proxy on the way may add headers",
			Fix:   "Ignore headers that you do not know.", Mend: MendAcknowledge,
			Run: func(g gomega.Gomega, h *Handler) {
				g.Expect(h.Deliver(WithHeader("X-Added-Later", "by the Hub"), WithHeader("Forwarded", "for=192.0.2.60;proto=https"))).To(BeAccepted())
			},
		},
		{
			ID: "TRN-08", Area: Transport, Level: Should, Spec: rfcMethods,
			Title: "refuses other methods than POST with 405 or 404",
			Why:   "browsers, crawlers and link previews send GET; a handler that acts on one acts for everybody",
			Fix:   "Route only POST to the handler, and answer other methods with 405 and Allow: POST.", Mend: MendMethod,
			Run: postOnly,
		},
	}
}

// postOnly sends genuine deliveries by the wrong methods. The answer to one is
// 405 with the methods that are allowed, or 404 where the path is for POST
// alone.
func postOnly(g gomega.Gomega, h *Handler) {
	h.Given(h.Deliver())
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		answer := h.Deliver(WithMethod(method))
		g.Expect(answer).To(HaveStatus(http.StatusMethodNotAllowed, http.StatusNotFound))
		if answer.Status() == http.StatusMethodNotAllowed {
			g.Expect(answer).To(haveHeader("Allow"))
		}
	}
}

func haveHeader(name string) expectation {
	return expectation{"the header " + name + ", which a 405 answer must have", func(a Answer) bool { return a.Header(name) != "" }}
}

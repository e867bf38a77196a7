package suites

import (
	"github.com/onsi/gomega"
)

// dropped is how many requests are left in the middle.
const dropped = 20

// connectionChecks ask for versions of HTTP, and what broken connections leave behind.
func connectionChecks() []Check {
	return []Check{
		{
			ID: "TRN-07", Area: Transport, Level: Must, Spec: rfcVersions, Needs: Needs{HTTPS: true},
			Title: "over https, accepts HTTP/1.1, and HTTP/2 where it offers that, with a certificate that is valid",
			Why:   "it is not documented which version of HTTP the Hub speaks, and every client stops if the certificate is not valid for the host",
			Fix:   "Serve a certificate for the host's name, with its whole chain, over TLS 1.2 or later. If you offer HTTP/2, keep HTTP/1.1 on.", Mend: MendServer,
			Run: everyVersion,
		},
		{
			ID: "TRN-12", Area: Transport, Level: Should, Spec: rfcIncomplete,
			Title: "survives 20 connections that are dropped in the middle of a request",
			Why:   "each request that never ends can hold a worker, a lock or a file for ever",
			Fix:   "Release what a request holds when its body breaks off, and limit the time for reading one.", Mend: MendServer,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				h.FewAtOnce(cutOffs(h, dropped)...)
				for range 3 {
					g.Expect(h.Deliver(OnNewConnection(), Called("after 20 connections were dropped in the middle of a body"))).To(BeAccepted())
				}
			},
		},
	}
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

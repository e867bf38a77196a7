package suites

import (
	"github.com/onsi/gomega"
)

// A flood of forged deliveries comes in waves, over so many connections at once. With
// each wave comes a genuine delivery, and one after the last: so each handler sees
// them in about the same order, however fast it is.
const (
	forgers = 20
	waves   = 10
)

// bearsForgers wants the genuine deliveries accepted. All tell of one repo.
func bearsForgers(g gomega.Gomega, h *Handler) {
	h.Given(h.Deliver())
	index := h.next
	flood := h.aboutRepo(usual, index, WithSecret(h.Secret().shifted(), "with a wrong secret"))
	genuine := h.aboutRepo(usual, index, Called("genuine, among forged ones"))
	refused := 0
	for wave := range waves {
		var deliveries []Delivery
		for i := range forgers {
			deliveries = append(deliveries, flood.at(wave*forgers+i))
		}
		if wave > 0 { // before the first one there is no flood
			deliveries = append(deliveries, genuine.at(waves*forgers+wave))
		}
		answers := h.AtOnce(deliveries...)
		for _, answer := range answers[:forgers] {
			if answer.Refused() {
				refused++
			}
		}
		for _, answer := range answers[forgers:] {
			g.Expect(answer).To(BeAccepted())
		}
		if refused < (wave+1)*forgers {
			// Each wave more could take as long as a sender waits.
			h.Inconclusive("%d of %d forged deliveries were not refused, so that this is no flood of refusals: see SEC-02",
				(wave+1)*forgers-refused, (wave+1)*forgers)
		}
	}
	g.Expect(h.Attempt(genuine.at(waves * forgers))).To(BeAccepted())
}

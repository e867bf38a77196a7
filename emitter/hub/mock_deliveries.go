package hub

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
)

// mockDeliveries lists deliveries, the latest first. Parameters: event, a shape or a
// scope; repo, its name; webhook, the registration's id; webhookId, the header; state;
// q, a text that stands in the payload or in an answer; after and before, numbers of
// deliveries; limit, 100 where left out and 1000 at most. Answer: {"deliveries": […],
// "total": how many are meant}.
func mockDeliveries(c *call) (any, error) {
	p, err := c.query(append([]string{"limit"}, filters...)...)
	if err != nil {
		return nil, err
	}
	q, limit := p.deliveries(), p.limit()
	if p.err != nil {
		return nil, p.err
	}
	list, total := c.hub.listed(q, limit)
	return struct {
		Deliveries []*Delivery `json:"deliveries"`
		Total      int         `json:"total"`
	}{list, total}, nil
}

// listed are the latest deliveries that a query means, and how many it means in all.
func (h *Hub) listed(q Query, limit int) ([]*Delivery, int) {
	list, total := []*Delivery{}, 0
	h.view(func(s *state) {
		for i := len(s.order) - 1; i >= 0 && s.order[i].Number > q.After; i-- {
			if !s.means(&q, s.order[i]) {
				continue
			}
			if total++; len(list) < limit {
				list = append(list, s.order[i])
			}
		}
	})
	return list, total
}

// delivery is the one that the path names, by its id or its number.
func (c *call) delivery() (Delivery, error) {
	if _, err := c.query(); err != nil {
		return Delivery{}, err
	}
	return c.hub.deliveryNamed(c.params["delivery"])
}

func (h *Hub) deliveryNamed(name string) (Delivery, error) {
	var found *Delivery
	h.view(func(s *state) {
		number, known := s.byID[name]
		if !known {
			number, _ = strconv.ParseUint(name, 10, 64)
		}
		found = s.delivery(number)
	})
	if found == nil {
		return Delivery{}, notFound("", "there is no delivery %s, or it is forgotten", inShort(name))
	}
	return *found, nil
}

// deliveryAnswer is a delivery with all that there is to know of it.
type deliveryAnswer struct {
	Delivery
	Payload json.RawMessage `json:"payload"`
	Request shownRequest    `json:"request"`
	Schema  verdict         `json:"schema"`
	Curl    string          `json:"curl"`
	Fixture string          `json:"fixture"` // the payload, indented
}

// mockDelivery answers with a delivery: its own fields, payload, request {method, url,
// header} with the secret masked, schema {valid, problems, …} under the strict reading,
// curl, a command that sends it with $HUBHOOK_SECRET in place of the secret, and
// fixture, the payload as a file for a test.
func mockDelivery(c *call) (any, error) {
	d, err := c.delivery()
	if err != nil {
		return nil, err
	}
	a := deliveryAnswer{Delivery: d, Payload: c.hub.Payload(d), Request: c.hub.requestOf(d)}
	if a.Payload == nil {
		return nil, notFound("", "the payload of delivery %s is forgotten", d.ID)
	}
	if a.Schema, err = c.hub.verdictOf(a.Payload); err != nil {
		return nil, err
	}
	if a.Curl, err = c.hub.curlOf(d, c.hub.Payload(d)); err != nil {
		return nil, err
	}
	a.Fixture, err = fixtureOf(a.Payload)
	return a, err
}

// mockPayload answers with a payload, byte for byte as it was sent.
func mockPayload(c *call) (any, error) {
	d, err := c.delivery()
	if err != nil {
		return nil, err
	}
	return rawText("application/json", string(c.hub.Payload(d))), nil
}

// mockFixture answers with a payload as a file for a test, as "hubhook generate
// --format json" writes it.
func mockFixture(c *call) (any, error) {
	d, err := c.delivery()
	if err != nil {
		return nil, err
	}
	text, err := fixtureOf(c.hub.Payload(d))
	if err != nil {
		return nil, err
	}
	answer := rawText("application/json", text)
	answer.header.Set("Content-Disposition", `attachment; filename="`+fileName(d.Shape)+`.json"`)
	return answer, nil
}

// mockCurl answers with a shell command that sends a delivery to the webhook's URL, with
// $HUBHOOK_SECRET in place of its secret. In a URL, what stands behind a "?" is masked.
func mockCurl(c *call) (any, error) {
	d, err := c.delivery()
	if err != nil {
		return nil, err
	}
	text, err := c.hub.curlOf(d, c.hub.Payload(d))
	return rawText("text/plain; charset=utf-8", text), err
}

// rawText is an answer that a browser shows as text, or saves.
func rawText(contentType, text string) raw {
	return raw{status: http.StatusOK, body: []byte(text), header: http.Header{
		"Content-Type": {contentType}, "X-Content-Type-Options": {"nosniff"},
	}}
}

// fileName is a text as the name of a file: what a shape of somebody else's has in it
// besides is left out.
func fileName(text string) string {
	name := []byte{}
	for _, c := range []byte(text) {
		if c == '.' || c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' {
			name = append(name, c)
		}
	}
	return string(name)
}

// mockReplay attempts a delivery once more, and answers when the handler has: {"attempt":
// {…}}. That the handler gave no complete answer is no error of this call.
func mockReplay(c *call) (any, error) {
	d, err := c.delivery()
	if err != nil {
		return nil, err
	}
	made, err := c.hub.Replay(c.request.Context(), d.Webhook, d.ID)
	return map[string]Attempt{"attempt": made}, err
}

// mockWait waits for a delivery, and answers with the earliest that is meant:
// {"delivery": {…}}. Parameters: those of GET /_mock/v1/deliveries but limit; timeout,
// in our time, 30s where left out and 10m at most, after which it is 408.
func mockWait(c *call) (any, error) {
	p, err := c.query(append([]string{"timeout"}, filters...)...)
	if err != nil {
		return nil, err
	}
	q, timeout := p.deliveries(), p.timeout()
	if p.err != nil {
		return nil, p.err
	}
	ctx, cancel := context.WithTimeout(c.request.Context(), timeout)
	defer cancel()
	found, err := c.hub.WaitFor(ctx, q)
	if err != nil {
		return nil, outOfTime(err, "there was no such delivery within %v", timeout)
	}
	return map[string]Delivery{"delivery": found}, nil
}

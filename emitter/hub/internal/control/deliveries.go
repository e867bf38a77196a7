package control

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/inspect"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// listDeliveries lists deliveries, the latest first. Parameters: event, a shape or a scope; repo,
// its name; webhook, the registration's id; webhookId, the header; state; q, a text in
// the payload or in an answer; after and before, numbers of deliveries; limit, 100 if left out
// and 1000 at most. Answer: {"deliveries": […], "total": how many are meant}.
func listDeliveries(c *call) (any, error) {
	q, limit := c.query.deliveries(), c.query.limit()
	if c.query.err != nil {
		return nil, c.query.err
	}
	list, total := []*activity.Delivery{}, 0
	c.DB.View(func(s *domain.State) {
		for d := range s.Latest(q) {
			if total++; len(list) < limit {
				list = append(list, d)
			}
		}
	})
	return struct {
		Deliveries []*activity.Delivery `json:"deliveries"`
		Total      int                  `json:"total"`
	}{list, total}, nil
}

// ofDelivery returns what serves a call for the delivery that the path names, by its id or
// its number.
func ofDelivery(serve func(*call, activity.Delivery) (any, error)) func(*call) (any, error) {
	return func(c *call) (any, error) {
		var found *activity.Delivery
		name := c.Params["delivery"]
		c.DB.View(func(s *domain.State) {
			if found = s.DeliveryByID(name); found == nil {
				number, _ := strconv.ParseUint(name, 10, 64)
				found = s.Delivery(number)
			}
		})
		if found == nil {
			return nil, problem.NotFound("", "there is no delivery %s, or it is forgotten", problem.Short(name))
		}
		return serve(c, *found)
	}
}

type deliveryResponse struct {
	activity.Delivery
	Payload json.RawMessage `json:"payload"`
	Request inspect.Request `json:"request"`
	Schema  inspect.Verdict `json:"schema"`
	Curl    string          `json:"curl"`
	Fixture string          `json:"fixture"` // the payload, indented
}

// getDelivery answers with a delivery: its own fields, payload, request {method, url,
// header} with the secret masked, schema {valid, problems, …} under the strict reading,
// curl, a command that sends it with $HUBHOOK_SECRET in place of the secret, and
// fixture, the payload as a file for a test.
func getDelivery(c *call, d activity.Delivery) (any, error) {
	a := deliveryResponse{Delivery: d, Payload: c.DB.Payload(d.Number), Request: c.Inspector.Request(d)}
	if a.Payload == nil {
		return nil, problem.NotFound("", "the payload of delivery %s is forgotten", d.ID)
	}
	var err error
	if a.Schema, err = c.Inspector.Verdict(a.Payload); err != nil {
		return nil, err
	}
	if a.Curl, err = c.Inspector.Curl(d, a.Payload); err != nil {
		return nil, err
	}
	a.Fixture, err = inspect.Fixture(a.Payload)
	return a, err
}

// getPayload answers with a payload, byte for byte as it was sent.
func getPayload(c *call, d activity.Delivery) (any, error) {
	return rawText("application/json", string(c.DB.Payload(d.Number))), nil
}

// getFixture answers with a payload as a file for a test, as "hubhook generate
// --format json" writes it.
func getFixture(c *call, d activity.Delivery) (any, error) {
	text, err := inspect.Fixture(c.DB.Payload(d.Number))
	if err != nil {
		return nil, err
	}
	response := rawText("application/json", text)
	response.Header.Set("Content-Disposition", `attachment; filename="`+inspect.FileName(d.Shape)+`.json"`)
	return response, nil
}

// getCurl answers with a shell command that sends a delivery to the webhook's URL, with
// $HUBHOOK_SECRET in place of its secret. The query of a URL is masked.
func getCurl(c *call, d activity.Delivery) (any, error) {
	text, err := c.Inspector.Curl(d, c.DB.Payload(d.Number))
	return rawText("text/plain; charset=utf-8", text), err
}

func rawText(contentType, text string) router.Raw {
	return router.Raw{Status: http.StatusOK, Body: []byte(text), Header: http.Header{
		"Content-Type": {contentType}, "X-Content-Type-Options": {"nosniff"},
	}}
}

// replay attempts a delivery once more, and answers when the handler has: {"attempt":
// {…}}. That the handler gave no complete answer is no error of this call.
func replay(c *call, d activity.Delivery) (any, error) {
	made, err := c.Dispatcher.Replay(c.Request.Context(), d.RegistrationID, d.ID)
	return map[string]activity.Attempt{"attempt": made}, err
}

// waitForDelivery waits for a delivery, and answers with the earliest that is meant:
// {"delivery": {…}}. Parameters: those of GET /_mock/v1/deliveries but limit; timeout,
// in our time, 30s if left out and 10m at most, after which it is 408.
func waitForDelivery(c *call) (any, error) {
	q, timeout := c.query.deliveries(), c.query.timeout()
	if c.query.err != nil {
		return nil, c.query.err
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), timeout)
	defer cancel()
	found, err := c.WaitFor(ctx, q)
	if err != nil {
		return nil, outOfTime(err, "there was no such delivery within %v", timeout)
	}
	return map[string]activity.Delivery{"delivery": found}, nil
}

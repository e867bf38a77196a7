package control

import (
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
	"io"
)

type triggerAnswer struct {
	Deliveries []activity.Delivery `json:"deliveries"`
	Reason     string              `json:"reason,omitempty"` // why there are none
}

// trigger makes something happen. Body: {"shape", "repo"?, "type"?, "num"?, "webhook"?, "count"?,
// "private"?}; see Trigger. Answer: {"deliveries": […], "reason"?: why there are none}.
func trigger(c *call) (any, error) {
	var t activity.Trigger
	if err := c.readKnown(&t); err != nil {
		return nil, err
	}
	made, err := c.Scenario.Trigger(c.Origin(), t)
	if err != nil {
		return nil, err
	}
	if len(made) == 0 {
		return triggerAnswer{[]activity.Delivery{}, "it happened, but no webhook that is enabled watches the repo and has the event's domain"}, nil
	}
	return triggerAnswer{Deliveries: made}, nil
}

// maxPayload is how long a payload may be that is adopted, in bytes. The longest that
// the Hub sends, with 10,000 files of a bucket, has about 1.5 MB.
const maxPayload = 4 << 20

// importPayload takes in what a payload says: see Hub.ImportPayload. The body is the payload.
// Answer: {"success": true}.
func importPayload(c *call) (any, error) {
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return nil, router.BodyProblem(err)
	}
	return map[string]bool{"success": true}, c.Scenario.Import(body)
}

package hub

import "github.com/hubhook/hubhook/emitter/hub/activity"

// Types of package activity, by the names that most programs need.
type (
	Webhook  = activity.Webhook
	Watched  = activity.Watched
	Trigger  = activity.Trigger
	Query    = activity.Query
	Delivery = activity.Delivery
	Attempt  = activity.Attempt
	Call     = activity.Call
)

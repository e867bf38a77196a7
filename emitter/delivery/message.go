package delivery

import (
	"strings"

	"github.com/tidwall/gjson"
)

// Message is one delivery, to be sent or to be written down.
type Message struct {
	Shape string // of the payload: "discussion.comment.create", "repo.config.dois.minted"
	ID    string // its Webhook-Id
	Body  []byte // the payload, compact JSON without a newline
}

// ShapeOf reads the shape off the event of a payload; it is empty where there is
// none.
func ShapeOf(body []byte) string {
	scope, action := gjson.GetBytes(body, "event.scope"), gjson.GetBytes(body, "event.action")
	if scope.Type != gjson.String || action.Type != gjson.String || scope.Str == "" || action.Str == "" {
		return ""
	}
	return scope.Str + "." + action.Str
}

// ResolvedShape is that of the payload, where the message names one that stands for many
// ("repo.config.*") or none.
func (m Message) ResolvedShape() string {
	if m.Shape == "" || strings.HasSuffix(m.Shape, "*") {
		return ShapeOf(m.Body)
	}
	return m.Shape
}

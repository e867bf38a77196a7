package api

import (
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// whoAmI returns the user of a token (WhoAmIUser of the official JavaScript client). Clients
// only write with the role "write".
func whoAmI(c *call) (any, error) {
	return map[string]any{
		"type": "user", "id": domain.UserID(c.User), "name": c.User, "fullname": c.User,
		"email": c.User + "@hub.invalid", "emailVerified": true, "canPay": false, "isPro": false,
		"avatarUrl": avatarURL(c.URL, c.User), "orgs": []any{}, "periodEnd": nil, "billingMode": "postpaid",
		"auth": map[string]any{
			"type": "access_token",
			"accessToken": map[string]string{
				"displayName": "hubhook", "role": "write", "createdAt": domain.FormatTime(c.DB.Now()),
			},
		},
	}, nil
}

func avatarURL(hub, user string) string { return hub + "/avatars/" + domain.UserID(user) + ".svg" }

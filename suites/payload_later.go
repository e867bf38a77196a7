package suites

import (
	"strings"

	"github.com/onsi/gomega"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// laterType is a type of repo that handlers do not know: webhooks can watch kernels
// already (OpenAPI of the Hub), and no payload of one is documented.
const laterType = "kernel"

// laterPayloads are those of a time to come: the version of payloads rises with
// breaking changes only, so that all else comes without notice.
func laterPayloads() []Check {
	common := acknowledged(Should, fixOpenTypes, ExampleModel)
	common.Why = "the Hub adds types, statuses and settings without notice, and raises the version only for breaking changes; a handler that refuses what is new gets it again, and in the end its webhook is suspended"
	checks := rows(common, "PAY-17", docPayload, []entry{
		{"accepts a type of repo that it does not know", func(g gomega.Gomega, h *Handler) {
			for _, shape := range []string{"repo.create", UsualShape} {
				g.Expect(h.Deliver(WithShape(shape), rewritten(ofLaterType, "of a "+laterType))).To(BeAccepted())
			}
		}},
		accepted("accepts a status that it does not know", WithShape("discussion.update"), WithProperty("discussion.status", "locked"), Describe("with the status locked")),
		accepted("accepts a setting that it does not know, whatever its type", WithShape("repo.config.update"),
			WithProperty("updatedConfig", map[string]any{"visibility": "protected", "storageRegions": []string{"eu", "us"}}),
			Describe("with the settings visibility and storageRegions")),
	})
	checks[0] = ofType(laterType, checks[0])

	open := acknowledged(Must, "Read what you need and ignore the rest: remove additionalProperties: false (JSON Schema), extra=\"forbid\" (Pydantic), .strict() (Zod), DisallowUnknownFields (Go).", ExampleModel)
	documented := open
	documented.Level = Should
	checks = append(checks,
		single(open, "PAY-09", docPayload, "accepts properties that it does not know", func(g gomega.Gomega, h *Handler) {
			for _, at := range []string{"", "event.", "repo.", "repo.owner.", "discussion.", "comment.", "webhook."} {
				g.Expect(h.Deliver(WithShape("discussion.comment.create"), WithProperty(at+"addedLater", map[string]any{"by": "the Hub"}),
					Describe("with the property "+at+"addedLater"))).To(BeAccepted())
			}
		}),
		single(common, "PAY-18", docPayload, "accepts a higher webhook.version", func(g gomega.Gomega, h *Handler) {
			g.Expect(h.Deliver(WithProperty("webhook.version", 4), Describe("with webhook.version 4"))).To(BeAccepted())
		}),
	)
	return append(checks, rows(documented, "PAY-25", docPayload, []entry{
		accepted("accepts repo.tags, which the Hub's documentation had until March 2026", WithShape("repo.update"),
			WithProperty("repo.tags", []string{"license:other", "has_space"}), Describe("with repo.tags")),
		accepted("accepts discussion.pinned, which the Hub's client knows", WithShape("discussion.update"),
			WithProperty("discussion.pinned", true), Describe("of a pinned discussion")),
	})...)
}

// ofLaterType tells of a repo of a type to come, in its URLs too: they have the type
// between the host and the name, as those of all types but models do.
func ofLaterType(body []byte) []byte {
	repo := gjson.GetBytes(body, "repo")
	name := repo.Get("name").String()
	host, _, _ := strings.Cut(repo.Get("url.api").String(), "/api/")
	for path, value := range map[string]string{
		"repo.type":    laterType,
		"repo.url.web": host + "/" + laterType + "s/" + name,
		"repo.url.api": host + "/api/" + laterType + "s/" + name,
	} {
		if changed, err := sjson.SetBytes(body, path, value); err == nil {
			body = changed
		}
	}
	return body
}

package catalogue

import (
	"strings"

	"github.com/onsi/gomega"
	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"

	"github.com/hubhook/hubhook/suites/check"
)

// futureType is a repo type that handlers do not know: webhooks can watch kernels already
// (OpenAPI of the Hub), but no payload of one is documented.
const futureType = "kernel"

// futureChecks returns the checks of what the Hub may add: the version of payloads rises only
// with breaking changes, so everything else comes without notice.
func futureChecks() []check.Check {
	common := mustAccept(check.Should, fixOpenTypes, check.ExampleModel)
	common.Why = "the Hub adds types, statuses and settings without notice, and raises the version only for breaking changes; a handler that refuses what is new gets it again, and in the end its webhook is suspended"
	checks := table(common, docPayload, []row{
		{id: "PAY-17a", title: "accepts a type of repo that it does not know", repoType: futureType, run: acceptsShapes(
			[]string{"repo.create", check.UsualShape}, check.WithRewrite(ofFutureType), check.Describe("of a "+futureType))},
		accepts("PAY-17b", "accepts a status that it does not know", check.WithShape("discussion.update"), check.WithProperty("discussion.status", "locked"), check.Describe("with the status locked")),
		accepts("PAY-17c", "accepts a setting that it does not know, whatever its type", check.WithShape("repo.config.update"),
			check.WithProperty("updatedConfig", map[string]any{"visibility": "protected", "storageRegions": []string{"eu", "us"}}),
			check.Describe("with the settings visibility and storageRegions")),
	})

	open := mustAccept(check.Must, "Read what you need and ignore the rest: remove additionalProperties: false (JSON Schema), extra=\"forbid\" (Pydantic), .strict() (Zod), DisallowUnknownFields (Go).", check.ExampleModel)
	documented := open
	documented.Level = check.Should
	checks = append(checks,
		single(open, "PAY-09", docPayload, "accepts properties that it does not know", func(g gomega.Gomega, h *check.Handler) {
			for _, at := range []string{"", "event.", "repo.", "repo.owner.", "discussion.", "comment.", "webhook."} {
				g.Expect(h.Deliver(check.WithShape("discussion.comment.create"), check.WithProperty(at+"addedLater", map[string]any{"by": "the Hub"}),
					check.Describe("with the property "+at+"addedLater"))).To(check.BeAccepted())
			}
		}),
		single(common, "PAY-18", docPayload, "accepts a higher webhook.version",
			acceptsOne(check.WithProperty("webhook.version", 4), check.Describe("with webhook.version 4"))),
	)
	return append(checks, table(documented, docPayload, []row{
		accepts("PAY-25a", "accepts repo.tags, which the Hub's documentation had until March 2026", check.WithShape("repo.update"),
			check.WithProperty("repo.tags", []string{"license:other", "has_space"}), check.Describe("with repo.tags")),
		accepts("PAY-25b", "accepts discussion.pinned, which the Hub's client knows", check.WithShape("discussion.update"),
			check.WithProperty("discussion.pinned", true), check.Describe("of a pinned discussion")),
	})...)
}

// ofFutureType makes the repo one of futureType, in its URLs too: they have the type between
// the host and the name, as for all types except models.
func ofFutureType(body []byte) []byte {
	repo := gjson.GetBytes(body, "repo")
	name := repo.Get("name").String()
	host, _, _ := strings.Cut(repo.Get("url.api").String(), "/api/")
	for path, value := range map[string]string{
		"repo.type":    futureType,
		"repo.url.web": host + "/" + futureType + "s/" + name,
		"repo.url.api": host + "/api/" + futureType + "s/" + name,
	} {
		if changed, err := sjson.SetBytes(body, path, value); err == nil {
			body = changed
		}
	}
	return body
}

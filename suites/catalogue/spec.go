package catalogue

// URLs of the texts that ask for something.
const (
	hubDocs = "https://huggingface.co/docs/hub/webhooks#"

	docSecret    = hubDocs + "webhook-secret"
	docPayload   = hubDocs + "webhook-payload"
	docEvent     = hubDocs + "event"
	docRepo      = hubDocs + "repository"
	docDiscuss   = hubDocs + "discussions-and-pull-requests"
	docComment   = hubDocs + "comment"
	docConfig    = hubDocs + "config-changes"
	docCode      = hubDocs + "code-changes"
	docDelivery  = hubDocs + "delivery-and-retries"
	docRateLimit = hubDocs + "rate-limits"

	rfcFieldNames  = "https://www.rfc-editor.org/rfc/rfc9110#section-5.1"
	rfcFieldValues = "https://www.rfc-editor.org/rfc/rfc9110#section-5.5"
	rfcExpect      = "https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1"
	rfcCoding      = "https://www.rfc-editor.org/rfc/rfc9110#section-8.4"
	rfcVersions    = "https://www.rfc-editor.org/rfc/rfc9110#section-2.5"
	rfcIncomplete  = "https://www.rfc-editor.org/rfc/rfc9112#section-8"
	rfcMethods     = "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6"
	rfcJSON        = "https://www.rfc-editor.org/rfc/rfc8259#section-8"
	rfcLimits      = "https://www.rfc-editor.org/rfc/rfc8259#section-9"
	rfcMediaType   = "https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1"
	rfcChunked     = "https://www.rfc-editor.org/rfc/rfc9112#section-7.1"
	rfcPersist     = "https://www.rfc-editor.org/rfc/rfc9112#section-9.3"
	rfcExtend      = "https://www.rfc-editor.org/rfc/rfc9110#section-5.1-5"
	rfcNumbers     = "https://www.rfc-editor.org/rfc/rfc8259#section-6"
	rfcRetryAfter  = "https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3"
)

// SpecSummary returns what a text asks of handlers, or promises them, in one or two sentences
// of ours. The text is given by its URL, as in Check.Spec; the summary of an unknown one is
// empty.
func SpecSummary(spec string) string { return specSummaries()[spec] }

// specSummaries returns summaries by URL. Those of the Hub are paraphrased from its page on
// webhooks, the others from RFC 8259 (JSON), 9110 (HTTP) and 9112 (HTTP/1.1).
func specSummaries() map[string]string {
	return map[string]string{
		docSecret: "The secret of a webhook is sent with every delivery, verbatim, in the header X-Webhook-Secret; it is printable ASCII. " +
			"It may stand in the URL instead, as ?secret=… There is no signature, so this value is all that tells the Hub from anybody else.",
		docPayload: "A payload is a JSON object that says what happened (event), to which repo, and for which webhook; what else it holds depends on the event. " +
			"webhook.version rises on breaking changes alone, so properties may be added without notice.",
		docEvent: "An event is a scope and an action. More scopes may come, narrower ones of those that there are: " +
			"any action on such a scope, as on repo.config.dois, may be taken for an update on the broader one, here repo.config.",
		docRepo: "repo says its type (model, dataset, space or bucket), its name, id, owner, visibility and URLs. " +
			"headSha comes only where the scope begins with repo, and never for a bucket, which has files but no commits. Old canonical repos have a name without a namespace.",
		docDiscuss: "discussion says its title, number, author and status (open, closed, merged or draft), and whether it is a pull request; " +
			"changes stands there for pull requests alone, with mergeCommitId once merged. comment comes with it where one was written.",
		docComment: "comment says its id, author and URL, and whether it is hidden; the content of a hidden one is left out. " +
			"It is there where a comment was written or changed, a new discussion's first one included.",
		docConfig: "updatedConfig tells of changed settings: {\"private\": true or false}, " +
			"or an empty object if the Hub does not tell of the changed setting yet.",
		docCode: "updatedRefs lists every branch, tag and pull request reference that changed: ref, oldSha (null if it was created) and newSha (null if it was deleted). " +
			"A bucket has updatedFiles instead: path and action (add or delete), with xetHash and size on add alone. " +
			"Above 10,000 files the list is cut off, and updatedFilesTruncated is true.",
		docDelivery: "Any 2xx answer is success; anything else, and no answer in time, is a failed delivery, which is sent again later and counts towards the suspension of the webhook. " +
			"Webhook-Id is the same for all attempts at one delivery. Order is not guaranteed, and slow work belongs after the answer.",
		docRateLimit: "A webhook may be triggered 1,000 times in 24 hours, more on request. " +
			"Nothing spreads these over the day: a script that pushes uses them up in minutes.",

		rfcFieldNames:  "Names of header fields are case-insensitive: x-webhook-secret and X-WEBHOOK-SECRET are the same field.",
		rfcFieldValues: "A header's value is meant to be visible ASCII; other bytes may come, and are to be taken as they are, as opaque data. CR, LF and NUL are invalid in one and to be refused or replaced.",
		rfcExtend:      "New header fields may be added at any time, by the sender and by every intermediary; a recipient that does not know one ignores it.",
		rfcMethods:     "405 Method Not Allowed answers a method that the resource does not support, and has to list those that it does in Allow.",
		rfcMediaType:   "A media type may be followed by parameters, such as charset; its type, its subtype and the names of parameters have no case.",
		rfcCoding:      "Content-Encoding says how a body was compressed. A server that cannot undo it may answer 415, so that the sender knows.",
		rfcExpect:      "Expect: 100-continue asks whether the body is wanted before it is sent. A server answers 100, or with its final status at once.",
		rfcVersions:    "A server speaks the versions of HTTP that it offers, and each of them as its own text says; what a request means is the same in all of them.",
		rfcRetryAfter:  "Retry-After says how long to wait before coming again, in seconds or as a date. It goes with 503 (Service Unavailable), and with 429 (Too Many Requests) as well.",
		rfcIncomplete:  "A message is complete only when as many bytes came as Content-Length says, or its last chunk; one that the connection cut off is incomplete. How many pieces the network makes of it means nothing.",
		rfcChunked:     "A recipient has to be able to parse a chunked body: one that comes in pieces, each with its length, without a Content-Length in front.",
		rfcPersist:     "Connections persist: any number of requests may follow one another on the same one, and either side may close it between two of them.",
		rfcLimits:      "A parser may limit how deep JSON is nested, and how long it is: what is beyond is refused, and is no reason to go down.",
		rfcJSON:        "JSON between systems is UTF-8, without a byte order mark. Any Unicode character may stand in a string, be it as it is or escaped; what is not well-formed behaves differently from parser to parser.",
		rfcNumbers:     "A number has no limits but those of whoever reads it. Integers up to 2^53 mean the same to nearly everybody; 32 bits are not enough.",
	}
}

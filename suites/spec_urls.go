package suites

// Where the requirements stand.
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

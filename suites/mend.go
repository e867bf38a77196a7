package suites

// Mend names a piece of code that shows how something is done right. The right
// handlers in several languages mark these pieces, so that what is shown is what
// was seen to pass.
type Mend string

// The pieces that there are.
const (
	MendSecret      Mend = "secret"       // a comparison in constant time, of exactly one header
	MendRefuse      Mend = "refuse"       // before anything else is done; nothing is repeated
	MendQuerySecret Mend = "query-secret" // the secret in the URL
	MendScope       Mend = "scope"        // the walk up to a scope that is known
	MendAcknowledge Mend = "acknowledge"  // 2xx to whatever is an object; what is not known is ignored
	MendIdempotency Mend = "idempotency"  // one act for each Webhook-Id
	MendAnswerFirst Mend = "answer-first" // 2xx at once, the work afterwards
	MendParse       Mend = "parse"        // an open reading, of objects only
	MendModel       Mend = "model"        // types that take what comes later
	MendOptional    Mend = "optional"     // properties that can be missing or null
	MendBodyLimit   Mend = "body-limit"   // how long a body may be
	MendMethod      Mend = "method"       // 405 with Allow
	MendEncoding    Mend = "encoding"     // Content-Type and Content-Encoding
	MendOverload    Mend = "overload"     // a bounded queue, 503 with Retry-After
	MendServer      Mend = "server"       // time-outs, connections
	MendRestart     Mend = "restart"      // ids that outlive the process
)

package hub

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"reflect"
	"strings"
	"time"
	"unicode"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/internal/control"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/schemas"
)

// Options configure a Hub. The zero value works: in memory, in real time, without faults.
type Options struct {
	// DB names an SQLite database file, which is created if missing. If empty, everything is
	// in memory, and lost when the Hub closes.
	DB string
	// URL is where clients reach the Hub; payloads have it. If empty, it is taken from each
	// request's Host.
	URL string
	// Hosts may stand in a request's Host besides loopback addresses and that of
	// URL. A browser that was led to the Hub under another name is refused.
	Hosts []string
	// Token is the only token that is accepted. The page asks for it as a password. If empty,
	// any token is accepted, and the page is open.
	Token string
	// User is the user of any token that Users does not name; DefaultUser if empty.
	User string
	// Users are the users of some tokens, by token.
	Users map[string]string
	// Webhooks are registered when the Hub starts, unless another has the same URL, as after
	// a restart with a database.
	Webhooks []Webhook
	// Strict rejects calls with 400 if the official sources disagree on them.
	Strict bool
	// AutoCreate creates missing repos and discussions on demand. A handler that was sent
	// payloads of a Hub that it cannot reach finds here what they name.
	AutoCreate bool

	Seed    uint64       // of ids, jitter and faults; drawn if zero
	Schemas *schemas.Set // the embedded ones if nil
	Log     *slog.Logger // what goes wrong here; nowhere if nil
	// Changed is called for each delivery that is created, attempted or suppressed, one after
	// another. It may read from the Hub (Hub.WebhookName), but must not wait for it.
	Changed func(Delivery)

	Start     time.Time // when it is on the Hub at first; ours if zero
	TimeScale float64   // how many times as fast as ours time passes; 1 if zero
	Frozen    bool      // time only passes by Advance

	// Deliveries. What is not called an assumption is documented for the Hub.
	Quota        int              // triggers of a webhook in 24 hours; DefaultQuota if zero
	OverQuota    OverQuota        // what becomes of triggers beyond it
	QuotaCounts  QuotaCounts      // what counts towards it
	Retries      delivery.Retries // delivery.AssumedRetries if zero
	NoRetries    bool             // a delivery that failed is not tried again
	SuspendAfter int              // failed attempts in a row; DefaultSuspendAfter if zero, never if negative
	Timeout      time.Duration    // for an answer, in our time; delivery.AttemptTimeout if zero
	Redirects    bool             // are followed; assumed: they are not, and fail
	UserAgent    string           // delivery.UserAgent if empty, an assumption
	ContentType  string           // delivery.ContentType if empty, an assumption
	Chunked      bool             // without Content-Length; assumed: with it
	IDForm       IDForm           // of Webhook-Id; assumed: a UUID
	Route        delivery.Route   // how handlers are reached
	Concurrency  int              // attempts at once for each webhook; DefaultConcurrency if zero
	Faults       Faults           // none if zero

	// JobCommand is run for a webhook that runs a Job, with the Job's environment;
	// if empty, the environment is recorded and no more.
	JobCommand []string
	JobRepoID  JobRepoID // what WEBHOOK_REPO_ID holds there; JobRepoName if empty

	// What is kept: deliveries that are done, of which the oldest go first, and of
	// each repo the last commits.
	KeepDeliveries int           // DefaultKeepDeliveries if zero
	KeepFor        time.Duration // DefaultKeepFor if zero
	KeepBytes      int64         // of all payloads; DefaultKeepBytes if zero
	KeepCommits    int           // DefaultKeepCommits if zero
	KeepCalls      int           // API calls that are remembered, in memory; DefaultKeepCalls if zero

	maxStored int64                               // MaxStored if zero
	wrap      func(domain.Records) domain.Records // of the database; nil is allowed
}

// Defaults.
const (
	DefaultUser  = "mock-user" // of any token
	DefaultQuota = delivery.DailyQuota
	// DefaultSuspendAfter is an assumption; that a webhook whose deliveries keep failing
	// is suspended is documented (hub docs, September 2026). With five retries it is
	// five deliveries given up.
	DefaultSuspendAfter   = 30
	DefaultConcurrency    = 32                  // attempts at once; an assumption
	DefaultKeepDeliveries = 10_000              // that are done
	DefaultKeepFor        = 30 * 24 * time.Hour // from the event on, by the clock of the Hub
	DefaultKeepBytes      = 256 << 20           // one of a bucket can have a million and a half
	DefaultKeepCommits    = 1000                // of each repo, the latest
	DefaultKeepCalls      = 1000                // of the API, the latest
)

// OverQuota says what becomes of a trigger beyond the quota.
type OverQuota string

// Only the limit is documented; withholding is an assumption.
const (
	Withhold OverQuota = "withhold" // shown in the activity, not delivered
	Deliver  OverQuota = "deliver"  // delivered all the same
)

// QuotaCounts says what counts towards the quota.
type QuotaCounts string

// The documented limit counts triggers (hub docs, "Rate limit"); that retries don't count is an assumption.
const (
	CountTriggers QuotaCounts = "triggers" // once, however often it is attempted
	CountAttempts QuotaCounts = "attempts" // retries and replays too
)

// IDForm is the form of Webhook-Id, of which only uniqueness is documented.
type IDForm string

// The forms.
const (
	FormUUID     IDForm = "uuid"     // RFC 9562, version 4
	FormObjectID IDForm = "objectid" // 24 hex digits, as the Hub's other ids
)

// JobRepoID says what WEBHOOK_REPO_ID holds.
type JobRepoID string

// What the Hub calls a repo's id elsewhere is its name, which is assumed.
const (
	JobRepoName     JobRepoID = "name" // owner/name
	JobRepoObjectID JobRepoID = "id"   // 24 hex digits
)

// completed sets defaults, and returns an error for invalid options.
func (o Options) completed() (Options, error) {
	if o.Seed == 0 {
		o.Seed = rand.Uint64()>>1 | 1
	}
	if o.Schemas == nil {
		set, err := schemas.Load(schemas.Options{})
		if err != nil {
			return o, err
		}
		o.Schemas = set
	}
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	o.User = cmp.Or(o.User, DefaultUser)
	o.TimeScale = cmp.Or(o.TimeScale, 1)
	if o.Frozen {
		o.TimeScale = 0
	}
	switch {
	case o.NoRetries:
		o.Retries = delivery.Retries{}
	case len(o.Retries.Waits) == 0:
		o.Retries = delivery.AssumedRetries()
	}
	o.Quota = cmp.Or(o.Quota, DefaultQuota)
	o.OverQuota = cmp.Or(o.OverQuota, Withhold)
	o.QuotaCounts = cmp.Or(o.QuotaCounts, CountTriggers)
	o.SuspendAfter = cmp.Or(o.SuspendAfter, DefaultSuspendAfter)
	o.Timeout = cmp.Or(o.Timeout, delivery.AttemptTimeout)
	o.UserAgent = cmp.Or(o.UserAgent, delivery.UserAgent)
	o.ContentType = cmp.Or(o.ContentType, delivery.ContentType)
	o.IDForm = cmp.Or(o.IDForm, FormUUID)
	o.JobRepoID = cmp.Or(o.JobRepoID, JobRepoName)
	o.Concurrency = cmp.Or(o.Concurrency, DefaultConcurrency)
	o.KeepDeliveries = cmp.Or(o.KeepDeliveries, DefaultKeepDeliveries)
	o.KeepFor = cmp.Or(o.KeepFor, DefaultKeepFor)
	o.KeepBytes = cmp.Or(o.KeepBytes, DefaultKeepBytes)
	o.KeepCommits = cmp.Or(o.KeepCommits, DefaultKeepCommits)
	o.KeepCalls = cmp.Or(o.KeepCalls, DefaultKeepCalls)
	o.maxStored = cmp.Or(o.maxStored, domain.MaxStored)
	return o, o.check()
}

func (o *Options) check() error {
	if o.URL != "" {
		if u, err := url.Parse(o.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" ||
			u.Path != "" || u.RawQuery != "" || u.User != nil {
			return errors.New("the Hub's own URL is http://HOST:PORT or https://HOST, and no more")
		}
	}
	for _, limit := range []struct {
		what string
		n    int
	}{
		{"the quota", o.Quota}, {"the number of attempts at once", o.Concurrency},
		{"the number of deliveries that are kept", o.KeepDeliveries}, {"the number of commits that are kept", o.KeepCommits},
		{"the number of calls that are kept", o.KeepCalls},
	} {
		if limit.n < 0 {
			return fmt.Errorf("%s is %d, and must not be negative", limit.what, limit.n)
		}
	}
	if o.TimeScale < 0 || o.Timeout < 0 || o.KeepFor < 0 || o.KeepBytes < 0 {
		return errors.New("time-scale, time-out and age must not be negative")
	}
	if err := cmp.Or(
		problem.OneOf("what becomes of triggers beyond the quota", o.OverQuota, Withhold, Deliver),
		problem.OneOf("what counts towards the quota", o.QuotaCounts, CountTriggers, CountAttempts),
		problem.OneOf("the form of Webhook-Id", o.IDForm, FormUUID, FormObjectID),
		problem.OneOf("what WEBHOOK_REPO_ID holds", o.JobRepoID, JobRepoName, JobRepoObjectID),
	); err != nil {
		return err
	}
	if !domain.NewName.MatchString(o.User) {
		return fmt.Errorf("the user cannot be named %q: a name is of letters, digits, '-', '_' and '.'", problem.Short(o.User))
	}
	for _, field := range []struct{ name, value string }{{"User-Agent", o.UserAgent}, {"Content-Type", o.ContentType}} {
		if strings.ContainsFunc(field.value, unicode.IsControl) {
			return fmt.Errorf("%s cannot be %q: a header has no line breaks, nor other control characters", field.name,
				problem.Short(field.value))
		}
	}
	return o.Faults.check()
}

// inForce returns the options in the order in which /_mock/v1 lists them.
func (o *Options) inForce() []control.Option {
	return append([]control.Option{
		{Name: "url", Value: o.URL, About: "begins the URLs in payloads; where empty, it is taken from each request"},
		{Name: "database", Value: o.DB != "", About: "whether there is one; otherwise all is in memory"},
		{Name: "user", Value: o.User, About: "the user of any token"},
		{Name: "token", Value: o.Token != "", About: "whether the Hub asks for its own"},
		{Name: "strict", Value: o.Strict, About: "whether a call is refused on which the official sources disagree"},
		{Name: "imagine", Value: o.AutoCreate, About: "whether repos and discussions are there when they are asked for"},
		{Name: "timeScale", Value: o.TimeScale, About: "how many times as fast as ours time passes; 0: it stands still"},

		{Name: "quota", Value: o.Quota, About: "triggers of a webhook in 24 hours"},
		{Name: "overQuota", Value: o.OverQuota, About: "what becomes of triggers beyond it", Assumed: true},
		{Name: "quotaCounts", Value: o.QuotaCounts, About: "what counts towards it", Assumed: true},
		{Name: "retries", Value: o.Retries.String(), About: "the waits before each retry", Assumed: true},
		{Name: "jitter", Value: o.Retries.Jitter, About: "how much chance adds to them or takes away, as a part",
			Assumed: true},
		{Name: "suspendAfter", Value: o.SuspendAfter, About: "failed attempts in a row; never where negative", Assumed: true},
		{Name: "timeout", Value: o.Timeout.String(), About: "for an answer"},
		{Name: "redirects", Value: o.Redirects, About: "whether they are followed", Assumed: true},
		{Name: "userAgent", Value: o.UserAgent, About: "of deliveries", Assumed: true},
		{Name: "contentType", Value: o.ContentType, About: "of deliveries", Assumed: true},
		{Name: "chunked", Value: o.Chunked, About: "whether deliveries have no Content-Length", Assumed: true},
		{Name: "idForm", Value: o.IDForm, About: "the form of " + delivery.IDHeader, Assumed: true},
		{Name: "concurrency", Value: o.Concurrency, About: "attempts at once for each webhook", Assumed: true},
		{Name: "jobCommand", Value: len(o.JobCommand) > 0, About: "whether a command is run for a webhook that runs a Job"},
		{Name: "jobRepoId", Value: o.JobRepoID, About: "what WEBHOOK_REPO_ID holds", Assumed: true},

		{Name: "keepDeliveries", Value: o.KeepDeliveries, About: "deliveries that are kept when they are done"},
		{Name: "keepFor", Value: o.KeepFor.String(), About: "how long they are kept"},
		{Name: "keepCommits", Value: o.KeepCommits, About: "commits of each repo that are kept"},
		{Name: "keepCalls", Value: o.KeepCalls, About: "API calls that are kept"},
	}, o.Faults.inForce()...)
}

// inForce returns the faults, which the Hub has on purpose.
func (f *Faults) inForce() (list []control.Option) {
	for _, kind := range faultKinds() {
		value := reflect.ValueOf(kind.at(f)).Elem().Interface()
		if delay, is := value.(time.Duration); is {
			value = delay.String()
		}
		list = append(list, control.Option{Name: "fault." + kind.option, Value: value, About: kind.about})
	}
	return list
}

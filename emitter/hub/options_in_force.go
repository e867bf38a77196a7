package hub

import (
	"reflect"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/internal/control"
)

// inForce returns the options, those first that are asked for most.
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

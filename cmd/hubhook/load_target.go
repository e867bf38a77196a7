package main

import (
	"crypto/rand"
	"errors"
	"net/url"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// loadTarget is the handler that deliveries go to.
type loadTarget struct {
	to      emitter.Destination
	route   emitter.Route
	proxy   *url.URL
	secret  string
	mask    *suites.Mask
	builtIn *handlers.Server
}

// target is the handler that was named, or the built-in one, which is to be closed.
func (f *loadFlags) target(args []string) (*loadTarget, error) {
	t := &loadTarget{mask: suites.NewMask("")}
	err := t.find(f, args)
	if err != nil {
		t.close()
		return nil, err
	}
	t.mask.HideURL(t.to.URL)
	hideHeaders(t.mask, t.to.Header)
	return t, nil
}

func (t *loadTarget) find(f *loadFlags, args []string) (err error) {
	t.to.SecretIn = emitter.SecretIn(f.secret.in)
	if err := t.to.SecretIn.Check(); err != nil {
		return err
	}
	if t.to.Header, err = parseHeaders(f.headers); err != nil {
		return err
	}
	if t.route, err = f.route.route(); err != nil {
		return err
	}
	if f.proxy != "" {
		if t.proxy, err = emitter.ParseURL("--proxy", f.proxy); err != nil {
			return err
		}
		t.mask.HideURL(t.proxy)
	}
	if len(args) == 0 {
		return t.start(f)
	}
	if t.to.URL, err = emitter.ParseURL("the handler's URL", args[0]); err != nil {
		return err
	}
	return t.settle(f)
}

// settle finds out the secret.
func (t *loadTarget) settle(f *loadFlags) error {
	if err := f.secret.takeFrom(t.to.URL); err != nil {
		return err
	}
	if t.secret = f.secret.value(); t.secret == "" && f.plan.webhooks != "" {
		return nil // whose secrets stand in a file
	}
	return f.secret.check()
}

// start starts the right handler, with a secret that nobody else knows.
func (t *loadTarget) start(f *loadFlags) (err error) {
	if f.route.unix != "" {
		return errors.New("--unix says how the handler at a URL is reached, and there is none: name it too, such as http://localhost/webhook")
	}
	if t.secret = f.secret.value(); t.secret == "" && t.to.SecretIn != emitter.InNone {
		t.secret = rand.Text()
	}
	t.builtIn, err = handlers.Start("127.0.0.1:0", handlers.Options{Secret: t.secret, SecretIn: f.secret.in})
	if err != nil {
		return err
	}
	t.to.URL, err = url.Parse(t.builtIn.URL)
	return err
}

// hide hides secrets from now on.
func (t *loadTarget) hide(secrets []string) {
	for _, secret := range secrets {
		t.mask.Hide(secret)
	}
}

func (t *loadTarget) close() {
	if t.builtIn != nil {
		t.builtIn.Close()
	}
}

// describe says in a report who was sent to, and hides what is secret in it.
func (t *loadTarget) describe(l *reports.Load) {
	l.Tool = reports.Tool{Name: "hubhook", Version: version()}
	if t.builtIn != nil {
		l.Cost = reports.LoadCost{} // which is the handler's, too
	}
	l.Target.URL = t.mask.Text(t.to.URL.Redacted())
	for i := range l.Faults {
		l.Faults[i].Example = t.mask.Text(l.Faults[i].Example)
	}
}

// masked is an error in which nothing is secret.
func (t *loadTarget) masked(err error) error { return errors.New(t.mask.Text(err.Error())) }

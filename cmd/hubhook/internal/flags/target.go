package flags

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/suites"
)

// Target are the flags of the handler that is checked: how it is reached, what payloads it
// gets, and how its side effects are observed.
type Target struct {
	Secret     Secret // flags of the secret
	Route      Route  // flags of the route to the handler
	Observe    string // value of --observe
	ObserveCmd string // value of --observe-cmd
	RestartCmd string // value of --restart-cmd

	headers  Headers
	repo     string
	repoType string
	watches  []string
	edits    edits
}

// Add adds the flags.
func (f *Target) Add(cmd *cobra.Command) {
	f.Secret.Add(cmd)
	flags := cmd.Flags()
	f.headers.Add(cmd, "send this `header`, 'Name: value', too; its value is shown nowhere; may be repeated")
	flags.StringVar(&f.repo, "repo", "", "the `repo` that deliveries tell of, owner/name, for a handler that cares for some alone")
	flags.StringVar(&f.repoType, "repo-type", "", "its `type` where a check asks for none: model, dataset or space (default model, or the first of --watches)")
	flags.StringSliceVar(&f.watches, "watches", nil, "repo `types` that the webhook watches, such as model,dataset (default all)")
	f.edits.add(flags)
	flags.StringVar(&f.Observe, "observe", "", "`URL` of a page that tells what the handler did")
	flags.StringVar(&f.ObserveCmd, "observe-cmd", "", "shell `command` that tells it, such as a query of its database")
	flags.StringVar(&f.RestartCmd, "restart-cmd", "", "shell `command` that restarts the handler: 'systemctl restart my-bot'")
	f.Route.Add(cmd)
	cli.CompleteList(cmd, "watches", repoTypes)
	cli.Complete(cmd, "repo-type", usualRepoTypes)
}

// usualRepoTypes returns the types that most checks can use: a bucket has neither commits nor
// discussions.
func usualRepoTypes() []string { return []string{"model", "dataset", "space"} }

func repoTypes() []string { return append(usualRepoTypes(), "bucket") }

// Read returns the handler at a URL, or without one what does not depend on it.
func (f *Target) Read(address string) (suites.Target, error) {
	target := suites.Target{
		URL: address, Secret: f.Secret.Value(), SecretIn: delivery.SecretIn(f.Secret.In),
		Observe: f.Observe, ObserveCommand: f.ObserveCmd, Watches: f.watches, Curl: f.Route.curl(),
	}
	err := f.Route.CheckURL(address)
	if err != nil {
		return target, err
	}
	if target.Route, err = f.Route.Read(); err != nil {
		return target, err
	}
	if target.Header, err = f.header(); err != nil {
		return target, err
	}
	if target.Scene, err = f.scene(); err != nil {
		return target, err
	}
	if target.Edits, err = f.edits.read(); err != nil {
		return target, err
	}
	if f.RestartCmd != "" {
		if address == "" {
			return target, errors.New("--restart-cmd restarts the handler at a URL, and there is none")
		}
		target.Restart = suites.RestartByCommand(f.RestartCmd, target, suites.RestartLimits{})
	}
	return target, nil
}

func (f *Target) header() (http.Header, error) {
	header, err := f.headers.Read()
	for name := range header {
		if strings.EqualFold(name, delivery.SecretHeader) {
			return nil, fmt.Errorf("--header %s: checks set it by what they try; the secret stands in $%s", name, SecretVariable)
		}
	}
	return header, err
}

// scene returns the scene of payloads for which a check asks nothing special.
func (f *Target) scene() (emitter.Scene, error) {
	scene := emitter.Scene{RepoName: f.repo, RepoType: f.repoType}
	for _, name := range f.watches {
		if !slices.Contains(repoTypes(), name) {
			return scene, cli.UnknownValue("--watches", name, repoTypes())
		}
	}
	if f.repoType != "" && !slices.Contains(usualRepoTypes(), f.repoType) {
		return scene, cli.UnknownValue("--repo-type", f.repoType, usualRepoTypes())
	}
	isUsual := func(name string) bool { return slices.Contains(usualRepoTypes(), name) }
	if i := slices.IndexFunc(f.watches, isUsual); i >= 0 && scene.RepoType == "" {
		scene.RepoType = f.watches[i] // a webhook never gets the events of a repo that it does not watch
	}
	return scene, nil
}

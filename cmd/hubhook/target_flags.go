package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/suites"
)

// targetFlags say what is judged, what it is sent, and how it is seen.
type targetFlags struct {
	secret     secretFlags
	headers    []string
	repo       string
	repoType   string
	watches    []string
	edits      edits
	observe    string
	observeCmd string
	restartCmd string
	route      routeFlags
}

func (f *targetFlags) add(cmd *cobra.Command) {
	f.secret.add(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&f.headers, headerFlag, nil, "send this `header`, 'Name: value', too; its value is shown nowhere; may be repeated")
	flags.StringVar(&f.repo, "repo", "", "the `repo` that deliveries tell of, owner/name, for a handler that cares for some alone")
	flags.StringVar(&f.repoType, "repo-type", "", "its `type` where a check asks for none: model, dataset or space (default model, or the first of --watches)")
	flags.StringSliceVar(&f.watches, "watches", nil, "repo `types` that the webhook watches, such as model,dataset (default all)")
	f.edits.add(flags)
	flags.StringVar(&f.observe, "observe", "", "`URL` of a page that tells what the handler did")
	flags.StringVar(&f.observeCmd, "observe-cmd", "", "shell `command` that tells it, such as a query of its database")
	flags.StringVar(&f.restartCmd, "restart-cmd", "", "shell `command` that restarts the handler: 'systemctl restart my-bot'")
	f.route.add(cmd)
	completeList(cmd, "watches", repoTypes)
	complete(cmd, "repo-type", usualRepoTypes)
}

// usualRepoTypes are those that have all that most checks tell of: a bucket has
// neither commits nor discussions.
func usualRepoTypes() []string { return []string{"model", "dataset", "space"} }

func repoTypes() []string { return append(usualRepoTypes(), "bucket") }

// target is the handler at a URL.
func (f *targetFlags) target(address string) (suites.Target, error) {
	target := suites.Target{
		URL: address, Secret: f.secret.value(), SecretIn: delivery.SecretIn(f.secret.in),
		Observe: f.observe, ObserveCommand: f.observeCmd, Watches: f.watches, Curl: f.route.curl(),
	}
	if f.route.unix != "" && address == "" {
		return target, errors.New("--unix says how the handler at a URL is reached, and there is none: name it too, such as http://localhost/webhook")
	}
	var err error
	if target.Route, err = f.route.route(); err != nil {
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
	if f.restartCmd != "" {
		if address == "" {
			return target, errors.New("--restart-cmd restarts the handler at a URL, and there is none")
		}
		target.Restart = suites.RestartByCommand(f.restartCmd, target, suites.RestartLimits{})
	}
	return target, nil
}

func (f *targetFlags) header() (http.Header, error) {
	header, err := parseHeaders(f.headers)
	for name := range header {
		if strings.EqualFold(name, delivery.SecretHeader) {
			return nil, fmt.Errorf("--header %s: checks set it by what they try; the secret stands in $%s", name, secretVariable)
		}
	}
	return header, err
}

// scene is what payloads tell of that are about nothing special.
func (f *targetFlags) scene() (emitter.Scene, error) {
	scene := emitter.Scene{RepoName: f.repo, RepoType: f.repoType}
	for _, name := range f.watches {
		if !slices.Contains(repoTypes(), name) {
			return scene, unknownOf("--watches", name, repoTypes())
		}
	}
	if f.repoType != "" && !slices.Contains(usualRepoTypes(), f.repoType) {
		return scene, unknownOf("--repo-type", f.repoType, usualRepoTypes())
	}
	if scene.RepoType == "" && len(f.watches) > 0 {
		// A webhook never gets the events of a repo that it does not watch.
		if i := slices.IndexFunc(f.watches, func(name string) bool { return slices.Contains(usualRepoTypes(), name) }); i >= 0 {
			scene.RepoType = f.watches[i]
		}
	}
	return scene, nil
}

// selectionFlags adds the flags that say which checks are meant.
func selectionFlags(cmd *cobra.Command, s *suites.Selection) {
	flags := cmd.Flags()
	flags.StringSliceVar(&s.Areas, "area", nil, "`area`, may be repeated: secret, scope, retry, ratelimit, payload, transport")
	flags.StringSliceVar(&s.Only, "only", nil, "only this `ID`, may be repeated; PAY-01 stands for PAY-01a, PAY-01b, …")
	flags.StringSliceVar(&s.Skip, "skip", nil, "not this `ID`, may be repeated")
	flags.StringVar(&s.Level, "level", "may", "down to this `level`: must, should or may")
	completeList(cmd, "area", func() (names []string) {
		for _, area := range suites.Areas() {
			names = append(names, string(area))
		}
		return names
	})
	complete(cmd, "level", func() []string { return []string{"must", "should", "may"} })
	completeList(cmd, "only", checkIDs)
	completeList(cmd, "skip", checkIDs)
}

func checkIDs() []string {
	var ids []string
	for _, check := range suites.Catalogue() {
		ids = append(ids, check.ID+"\t"+check.Title)
	}
	return ids
}

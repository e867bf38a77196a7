package main

import (
	"fmt"
	"os"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/emitter"
)

// feedFlags say which payloads are wanted.
type feedFlags struct {
	options emitter.Options
	feed    emitter.FeedOptions
	schemas schemasFlag
	flags   *pflag.FlagSet // those of the verb

	private           bool
	edits             edits
	future, mix, size string
}

func (f *feedFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.flags = flags
	flags.Uint64Var(&f.options.Seed, "seed", 1, "of the random values; the same seed gives the same bytes")
	flags.BoolVar(&f.feed.Story, "story", false, "everything that happens on a small Hub, one thing after another")
	flags.StringVar(&f.mix, "mix", "", "shapes or scopes by `weight`, repo.content=6,discussion.comment=3")
	flags.StringVar(&f.future, "future", "", "payloads of a time to come: `scopes`, properties, types, version, each with its chance, --future=scopes=0.5,types; some of all where nothing is said")
	flags.Lookup("future").NoOptDefVal = futureOfAll
	f.edits.add(flags)
	flags.StringVar(&f.options.Scene.RepoType, "repo-type", "", "only repos of this `type`: model, dataset, space or bucket")
	flags.BoolVar(&f.private, "private", false, "only private repos; --private=false: only public ones")
	flags.StringVar(&f.options.HubURL, "hub-url", emitter.DefaultHubURL, "`URL` that begins those in payloads")
	flags.StringVar(&f.options.WebhookID, "webhook-id", "", "webhook.id, the registration's `id`; no delivery's Webhook-Id")
	flags.StringVar(&f.size, "size", "", "exact `length` of each payload, such as 1MiB: by a long comment, many references or files")
	f.schemas.add(cmd)
	cmd.ValidArgsFunction = completeShapes
	complete(cmd, "repo-type", repoTypes)
	completeList(cmd, "future", emitter.FutureParts)
}

// feedNames are the names of these flags, as help shows them.
func feedNames() []string {
	return []string{"mix", "story", "future", "set", "unset", "repo-type", "private", "size", "schemas", "seed", "hub-url", "webhook-id"}
}

// futureOfAll is some of everything that may come.
const futureOfAll = "all"

// open makes the feed of the shapes that are named.
func (f *feedFlags) open(shapes []string) (*emitter.Feed, error) {
	generator, err := f.generator(shapes)
	if err != nil {
		return nil, err
	}
	return generator.Feed(f.feed)
}

// numbered makes the payloads of the shapes that are named, each alone.
func (f *feedFlags) numbered(shapes []string) (*emitter.Indexed, error) {
	generator, err := f.generator(shapes)
	if err != nil {
		return nil, err
	}
	return generator.Indexed(f.feed)
}

// generator is that of the payloads that are wanted.
func (f *feedFlags) generator(shapes []string) (*emitter.Generator, error) {
	if err := f.read(); err != nil {
		return nil, err
	}
	// What stands after a flag that can do without a value is not its value.
	if len(shapes) > 0 && f.future == futureOfAll {
		if _, err := emitter.ParseFuture(shapes[0]); err == nil {
			return nil, fmt.Errorf("--future %s: write --future=%s", shapes[0], shapes[0])
		}
	}
	f.feed.Shapes = shapes
	return emitter.New(f.options)
}

// read turns what the flags say into options.
func (f *feedFlags) read() (err error) {
	if f.flags.Changed("private") {
		f.options.Scene.Private = map[bool]emitter.Choice{true: emitter.Yes, false: emitter.No}[f.private]
	}
	if f.options.Schemas, err = f.schemas.extended(); err != nil {
		return err
	}
	if f.future != "" {
		if f.options.Future, err = emitter.ParseFuture(f.future); err != nil {
			return fmt.Errorf("--future: %w", err)
		}
	}
	if f.flags.Changed("mix") {
		if f.feed.Mix, err = emitter.ParseMix(f.mix); err != nil {
			return fmt.Errorf("--mix: %w", err)
		}
	}
	if f.size != "" {
		bytes, err := humanize.ParseBytes(f.size)
		if err != nil || bytes == 0 || bytes > 1<<30 {
			return fmt.Errorf("--size: %q is no size up to 1GiB, such as 64KiB or 1MB", f.size)
		}
		f.options.Size = int(bytes)
	}
	f.options.Edits, err = f.edits.read()
	return err
}

// countFlag says how many payloads are wanted.
type countFlag struct{ count uint64 }

const countName = "count"

func (f *countFlag) add(cmd *cobra.Command) {
	cmd.Flags().Uint64Var(&f.count, countName, 0, "how many payloads (default one of each shape that is named)")
}

// of is how many payloads of these shapes are wanted.
func (f *countFlag) of(cmd *cobra.Command, shapes []string) uint64 {
	if cmd.Flags().Changed(countName) {
		return f.count
	}
	return max(1, uint64(len(shapes)))
}

// edits are what --set and --unset say, in the order of the command line, for the
// last word counts.
type edits struct{ list []editText }

type editText struct {
	unset bool
	text  string
}

func (e *edits) add(flags *pflag.FlagSet) {
	flags.Var(editFlag{e, false}, "set", "set a `value`: repo.name=me/x, or JSON: discussion.num:=7, or from a file: comment.content=@file; may be repeated")
	flags.Var(editFlag{e, true}, "unset", "leave out what stands at this `path`, repo.headSha; may be repeated")
}

// read turns them into edits of payloads.
func (e *edits) read() ([]emitter.Edit, error) {
	var list []emitter.Edit
	for _, said := range e.list {
		if said.unset {
			list = append(list, emitter.ParseUnset(said.text))
			continue
		}
		edit, err := emitter.ParseSet(said.text, os.ReadFile)
		if err != nil {
			return nil, fmt.Errorf("--set: %w", err)
		}
		list = append(list, edit)
	}
	return list, nil
}

// editFlag is one of the two flags.
type editFlag struct {
	edits *edits
	unset bool
}

func (f editFlag) Set(text string) error {
	f.edits.list = append(f.edits.list, editText{f.unset, text})
	return nil
}

func (editFlag) String() string { return "" }

func (editFlag) Type() string { return "stringArray" }

// GetSlice is what was said by this flag.
func (f editFlag) GetSlice() []string {
	var texts []string
	for _, said := range f.edits.list {
		if said.unset == f.unset {
			texts = append(texts, said.text)
		}
	}
	return texts
}

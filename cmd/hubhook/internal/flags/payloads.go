package flags

import (
	"fmt"
	"os"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/emitter"
)

// Payloads are the flags that say which payloads are generated.
type Payloads struct {
	// Options and Feed are the options of the emitter. Flags with values of their own are
	// read when the feed is opened.
	Options emitter.Options
	Feed    emitter.FeedOptions
	Mix     string // --mix, to be parsed

	flags        *pflag.FlagSet // of the verb
	schemas      Schemas
	private      bool
	edits        edits
	future, size string
}

// Add adds the flags, and completes the verb's arguments as shapes.
func (f *Payloads) Add(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.flags = flags
	flags.Uint64Var(&f.Options.Seed, "seed", 1, "of the random values; the same seed gives the same bytes")
	flags.BoolVar(&f.Feed.Story, "story", false, "everything that happens on a small Hub, one thing after another")
	flags.StringVar(&f.Mix, "mix", "", "shapes or scopes by `weight`, repo.content=6,discussion.comment=3")
	flags.StringVar(&f.future, "future", "", "payloads of a time to come: `scopes`, properties, types, version, each with its chance, --future=scopes=0.5,types; some of all where nothing is said")
	flags.Lookup("future").NoOptDefVal = futureOfAll
	f.edits.add(flags)
	flags.StringVar(&f.Options.Scene.RepoType, "repo-type", "", "only repos of this `type`: model, dataset, space or bucket")
	flags.BoolVar(&f.private, "private", false, "only private repos; --private=false: only public ones")
	flags.StringVar(&f.Options.HubURL, "hub-url", emitter.DefaultHubURL, "`URL` that begins those in payloads")
	flags.StringVar(&f.Options.WebhookID, "webhook-id", "", "webhook.id, the registration's `id`; no delivery's Webhook-Id")
	flags.StringVar(&f.size, "size", "", "exact `length` of each payload, such as 1MiB: by a long comment, many references or files")
	f.schemas.Add(cmd)
	cmd.ValidArgsFunction = CompleteShapes
	cli.Complete(cmd, "repo-type", repoTypes)
	cli.CompleteList(cmd, "future", emitter.FutureParts)
}

// PayloadNames returns the names of the flags of Payloads, in the order of help.
func PayloadNames() []string {
	return []string{"mix", "story", "future", "set", "unset", "repo-type", "private", "size", "schemas", "seed",
		"hub-url", "webhook-id"}
}

const futureOfAll = "all"

// Open returns a feed of these shapes, or of all if none is named.
func (f *Payloads) Open(shapes []string) (*emitter.Feed, error) {
	generator, err := f.generator(shapes)
	if err != nil {
		return nil, err
	}
	return generator.Feed(f.Feed)
}

// OpenIndexed returns payloads of these shapes, each of which can be made without the
// others.
func (f *Payloads) OpenIndexed(shapes []string) (*emitter.Indexed, error) {
	generator, err := f.generator(shapes)
	if err != nil {
		return nil, err
	}
	return generator.Indexed(f.Feed)
}

func (f *Payloads) generator(shapes []string) (*emitter.Generator, error) {
	if err := f.read(); err != nil {
		return nil, err
	}
	// pflag takes an optional value only after =, and what follows the flag for an argument.
	if len(shapes) > 0 && f.future == futureOfAll {
		if _, err := emitter.ParseFuture(shapes[0]); err == nil {
			return nil, fmt.Errorf("--future %s: write --future=%s", shapes[0], shapes[0])
		}
	}
	f.Feed.Shapes = shapes
	return emitter.New(f.Options)
}

func (f *Payloads) read() (err error) {
	if f.flags.Changed("private") {
		f.Options.Scene.Private = map[bool]emitter.Choice{true: emitter.Yes, false: emitter.No}[f.private]
	}
	if f.Options.Schemas, err = f.schemas.LoadExtended(); err != nil {
		return err
	}
	if f.future != "" {
		if f.Options.Future, err = emitter.ParseFuture(f.future); err != nil {
			return fmt.Errorf("--future: %w", err)
		}
	}
	if f.flags.Changed("mix") {
		if f.Feed.Mix, err = emitter.ParseMix(f.Mix); err != nil {
			return fmt.Errorf("--mix: %w", err)
		}
	}
	if f.size != "" {
		bytes, err := humanize.ParseBytes(f.size)
		if err != nil || bytes == 0 || bytes > 1<<30 {
			return fmt.Errorf("--size: %q is no size up to 1GiB, such as 64KiB or 1MB", f.size)
		}
		f.Options.Size = int(bytes)
	}
	f.Options.Edits, err = f.edits.read()
	return err
}

// Count is the flag --count, how many payloads are wanted.
type Count struct{ count uint64 }

// CountName is the name of the flag of Count.
const CountName = "count"

// Add adds the flag.
func (f *Count) Add(cmd *cobra.Command) {
	cmd.Flags().Uint64Var(&f.count, CountName, 0, "how many payloads (default one of each shape that is named)")
}

// For returns how many payloads of these shapes are wanted.
func (f *Count) For(cmd *cobra.Command, shapes []string) uint64 {
	if cmd.Flags().Changed(CountName) {
		return f.count
	}
	return max(1, uint64(len(shapes)))
}

// edits are --set and --unset, in the order of the command line, for the last one wins.
type edits struct{ list []editText }

type editText struct {
	unset bool
	text  string
}

func (e *edits) add(flags *pflag.FlagSet) {
	flags.Var(editFlag{e, false}, "set", "set a `value`: repo.name=me/x, or JSON: discussion.num:=7, or from a file: comment.content=@file; may be repeated")
	flags.Var(editFlag{e, true}, "unset", "leave out what stands at this `path`, repo.headSha; may be repeated")
}

func (e *edits) read() ([]emitter.Edit, error) {
	var list []emitter.Edit
	for _, given := range e.list {
		if given.unset {
			list = append(list, emitter.ParseUnset(given.text))
			continue
		}
		edit, err := emitter.ParseSet(given.text, os.ReadFile)
		if err != nil {
			return nil, fmt.Errorf("--set: %w", err)
		}
		list = append(list, edit)
	}
	return list, nil
}

// editFlag is one of the two flags, as a pflag.Value.
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

// GetSlice returns the values of this flag, as that of a pflag.SliceValue does.
func (f editFlag) GetSlice() []string {
	var texts []string
	for _, given := range f.edits.list {
		if given.unset == f.unset {
			texts = append(texts, given.text)
		}
	}
	return texts
}

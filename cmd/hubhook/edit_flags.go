package main

import (
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/emitter"
)

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

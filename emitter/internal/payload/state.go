package payload

import (
	"github.com/brianvoe/gofakeit/v7"
	"github.com/hubhook/hubhook/emitter/internal/world"
)

// State is what the steps of a program read: an event, and how far its payload is written.
type State struct {
	world.Event
	Webhook       world.ObjectID
	version       uint64 // of the payload
	Scope, Action string
	Given         GivenData

	// Loose and faker are for values that no part of an event has.
	Loose world.RNG
	faker *gofakeit.Faker

	item         int // the index of the array's item that is being written
	padding      padding
	unknownProps unknownProps
}

// GivenData is what event data says, where it differs from what a world has.
type GivenData struct {
	Title, Content string // of the discussion and of the comment
	Head           bool   // whether the commit of main is known
	MergeCommit    bool
	MovedTo        bool
	More           bool // whether there are more files than are listed
}

// Init prepares a state for payloads; each seed of loose gives others.
func (s *State) Init(webhook world.ObjectID) {
	s.Webhook, s.version = webhook, versionToday
	s.faker = gofakeit.NewFaker(&s.Loose, false)
}

// ref returns the reference that is being written.
func (s *State) ref() *world.RefChange {
	if s.item < len(s.Refs) {
		return &s.Refs[s.item]
	}
	return &s.padding.ref
}

// file returns the file that is being written.
func (s *State) file() *world.FileChange {
	if s.item < len(s.Files) {
		return &s.Files[s.item]
	}
	return &s.padding.file
}

package emitter

import (
	"cmp"
	"fmt"

	"github.com/hubhook/hubhook/emitter/internal/payload"
	"github.com/hubhook/hubhook/emitter/internal/world"
)

// renderer makes payloads of event data, one at a time.
type renderer struct {
	state      payload.State
	future     payload.FutureRNG
	repo       world.Repo
	discussion world.Discussion
	comment    world.Comment

	hubURL, escapedURL string // the last one that event data gave, and how it is written
}

func newRenderer(g *Generator) *renderer {
	t := &renderer{future: payload.FutureRNG{Future: g.options.Future}}
	t.state.Words, t.state.Repo = g.options.World.Words, &t.repo
	t.state.Init(g.webhooks[0])
	return t
}

// Streams of random numbers for event data, apart from those of worlds.
const (
	looseStream = iota + 16
	futureStream
)

// Render appends the payload of event data to dst, as compact JSON. The options' edits, future and schemas apply to
// it, their scene and size do not. The same seed, data and index give the same bytes.
//
// The error is about the data: a shape that is not known, a part of it that is missing, a value that no payload can
// have.
func (g *Generator) Render(dst []byte, f *EventData) ([]byte, error) {
	shape, err := g.dataShapes.Shape(f.Shape)
	if err != nil {
		return dst, err
	}
	t := g.renderers.Get().(*renderer)
	defer g.renderers.Put(t)
	defer t.forget()
	if err := t.read(g, f); err != nil {
		return dst, fmt.Errorf("%s: %w", f.Shape, err)
	}
	t.state.Loose.Seed(world.Hash64(g.seed)+looseStream, world.Hash64(f.Index))
	t.future.Seed(world.Hash64(g.seed)+futureStream, world.Hash64(f.Index))
	if err := shape.CheckData(&t.state); err != nil {
		return dst, err
	}
	if !shape.Narrowed && t.future.Hits(g.options.Future.Scopes) {
		if shape, err = g.dataShapes.Shape(shape.Scope + ".*"); err != nil {
			return dst, err
		}
		if err := shape.CheckData(&t.state); err != nil {
			return dst, err
		}
	}
	t.applyOverrides(&shape.Want)
	return g.dataShapes.Append(dst, &t.state, &t.future, shape)
}

// forget drops what refers to event data.
func (t *renderer) forget() {
	s := &t.state
	clear(s.Refs)
	clear(s.Files)
	s.Given, s.Refs, s.Files = payload.GivenData{}, s.Refs[:0], s.Files[:0]
}

// applyOverrides makes the event fit what edits set, as a world does. What happened stays what it is: of a repo that
// an edit makes a bucket, only type and URLs change.
func (t *renderer) applyOverrides(want *world.Constraints) {
	s := &t.state
	s.Kind, s.KindFixed = t.repo.Kind, want.RepoType != "" || want.Kind != nil
	switch {
	case want.Kind != nil:
		s.Kind = want.Kind
	case want.RepoType != "":
		s.Kind = world.RepoKindNamed(want.RepoType)
	}
	s.Title.Name.Text = cmp.Or(want.RepoName, s.Title.Name.Text)
	s.MovedTo.Name.Text = cmp.Or(want.MovedTo, s.MovedTo.Name.Text)
	if want.Head != nil {
		s.SetHead(want.Head)
	}
	t.overrideChoices(want)
	t.discussion.Status, s.Num = cmp.Or(want.Status, t.discussion.Status), cmp.Or(want.Num, s.Num)
	if id, ok := world.ParseID(want.CommentID); ok {
		s.CommentID = id
	}
	for i := range want.Files {
		t.overrideFiles(&want.Files[i])
	}
}

func (t *renderer) overrideChoices(want *world.Constraints) {
	for _, override := range []struct {
		by world.Choice
		of *bool
	}{
		{want.Private, &t.repo.Private}, {want.PullRequest, &t.discussion.Pull}, {want.Hidden, &t.comment.Hidden},
	} {
		if override.by != world.Either {
			*override.of = override.by == world.Yes
		}
	}
	if t.state.Private != world.Either && want.Private != world.Either {
		t.state.Private = want.Private
	}
}

// overrideFiles turns changes of files into additions or deletions. Of one that was deleted no hash is known.
func (t *renderer) overrideFiles(want *world.FileConstraint) {
	s := &t.state
	for i := range s.Files {
		f := &s.Files[i]
		if !want.Applies(i, f) {
			continue
		}
		if f.Deleted = want.Deleted; !f.Deleted {
			s.Loose.Fill(f.Hash[:])
		}
	}
}

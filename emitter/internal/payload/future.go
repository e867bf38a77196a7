package payload

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/internal/world"
	"github.com/hubhook/hubhook/schemas"
)

// Future say how often payloads are of a time to come, each as a chance between 0 and 1.
type Future struct {
	Scopes     float64 // a narrower scope than any of today, one to three levels below
	Properties float64 // properties that nobody knows, at any level
	Types      float64 // a repo type that is new
	Version    float64 // a higher webhook.version
}

const versionToday = 3

// futureSegments are scopes that the Hub might add below those of today; the documentation's own example is
// repo.config.dois.
var futureSegments = []string{
	"dois", "licenses", "reviewers", "labels", "reactions", "storage", "hardware", "collaborators", "gating",
	"inference", "evaluations", "citations", "versions", "drafts", "locks", "mirrors", "quotas", "webhooks", "badges",
}

// futureActions are those of today, and some that nobody knows.
var futureActions = []string{
	"create", "update", "delete", "move", "minted", "archived", "restored", "pinned", "approved", "requested",
	"expired", "synced", "locked", "merged", "transferred",
}

// FutureRNG decides how a payload is of a time to come. It is apart from the random numbers of a world, so that events
// are the same with new properties, types and versions and without. Narrower scopes report updates, whatever would
// have happened.
type FutureRNG struct {
	world.RNG
	Future
}

// NewFutureRNG returns the decisions of a stream of random numbers.
func NewFutureRNG(chances Future, seed1, seed2 uint64) FutureRNG {
	r := FutureRNG{Future: chances}
	r.Seed(seed1, seed2)
	return r
}

func (r *FutureRNG) Hits(chance float64) bool {
	return chance > 0 && float64(r.Uint64()>>11)/(1<<53) < chance
}

// applyFuture makes a state one of the future, or leaves it as it is.
func (r *FutureRNG) applyFuture(s *State) {
	s.version, s.unknownProps.wanted, s.unknownProps.written = versionToday, false, 0
	if r.Hits(r.Types) && !s.KindFixed {
		s.Kind = world.DrawFutureRepoKind(&r.RNG, s.Kind.Git)
	}
	if r.Hits(r.Version) {
		s.version = versionToday + 1 + uint64(r.IntN(3))
	}
	if s.unknownProps.wanted = r.Hits(r.Properties); s.unknownProps.wanted {
		s.unknownProps.Seed(r.Uint64(), r.Uint64())
	}
}

type unknownProps struct {
	world.RNG // what they are, and where
	wanted    bool
	written   int // in this payload
}

// appendExtra ends an object with a property that it does not have today; one in three objects gets one, and the
// payload itself does if no other has.
func (s *State) appendExtra(dst []byte, known []string, outermost bool) []byte {
	if !s.unknownProps.wanted || !(s.unknownProps.OneIn(3) || outermost && s.unknownProps.written == 0) {
		return dst
	}
	s.unknownProps.written++
	name := s.extraName(known)
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(append(append(dst, '"'), name...), `":`...)
	return s.appendExtraValue(dst)
}

func (s *State) extraName(known []string) string {
	for {
		noun := world.Pick(&s.unknownProps.RNG, s.Words.Nouns)
		name := world.Pick(&s.unknownProps.RNG, s.Words.Adjectives) + strings.ToUpper(noun[:1]) + noun[1:]
		if !slices.Contains(known, name) {
			return name
		}
	}
}

func (s *State) appendExtraValue(dst []byte) []byte {
	switch s.unknownProps.IntN(7) {
	case 0:
		return append(dst, "null"...)
	case 1:
		return append(dst, "true"...)
	case 2:
		return world.AppendNumber(dst, s.unknownProps.Uint64()>>44)
	case 3:
		return append(dst, `{"by":"the Hub","since":2027}`...)
	case 4:
		return append(append(append(dst, `["`...), world.Pick(&s.unknownProps.RNG, s.Words.Features)...), `"]`...)
	}
	return append(append(append(dst, '"'), world.Pick(&s.unknownProps.RNG, s.Words.Phrases)...), '"')
}

// narrow draws an action, and a scope below another one that no known scope is nearer to. Where they all are, a
// number tells a new one apart.
func (c *Compiler) narrow(rng *FutureRNG, below string) (scope, action string) {
	const triesByWord = 64
	nearest, _ := schemas.Nearest(below, c.Schemas.KnowsScope)
	for try := 0; ; try++ {
		scope = below
		if try > triesByWord {
			scope = fmt.Sprintf("%s.%s-%d", below, world.Pick(&rng.RNG, futureSegments), try)
		}
		for range 1 + rng.IntN(6)/3 + rng.IntN(6)/5 {
			scope += "." + world.Pick(&rng.RNG, futureSegments)
		}
		action = world.Pick(&rng.RNG, futureActions)
		if known, _ := schemas.Nearest(scope, c.Schemas.KnowsScope); known == nearest {
			return scope, action
		}
	}
}

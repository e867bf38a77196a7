package emitter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Future says how often payloads are of a time to come, each as a chance between
// 0 and 1. The zero value is the Hub of today.
type Future struct {
	Scopes     float64 // a narrower scope than any of today, one to three levels below
	Properties float64 // properties that nobody knows, at any level
	Types      float64 // a repo type that is new
	Version    float64 // a higher webhook.version
}

// versionToday is that of the payloads of today.
const versionToday = 3

// SomeFuture has a bit of everything.
func SomeFuture() Future {
	return Future{Scopes: 0.5, Properties: 0.25, Types: 0.1, Version: 0.1}
}

// parts are the kinds of change by their names.
func (f *Future) parts() map[string]*float64 {
	return map[string]*float64{
		"scopes": &f.Scopes, "properties": &f.Properties, "types": &f.Types, "version": &f.Version,
	}
}

// FutureParts are the kinds of change that ParseFuture knows.
func FutureParts() []string { return []string{"scopes", "properties", "types", "version"} }

// ParseFuture reads "scopes=0.5,properties". A part without a chance is in every
// payload; "all" is some of everything.
func ParseFuture(text string) (Future, error) {
	if text == "all" {
		return SomeFuture(), nil
	}
	var f Future
	for part := range strings.SplitSeq(text, ",") {
		name, chance, given := strings.Cut(part, "=")
		if !slices.Contains(FutureParts(), name) {
			return Future{}, fmt.Errorf("unknown part of the future %q: parts are %s; all, which stands alone, is some of each", name, strings.Join(FutureParts(), ", "))
		}
		how := 1.0
		if given {
			var err error
			if how, err = strconv.ParseFloat(chance, 64); err != nil || !(how >= 0 && how <= 1) {
				return Future{}, fmt.Errorf("%s: the chance is a number from 0 to 1, not %q", name, chance)
			}
		}
		*f.parts()[name] = how
	}
	return f, nil
}

// futureSegments are scopes that the Hub might add below those of today; the
// documentation's own example is repo.config.dois.
var futureSegments = []string{
	"dois", "licenses", "reviewers", "labels", "reactions", "storage", "hardware", "collaborators", "gating",
	"inference", "evaluations", "citations", "versions", "drafts", "locks", "mirrors", "quotas", "webhooks", "badges",
}

// futureActions are those of today, and some that nobody knows.
var futureActions = []string{
	"create", "update", "delete", "move", "minted", "archived", "restored", "pinned", "approved", "requested",
	"expired", "synced", "locked", "merged", "transferred",
}

// futureDice are the chances of a future. They are apart from those of the
// world, so that what happens, and all that is told of it besides, is the same
// with new properties, types and versions and without. Narrower scopes tell of
// updates, whatever would have happened.
type futureDice struct {
	dice
	Future
}

func (d *futureDice) hits(chance float64) bool {
	return chance > 0 && float64(d.u64()>>11)/(1<<53) < chance
}

// narrow draws a scope below a known one, and an action.
func (d *futureDice) narrow(scope string) (string, string) {
	for range 1 + d.below(6)/3 + d.below(6)/5 {
		scope += "." + pick(&d.dice, futureSegments)
	}
	return scope, pick(&d.dice, futureActions)
}

// foresee makes a scene one of the future, or leaves it as it is.
func (d *futureDice) foresee(s *scene) {
	s.version, s.extras.wanted, s.extras.written = versionToday, false, 0
	if d.hits(d.Types) && !s.settled {
		s.kind = d.newKind(s.kind.git)
	}
	if d.hits(d.Version) {
		s.version = versionToday + 1 + uint64(d.below(3))
	}
	if s.extras.wanted = d.hits(d.Properties); s.extras.wanted {
		s.extras.Seed(d.u64(), d.u64())
	}
}

// newKind is a type that is new, with Git or without.
func (d *futureDice) newKind(git bool) *repoKind {
	if git {
		return &repoKinds[firstFutureKind+d.below(firstFutureBucket-firstFutureKind)]
	}
	return &repoKinds[firstFutureBucket+d.below(len(repoKinds)-firstFutureBucket)]
}

// extras are properties that no schema has.
type extras struct {
	dice    // what they are, and where
	wanted  bool
	written int // in this payload
}

// appendExtra ends an object with a property that it does not have today; one in
// three objects gets one, and the payload itself does where no other has.
func (s *scene) appendExtra(dst []byte, known []string, outermost bool) []byte {
	if !s.extras.wanted || !(s.extras.oneIn(3) || outermost && s.extras.written == 0) {
		return dst
	}
	s.extras.written++
	name := s.extraName(known)
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(append(append(dst, '"'), name...), `":`...)
	return s.appendExtraValue(dst)
}

// extraName is a name that is not among the known ones.
func (s *scene) extraName(known []string) string {
	for {
		noun := pick(&s.extras.dice, s.words.nouns)
		name := pick(&s.extras.dice, s.words.adjectives) + strings.ToUpper(noun[:1]) + noun[1:]
		if !slices.Contains(known, name) {
			return name
		}
	}
}

func (s *scene) appendExtraValue(dst []byte) []byte {
	switch s.extras.below(7) {
	case 0:
		return append(dst, "null"...)
	case 1:
		return append(dst, "true"...)
	case 2:
		return appendNumber(dst, s.extras.u64()>>44)
	case 3:
		return append(dst, `{"by":"the Hub","since":2027}`...)
	case 4:
		return append(append(append(dst, `["`...), pick(&s.extras.dice, s.words.features)...), `"]`...)
	}
	return append(append(append(dst, '"'), pick(&s.extras.dice, s.words.phrases)...), '"')
}

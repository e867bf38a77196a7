package emitter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Future says how often payloads are of a time to come, each as a chance between 0 and 1. The zero value is the Hub of
// today.
type Future struct {
	Scopes     float64 // a narrower scope than any of today, one to three levels below
	Properties float64 // properties that nobody knows, at any level
	Types      float64 // a repo type that is new
	Version    float64 // a higher webhook.version
}

// SomeFuture returns a Future with a bit of everything.
func SomeFuture() Future {
	return Future{Scopes: 0.5, Properties: 0.25, Types: 0.1, Version: 0.1}
}

// parts returns the kinds of change by their names.
func (f *Future) parts() map[string]*float64 {
	return map[string]*float64{
		"scopes": &f.Scopes, "properties": &f.Properties, "types": &f.Types, "version": &f.Version,
	}
}

// FutureParts returns the kinds of change that ParseFuture knows.
func FutureParts() []string { return []string{"scopes", "properties", "types", "version"} }

// ParseFuture parses "scopes=0.5,properties". A part without a chance is in every payload; "all" is SomeFuture.
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

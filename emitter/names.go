package emitter

import (
	"maps"
	"slices"

	"github.com/brianvoe/gofakeit/v7"
)

// WorldNames are what may stand after "world:" in a schema's x-from, sorted.
func WorldNames() []string { return slices.Sorted(maps.Keys(worldSources())) }

// FakeNames are the functions of gofakeit that may stand after "fake:", sorted:
// those that need no parameters but their defaults.
func FakeNames() []string {
	var names []string
	for name, info := range gofakeit.FuncLookups {
		if !slices.ContainsFunc(info.Params, func(p gofakeit.Param) bool { return p.Default == "" }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

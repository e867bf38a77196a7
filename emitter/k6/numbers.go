package k6

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/lib"
)

// numbers gives numbers to one VU's deliveries. Each iteration of a scenario has as many as
// it may have deliveries; scenarios take turns:
//
//	number = (iteration × perIteration + deliveries before it) × scenarios + scenario
type numbers struct {
	perIteration uint64
	only         []string // scenarios in which deliveries are made; empty means all

	scenario  *lib.ScenarioState // of the last delivery, and its place among them
	place, of uint64
	iteration uint64
	made      uint64 // in the iteration
}

func (n *numbers) next(state *lib.State, scenario *lib.ScenarioState) (uint64, error) {
	if scenario == nil || state.GetScenarioGlobalVUIter == nil {
		return 0, errors.New("there is no iteration that could number a delivery, as in setup and teardown: say which one, hub.delivery(number)")
	}
	if n.scenario != scenario {
		if err := n.enter(&state.Options, scenario); err != nil {
			return 0, err
		}
	}
	if iteration := state.GetScenarioGlobalVUIter(); n.scenario != scenario || n.iteration != iteration {
		n.scenario, n.iteration, n.made = scenario, iteration, 0
	}
	if n.made == n.perIteration {
		return 0, fmt.Errorf("hub.delivery() makes %d in an iteration, and was called once more: keep what it gave, or say perIteration: %d", n.perIteration, n.made+1)
	}
	n.made++
	return (n.iteration*n.perIteration+n.made-1)*n.of + n.place, nil
}

// enter finds the place of a scenario among those that take turns, the same in all instances.
func (n *numbers) enter(o *lib.Options, scenario *lib.ScenarioState) error {
	if err := checkExecutor(o, scenario); err != nil {
		return err
	}
	all := slices.Sorted(maps.Keys(o.Scenarios))
	taking := all
	if len(n.only) > 0 {
		taking = slices.Compact(slices.Sorted(slices.Values(n.only)))
	}
	for _, name := range taking {
		if _, known := slices.BinarySearch(all, name); !known {
			return fmt.Errorf("scenarios: there is no scenario %q, but %s", name, strings.Join(all, ", "))
		}
	}
	place, found := slices.BinarySearch(taking, scenario.Name)
	if !found {
		return fmt.Errorf("hub.delivery() was called in the scenario %q: it is not one of scenarios, %s", scenario.Name,
			strings.Join(taking, ", "))
	}
	n.place, n.of = uint64(place), uint64(len(taking))
	return nil
}

func readNumber(v sobek.Value) (uint64, error) {
	switch number := v.Export().(type) {
	case int64:
		if number >= 0 && number <= maxSafeInteger {
			return uint64(number), nil
		}
	case float64:
		if number >= 0 && number <= maxSafeInteger && number == float64(uint64(number)) {
			return uint64(number), nil
		}
	}
	return 0, fmt.Errorf("hub.delivery(number): %s is no whole number from 0 to %d", v, maxSafeInteger)
}

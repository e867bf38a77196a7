package suites

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/schemas/suggest"
	"github.com/hubhook/hubhook/suites/check"
)

// A Selection says which checks to run. The zero value selects all.
type Selection struct {
	Areas []string // if empty, all
	Only  []string // IDs to run; the ID of a table stands for its entries
	Skip  []string // IDs not to run
	Level string   // the least binding level to run: must, should or may
}

// Select returns the selected checks. An unknown name is an error, as is a selection of
// none.
func (s Selection) Select(from []check.Check) ([]check.Check, error) {
	least, err := s.leastLevel()
	if err != nil {
		return nil, err
	}
	if err := s.checkNames(from); err != nil {
		return nil, err
	}
	var selected []check.Check
	for _, c := range from {
		wanted := len(s.Areas) == 0 || slices.Contains(s.Areas, string(c.Area))
		wanted = wanted && (len(s.Only) == 0 || hasAnyID(c, s.Only))
		if wanted && !hasAnyID(c, s.Skip) && slices.Index(check.Levels(), c.Level) <= least {
			selected = append(selected, c)
		}
	}
	if len(selected) == 0 {
		return nil, fmt.Errorf("no check is selected: areas, IDs and level leave none")
	}
	return selected, nil
}

// leastLevel returns the position of the least binding level to run.
func (s Selection) leastLevel() (int, error) {
	if s.Level == "" {
		return len(check.Levels()) - 1, nil
	}
	if at := slices.Index(check.Levels(), check.Level(strings.ToUpper(s.Level))); at >= 0 {
		return at, nil
	}
	return 0, fmt.Errorf("unknown level %q: it is must, should or may", s.Level)
}

// checkNames returns an error for areas and IDs that do not exist.
func (s Selection) checkNames(from []check.Check) error {
	var areas []string
	for _, area := range check.Areas() {
		areas = append(areas, string(area))
	}
	for _, area := range s.Areas {
		if !slices.Contains(areas, area) {
			return fmt.Errorf("unknown area %q: it is one of %s", area, strings.Join(areas, ", "))
		}
	}
	for _, id := range slices.Concat(s.Only, s.Skip) {
		if _, err := Find(from, id); err != nil {
			return err
		}
	}
	return nil
}

func hasAnyID(c check.Check, ids []string) bool { return slices.ContainsFunc(ids, c.HasID) }

// Find returns the check with an ID, or all entries of the table with that ID, in any
// letter case. If there is none, the error names similar IDs.
func Find(from []check.Check, id string) ([]check.Check, error) {
	var found []check.Check
	for _, c := range from {
		if c.HasID(id) {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("unknown check %q: %s`hubhook list` shows them all", id, suggestID(id, from))
	}
	return found, nil
}

// maxSuggestions is how many IDs are suggested in place of an unknown one.
const maxSuggestions = 3

// suggestID asks for the checks and tables with similar IDs; it is empty without any. It
// ends in a blank.
func suggestID(id string, from []check.Check) string {
	var names []string
	for _, c := range from {
		names = append(names, c.Table(), c.ID)
	}
	names = slices.Compact(names)
	var similar []string
	for len(similar) < maxSuggestions {
		closest, ok := suggest.Closest(id, names)
		if !ok {
			break
		}
		similar = append(similar, closest)
		names = slices.DeleteFunc(names, func(name string) bool { return name == closest })
	}
	if len(similar) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(similar, ", ") + "? "
}

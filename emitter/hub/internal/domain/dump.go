package domain

import (
	"fmt"
	"maps"
	"slices"
)

// Dump returns all rows as the database has them, by kind and key.
func (s *State) Dump() map[string]string {
	all := map[string]string{}
	for _, t := range s.tables() {
		for _, key := range t.keys() {
			if value, err := t.written(key); err != nil {
				all[t.name()+" "+key] = err.Error()
			} else {
				all[t.name()+" "+key] = string(value)
			}
		}
	}
	return all
}

// DumpIndexes returns what is worked out of the rows, as text.
func (s *State) DumpIndexes() map[string]string {
	all := map[string]string{
		"stored": fmt.Sprint(s.storedBytes), "payloads": fmt.Sprint(s.payloadBytes), "ended": fmt.Sprint(s.doneCount),
	}
	for name, id := range s.byName {
		all["name "+name] = id
	}
	for at, keys := range s.ofRepo {
		all["owned "+at] = fmt.Sprint(slices.Sorted(maps.Keys(keys)))
	}
	for at, list := range s.messagesOf {
		for _, m := range list {
			all["said "+at] += m.ID + " "
		}
	}
	for _, d := range s.order {
		all["order"] += fmt.Sprintf("%d %s %d;", d.Number, d.State, len(d.Attempts))
	}
	for id, number := range s.byID {
		all["id "+id] = fmt.Sprint(number)
	}
	for key, c := range s.commits.rows {
		tree := s.TreeOf(key[:len(key)-len(c.SHA)-1], c)
		for _, path := range slices.Sorted(maps.Keys(tree)) {
			all["tree "+key] += path + " " + tree[path].OID + ";"
		}
	}
	return all
}

// Reload returns the state that a Hub would read from a database with the rows of s.
func (s *State) Reload() (*State, error) {
	again := newState(s.Seed)
	for _, t := range s.tables() {
		for _, key := range t.keys() {
			value, err := t.written(key)
			if err != nil {
				return nil, err
			}
			if err := again.read(t.name(), key, value); err != nil {
				return nil, err
			}
		}
	}
	again.loaded()
	return again, nil
}

package domain

import (
	"encoding/json"
	"maps"
	"slices"
)

type table[T any] struct {
	kind string
	rows map[string]*T
	// moved keeps an index if it is set: it is called for each row that replaces another.
	// Either may be nil.
	moved func(key string, old, now *T)
}

// newTable adds a table to a state.
func newTable[T any](s *State, kind string, moved func(key string, old, now *T)) *table[T] {
	t := &table[T]{kind: kind, rows: map[string]*T{}, moved: moved}
	s.tables = append(s.tables, t)
	return t
}

// anyTable is a table of rows of any type.
type anyTable interface {
	name() string
	read(key string, value []byte) error
	written(key string) ([]byte, error)
	// encode returns a row as it is written; nil for a nil row.
	encode(row any) ([]byte, error)
	keys() []string
	drop(tx *Tx, key string)
}

func (t *table[T]) name() string { return t.kind }

// set replaces a row, or removes it if row is nil.
func (t *table[T]) set(key string, row *T) {
	old := t.rows[key]
	if row == nil {
		delete(t.rows, key)
	} else {
		t.rows[key] = row
	}
	if t.moved != nil {
		t.moved(key, old, row)
	}
}

func (t *table[T]) read(key string, value []byte) error {
	row := new(T)
	if raw, isRaw := any(row).(*blob); isRaw {
		raw.Content = slices.Clone(value)
	} else if err := json.Unmarshal(value, row); err != nil {
		return err
	}
	t.set(key, row)
	return nil
}

func (t *table[T]) written(key string) ([]byte, error) { return t.encode(t.rows[key]) }

func (t *table[T]) encode(row any) ([]byte, error) {
	if row.(*T) == nil {
		return nil, nil
	}
	if raw, isRaw := row.(*blob); isRaw {
		return raw.Content, nil
	}
	return json.Marshal(row)
}

// list returns the rows of some keys.
func (t *table[T]) list(keys []string) []*T {
	list := make([]*T, 0, len(keys))
	for _, key := range keys {
		list = append(list, t.rows[key])
	}
	return list
}

func (t *table[T]) keys() []string { return slices.Sorted(maps.Keys(t.rows)) }

func (t *table[T]) drop(tx *Tx, key string) { put(tx, t, key, nil) }

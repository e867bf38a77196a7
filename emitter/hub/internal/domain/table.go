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
	moved     func(key string, old, now *T)
	marshal   func(*T) ([]byte, error) // json.Marshal if nil
	unmarshal func([]byte, *T) error   // json.Unmarshal if nil
}

func newTable[T any](kind string) *table[T] {
	return &table[T]{kind: kind, rows: map[string]*T{}}
}

type keyed interface {
	name() string
	read(key string, value []byte) error
	// written returns the present row as it is written; nil if there is no such row.
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
	unmarshal := t.unmarshal
	if unmarshal == nil {
		unmarshal = func(b []byte, row *T) error { return json.Unmarshal(b, row) }
	}
	if err := unmarshal(value, row); err != nil {
		return err
	}
	t.set(key, row)
	return nil
}

func (t *table[T]) written(key string) ([]byte, error) { return t.encode(t.rows[key]) }

func (t *table[T]) encode(row any) ([]byte, error) {
	switch row := row.(*T); {
	case row == nil:
		return nil, nil
	case t.marshal != nil:
		return t.marshal(row)
	}
	return json.Marshal(row)
}

func (t *table[T]) keys() []string { return slices.Sorted(maps.Keys(t.rows)) }

func (t *table[T]) drop(tx *Tx, key string) { put(tx, t, key, nil) }

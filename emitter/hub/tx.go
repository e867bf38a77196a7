package hub

import (
	"slices"
	"time"
)

// tx is a change of the state: all of it happens, or nothing.
type tx struct {
	*state
	config *Config
	now    time.Time
	// url begins the URLs in payloads.
	url  string
	user string
	// only is the webhook that alone is told of what happens, whether it watches or not;
	// where empty, all that watch are.
	only string

	undo []func()
	puts []record
	due  []Due // attempts to be made once this is on disk
	owed int   // deliveries made
	// happened makes the change anew, where it tells of something that has happened: where
	// it cannot be written it is not refused, but written later. Nil for others.
	happened func(*tx) error

	waits chan struct{} // closed when it is written, or is not going to be
	err   error         // why it is not; to be read once waits is closed
}

// record is a row that is to be written.
type record struct {
	table keyed
	key   string
	row   any
	bytes func() ([]byte, error) // nil bytes: the row is gone
}

// put puts a row in its place, or takes it away where it is nil.
func put[T any](tx *tx, t *table[T], key string, row *T) {
	old := t.rows[key]
	t.set(key, row)
	tx.undo = append(tx.undo, func() { t.set(key, old) })
	tx.puts = append(tx.puts, record{table: t, key: key, row: row, bytes: func() ([]byte, error) { return t.bytes(row) }})
}

// back undoes all that was done.
func (tx *tx) back() {
	for i := len(tx.undo) - 1; i >= 0; i-- {
		tx.undo[i]()
	}
	tx.undo, tx.puts, tx.due = nil, nil, nil
}

// Clear takes every row away but what time it is.
func (tx *tx) Clear() {
	m := tx.meta()
	for _, t := range tx.tables() {
		// The last first, which is where lists are shortened without being copied.
		for _, key := range slices.Backward(t.keys()) {
			t.drop(tx, key)
		}
	}
	tx.setMeta(meta{Version: metaVersion, Seed: m.Seed, Now: tx.now, Numbers: m.Numbers, IDs: m.IDs})
}

func (tx *tx) setMeta(m meta) { put(tx, tx.metas, metaKey, &m) }

// number is the next number of a delivery or a commit.
func (tx *tx) number() uint64 {
	m := tx.meta()
	m.Numbers++
	tx.setMeta(m)
	return m.Numbers
}

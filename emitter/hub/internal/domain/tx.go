package domain

import (
	"slices"
	"time"
)

// Tx is a transaction on the state: all of it happens, or nothing.
type Tx struct {
	*State
	Config *Config
	Now    time.Time
	// URL begins the URLs in payloads.
	URL  string
	User string
	// only is the one webhook that gets deliveries, whether it watches or not; if empty,
	// all that watch get them.
	only string

	undo    []func()
	records []record
	due     []Due // attempts to be made once this is on disk
	created int   // deliveries made
	// redo makes the change anew where the disk refused it, but it records what has
	// happened; it is written later. Nil for a change that is refused.
	redo func(*Tx)

	done chan struct{} // closed when the change is written or refused
	err  error         // why it was refused; to be read once done is closed
}

type record struct {
	table anyTable
	key   string
	row   any // a pointer, nil where the row is removed
}

func (r record) rowKey() rowKey { return rowKey{r.table.name(), r.key} }

// put replaces a row, or removes it if row is nil.
func put[T any](tx *Tx, t *table[T], key string, row *T) {
	old := t.rows[key]
	t.set(key, row)
	tx.undo = append(tx.undo, func() { t.set(key, old) })
	tx.records = append(tx.records, record{table: t, key: key, row: row})
}

func (tx *Tx) rollback() {
	for i := len(tx.undo) - 1; i >= 0; i-- {
		tx.undo[i]()
	}
	tx.undo, tx.records, tx.due = nil, nil, nil
}

// Clear removes every row but the time.
func (tx *Tx) Clear() {
	m := tx.meta()
	for _, t := range tx.tables {
		// The last first, which is where lists are shortened without being copied.
		for _, key := range slices.Backward(t.keys()) {
			t.drop(tx, key)
		}
	}
	tx.setMeta(meta{Version: metaVersion, Seed: m.Seed, Numbers: m.Numbers, IDs: m.IDs})
}

func (tx *Tx) setMeta(m meta) {
	m.Now = tx.Now
	put(tx, tx.metas, metaKey, &m)
}

// NextNumber returns the next number of a delivery or a commit.
func (tx *Tx) NextNumber() uint64 {
	m := tx.meta()
	m.Numbers++
	tx.setMeta(m)
	return m.Numbers
}

package hub

import (
	"errors"
	"slices"
	"time"
)

// tx is a change of the state: all of it happens, or nothing.
type tx struct {
	*state
	hub *Hub
	now time.Time
	// url begins the URLs in payloads.
	url  string
	user string
	// only is the webhook that alone is told of what happens, whether it watches or not;
	// where empty, all that watch are.
	only string

	undo []func()
	puts []record
	due  []due // attempts to be made once this is on disk
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

// clear takes every row away but what time it is.
func (tx *tx) clear() {
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

// origin says whose a change is, and under which URL the Hub was reached.
type origin struct{ url, user string }

// change makes a change, and returns when it is on disk. Where do returns an error,
// nothing has changed; where the disk does not take it, the error is an errStorage.
func (h *Hub) change(do func(*tx) error) error {
	return h.changeFrom(h.ownOrigin(), do)
}

func (h *Hub) ownOrigin() origin { return origin{h.options.URL, h.options.User} }

func (h *Hub) changeFrom(from origin, do func(*tx) error) error {
	tx, err := h.begin(&tx{url: from.url, user: from.user}, do)
	if err != nil {
		return err
	}
	<-tx.waits
	return tx.err
}

// record writes down what has happened. Nobody waits for it. It may be done anew, on
// what is left after changes that the disk has refused.
func (h *Hub) record(do func(*tx) error) {
	own := h.ownOrigin()
	h.begin(&tx{url: own.url, user: own.user, happened: do}, do)
}

// begin makes a change in memory, and hands it over to be written.
func (h *Hub) begin(tx *tx, do func(*tx) error) (*tx, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	tx.state, tx.hub, tx.now, tx.waits = h.state, h, h.clock.now(), make(chan struct{})
	done := false
	defer func() {
		if !done {
			tx.back() // after a panic, too
		}
	}()
	if err := do(tx); err != nil {
		return nil, err
	}
	if err := h.writer.take(tx); err != nil {
		return nil, err
	}
	done = true
	return tx, nil
}

// view reads the state.
func (h *Hub) view(read func(*state)) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	read(h.state)
}

// errStorage says that the disk does not take what was to be written.
var errStorage = errors.New("the Hub cannot write to its database")

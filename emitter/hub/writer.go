package hub

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/store"
)

// writer writes changes down, as many at once as come while it writes. What is
// written is then true to the rest of the world: it is answered, and delivered.
type writer struct {
	db    *DB
	store Records // nil: all is in memory

	mu      sync.Mutex
	pending []*tx
	closed  bool
	wake    chan struct{}
	done    chan struct{}

	// unwritten are rows whose change has happened but could not be written. The next
	// change that can be takes them along.
	unwritten map[rowKey]record
}

// Records is what a database is to the Hub; see store.Store.
type Records interface {
	Load(each func(kind, key string, value []byte) error) error
	Commit([]store.Change) error
	Close() error
}

// rowKey tells the rows of all tables apart.
type rowKey struct{ kind, key string }

var ErrClosed = errors.New("the Hub is closed")

func newWriter(db *DB, stored Records) *writer {
	return &writer{db: db, store: stored, wake: make(chan struct{}, 1), done: make(chan struct{}), unwritten: map[rowKey]record{}}
}

// load reads what the database holds.
func (w *writer) load(s *state) error {
	if w.store == nil {
		return nil
	}
	if err := w.store.Load(s.read); err != nil {
		return err
	}
	s.loaded()
	if m := s.meta(); m.Version > metaVersion {
		return store.ErrNewer
	} else {
		s.seed = m.Seed
	}
	return nil
}

func (w *writer) start() { go w.run() }

// take hands a change over. It is called with the state locked, so that changes come
// in the order in which they were made.
func (w *writer) take(tx *tx) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return ErrClosed
	}
	w.pending = append(w.pending, tx)
	select {
	case w.wake <- struct{}{}:
	default:
	}
	return nil
}

// close writes what is left, and closes the database.
func (w *writer) close() error {
	w.mu.Lock()
	started := w.db.clock != nil
	if !w.closed {
		w.closed = true
		close(w.wake)
	}
	w.mu.Unlock()
	if started {
		<-w.done
	}
	if w.store == nil {
		return nil
	}
	return w.store.Close()
}

func (w *writer) run() {
	defer close(w.done)
	for range w.wake {
		w.flush()
	}
	w.flush()
	// What no change has taken along.
	if len(w.unwritten) > 0 {
		if err := w.write(nil); err != nil {
			w.db.config.Log.Error("cannot write to the database: attempts are forgotten, and are made again", "error", err)
		}
	}
}

// lingers is how long what nobody waits for may wait for what somebody does, so that
// both are written at once.
const lingers = 2 * time.Millisecond

// linger waits for a change that somebody waits for. It is over at once where there is
// one, and where nothing is to be written.
func (w *writer) linger() {
	if w.store == nil {
		return
	}
	var enough <-chan time.Time
	for w.hasTime() {
		if enough == nil {
			enough = time.After(lingers)
		}
		select {
		case <-w.wake:
		case <-enough:
			return
		}
	}
}

// hasTime tells whether there is something to write, and nobody waits for it.
func (w *writer) hasTime() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.pending) > 0 && !w.closed && !slices.ContainsFunc(w.pending, func(tx *tx) bool { return tx.happened == nil })
}

// flush writes all that has come by now.
func (w *writer) flush() {
	for {
		w.linger()
		w.mu.Lock()
		batch := w.pending[:len(w.pending):len(w.pending)]
		w.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		if err := w.write(batch); err != nil {
			w.fail(err)
			continue
		}
		w.settle(batch)
	}
}

// write writes a batch. Of the changes of one row, the last counts.
func (w *writer) write(batch []*tx) error {
	if w.store == nil {
		return nil
	}
	var changes []store.Change
	at := map[rowKey]int{}
	add := func(r record) error {
		value, err := r.bytes()
		if err != nil {
			return err
		}
		key := rowKey{r.table.name(), r.key}
		if i, known := at[key]; known {
			changes[i].Value = value
			return nil
		}
		at[key] = len(changes)
		changes = append(changes, store.Change{Kind: key.kind, Key: key.key, Value: value})
		return nil
	}
	for _, r := range w.unwritten {
		if err := add(r); err != nil {
			return err
		}
	}
	for _, tx := range batch {
		for _, r := range tx.puts {
			if err := add(r); err != nil {
				return err
			}
		}
	}
	if err := w.store.Commit(changes); err != nil {
		return err
	}
	clear(w.unwritten)
	return nil
}

// settle lets go on what waits for a batch to be written.
func (w *writer) settle(batch []*tx) {
	w.mu.Lock()
	for _, tx := range batch {
		w.db.config.Due(tx.due) // before it is gone from here: see DB.IsIdle
	}
	if w.pending = w.pending[len(batch):]; len(w.pending) == 0 {
		w.pending = nil
	}
	w.mu.Unlock()
	for _, tx := range batch {
		w.tell(tx)
		close(tx.waits)
	}
	w.db.Watchers.Notify()
}

// tell tells of the deliveries that a change has changed.
func (w *writer) tell(tx *tx) {
	changed := w.db.config.Changed
	if changed == nil {
		return
	}
	for _, r := range tx.puts {
		if d, ok := r.row.(*Delivery); ok && d != nil {
			changed(*d)
		}
	}
}

// fail undoes all that is not written, the last change first: those that came
// meanwhile rest on those of the batch. What tells of something that has happened is
// done anew on what is left, and is written later.
func (w *writer) fail(cause error) {
	db := w.db
	db.mu.Lock()
	w.mu.Lock()
	batch := w.pending
	touched := deliveriesIn(batch)
	for _, tx := range slices.Backward(batch) {
		tx.back()
	}
	for _, tx := range batch {
		if tx.happened == nil {
			tx.err = fmt.Errorf("%w: %w", ErrStorage, cause)
		} else if err := tx.happened(tx); err != nil {
			tx.back()
		}
		for _, r := range tx.puts {
			w.keep(r)
		}
		db.config.Due(tx.due)
	}
	db.config.Due(db.state.pending(touched)) // before they are gone from here: see DB.IsIdle
	w.pending = nil
	w.mu.Unlock()
	db.mu.Unlock()
	db.config.Log.Error("cannot write to the database: changes are refused", "error", cause)
	for _, tx := range batch {
		w.tell(tx)
		close(tx.waits)
	}
	db.Watchers.Notify()
}

// deliveriesIn are the numbers of the deliveries that a batch changes.
func deliveriesIn(batch []*tx) map[uint64]bool {
	numbers := map[uint64]bool{}
	for _, tx := range batch {
		for _, r := range tx.puts {
			// Of one that is taken away, the key alone tells.
			if number, err := strconv.ParseUint(r.key, 10, 64); err == nil && r.table.name() == tx.deliveries.name() {
				numbers[number] = true
			}
		}
	}
	return numbers
}

// pending is when attempts are due at those deliveries that are pending.
func (s *state) pending(numbers map[uint64]bool) []Due {
	var list []Due
	for number := range numbers {
		if d := s.Delivery(number); d != nil && !d.Done() {
			list = append(list, Due{d.Due, number})
		}
	}
	return list
}

// keep remembers a row, to be written as it will be then.
func (w *writer) keep(r record) {
	table, key := r.table, r.key
	w.unwritten[rowKey{table.name(), key}] = record{table: table, key: key, bytes: func() ([]byte, error) {
		w.db.mu.RLock()
		defer w.db.mu.RUnlock()
		return table.written(key)
	}}
}

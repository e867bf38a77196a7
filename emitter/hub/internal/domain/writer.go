package domain

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/store"
)

// writer writes transactions to the database in the order in which they were made, as
// many at once as arrive while it writes. Only what is on disk is acknowledged: calls
// are answered, and attempts become due.
type writer struct {
	db    *DB
	store Records // nil: all is in memory

	mu      sync.Mutex
	pending []*Tx // not acknowledged yet; first those that are being written
	closed  bool

	wake      chan struct{} // for a transaction of Update
	wakeLater chan struct{} // for one of Record
	closing   chan struct{}
	done      chan struct{}

	// deferred are rows of transactions that the disk refused, but that record what has
	// happened. The next batch takes them along.
	deferred map[rowKey]record
}

// Records keeps the rows of a database; see store.Store.
type Records interface {
	Load(each func(kind, key string, value []byte) error) error
	Commit([]store.Change) error
	Close() error
}

// ErrClosed is the error of a change after Close.
var ErrClosed = errors.New("the Hub is closed")

func newWriter(db *DB, stored Records) *writer {
	w := &writer{
		db: db, store: stored, wake: make(chan struct{}, 1), wakeLater: make(chan struct{}, 1),
		closing: make(chan struct{}), done: make(chan struct{}),
		deferred: map[rowKey]record{},
	}
	go w.run()
	return w
}

func (w *writer) load(s *State) error {
	if w.store == nil {
		return nil
	}
	if err := w.store.Load(s.read); err != nil {
		return err
	}
	s.loaded()
	m := s.meta()
	if m.Version > metaVersion {
		return store.ErrNewer
	}
	s.Seed = m.Seed
	return nil
}

func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	close(w.closing)
	<-w.done
	if w.store == nil {
		return nil
	}
	return w.store.Close()
}

// batchDelay is how long a transaction of Record waits for one of Update, so that both cost one
// commit.
const batchDelay = 2 * time.Millisecond

// enqueue hands over a transaction. It is called with the state locked, so that
// transactions are written in the order in which they were made.
func (w *writer) enqueue(tx *Tx) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return ErrClosed
	}
	w.pending = append(w.pending, tx)
	signal := w.wake
	if tx.redo != nil && w.store != nil {
		signal = w.wakeLater
	}
	select {
	case signal <- struct{}{}:
	default:
	}
	return nil
}

func (w *writer) run() {
	defer close(w.done)
	for open := true; open; {
		select {
		case <-w.wake:
		case <-w.wakeLater:
			select {
			case <-w.wake:
			case <-w.closing:
				open = false
			case <-time.After(batchDelay):
			}
		case <-w.closing:
			open = false
		}
		w.flush()
	}
	if len(w.deferred) > 0 {
		if err := w.write(nil); err != nil {
			w.db.config.Log.Error("cannot write to the database: attempts are forgotten, and are made again", "error", err)
		}
	}
}

// takePending returns what is pending, and withdraws the signals for it: they would have
// what comes next written too early.
func (w *writer) takePending() []*Tx {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, signal := range []chan struct{}{w.wake, w.wakeLater} {
		select {
		case <-signal:
		default:
		}
	}
	return slices.Clip(w.pending)
}

func (w *writer) flush() {
	batch := w.takePending()
	if len(batch) == 0 {
		return
	}
	if err := w.write(batch); err != nil {
		batch = w.rollBack(err)
	} else {
		w.acknowledge(batch)
	}
	for _, tx := range batch {
		w.reportChanged(tx)
		close(tx.done)
	}
	w.db.Watchers.Notify()
}

// write commits the rows of a batch, and with them those that were deferred.
func (w *writer) write(batch []*Tx) error {
	if w.store == nil {
		return nil
	}
	rows := maps.Clone(w.deferred)
	for _, tx := range batch {
		for _, r := range tx.records {
			rows[r.rowKey] = r // of the changes of one row, the last counts
		}
	}
	changes := make([]store.Change, 0, len(rows))
	for key, r := range rows {
		value, err := r.table.encode(r.row)
		if err != nil {
			return err
		}
		changes = append(changes, store.Change{Kind: key.table.name(), Key: key.key, Value: value})
	}
	slices.SortFunc(changes, func(a, b store.Change) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	if err := w.store.Commit(changes); err != nil {
		return err
	}
	clear(w.deferred)
	return nil
}

// acknowledge removes from what is pending a batch that is on disk, and makes its attempts due.
func (w *writer) acknowledge(batch []*Tx) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, tx := range batch {
		w.db.config.Due(tx.due) // before it is removed here: see DB.IsIdle
	}
	w.pending = append([]*Tx(nil), w.pending[len(batch):]...)
}

// rollBack rolls back all that is pending, because what came after the batch builds on it. Then it
// makes the changes of Record again, and defers their rows. It returns the transactions, which are
// no longer pending.
func (w *writer) rollBack(cause error) []*Tx {
	db := w.db
	db.config.Log.Error("cannot write to the database: changes are refused", "error", cause)
	db.mu.Lock()
	defer db.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	refused := w.pending
	var deliveries []string
	for _, tx := range slices.Backward(refused) {
		for _, r := range tx.records {
			if r.table == anyTable(tx.deliveries) {
				deliveries = append(deliveries, r.key)
			}
		}
		tx.rollback()
	}
	for _, tx := range refused {
		if tx.redo == nil {
			tx.err = fmt.Errorf("%w: %w", ErrStorage, cause)
			continue
		}
		tx.redo(tx)
		for _, r := range tx.records {
			w.deferred[r.rowKey] = r
		}
		db.config.Due(tx.due)
	}
	// A refused transaction may have called off an attempt that was due.
	for _, key := range deliveries {
		if d := db.state.deliveries.rows[key]; d != nil && d.State == activity.Pending {
			db.config.Due([]Due{{At: d.Due, Number: d.Number}})
		}
	}
	w.pending = nil
	return refused
}

func (w *writer) reportChanged(tx *Tx) {
	changed := w.db.config.Changed
	if changed == nil {
		return
	}
	for _, r := range tx.records {
		if d, ok := r.row.(*activity.Delivery); ok && d != nil {
			changed(*d)
		}
	}
}

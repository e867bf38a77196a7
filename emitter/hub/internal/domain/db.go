// Package domain holds what a Hub keeps, and changes it: repos and their commits,
// discussions, webhooks, deliveries. [DB] reads and updates; a [Tx] is one change, all of
// which happens or nothing. [Tx.Publish] creates deliveries for an event; attempting them
// is for package dispatch, and what clients send and get is for package api.
package domain

import (
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/activity"
)

// Config configures changes and deliveries.
type Config struct {
	URL  string // begins the URLs in payloads of changes that no request makes
	User string // makes the changes that no request makes
	Log  *slog.Logger

	Quota            int  // triggers of a webhook in 24 hours
	DeliverOverQuota bool // triggers beyond the quota are delivered all the same
	CountAttempts    bool // retries and replays count towards the quota
	ObjectIDs        bool // Webhook-Id has the form of the Hub's other ids
	Retries          delivery.Retries
	SuspendAfter     int // failed attempts in a row; never if not positive

	KeepDeliveries int
	KeepFor        time.Duration // by the Hub's clock
	KeepBytes      int64         // of all payloads
	KeepCommits    int           // of each repo
	MaxStored      int64         // bytes of all files, over all repos

	Generator *emitter.Generator
	// Faults returns what the Hub does wrong on purpose with a delivery.
	Faults func(number uint64, w *activity.Webhook) FaultPlan
	// Due is called for attempts to make, once what they are for is on disk.
	Due func([]Due)
	// Changed is called for each delivery that is created or changes; nil is allowed.
	Changed func(activity.Delivery)
}

// Clock is the time on a Hub.
type Clock interface{ Now() time.Time }

// Due says when a delivery is to be attempted.
type Due struct {
	At     time.Time
	Number uint64
}

// FaultPlan is what the Hub does wrong on purpose with a delivery.
type FaultPlan struct {
	Delay       time.Duration // of its first attempt, all in all
	Late        bool          // for no other reason than a delay
	Reordered   bool
	Duplicated  bool
	WrongSecret bool
	FailFirst   int // attempts that are not sent
}

func (p FaultPlan) names() []activity.Fault {
	var names []activity.Fault
	for _, fault := range []struct {
		name activity.Fault
		is   bool
	}{
		{activity.FaultDelay, p.Late}, {activity.FaultReorder, p.Reordered}, {activity.FaultFailFirst, p.FailFirst > 0},
		{activity.FaultWrongSecret, p.WrongSecret}, {activity.FaultDuplicate, p.Duplicated},
	} {
		if fault.is {
			names = append(names, fault.name)
		}
	}
	return names
}

// DB holds what a Hub keeps. It is safe for concurrent use.
type DB struct {
	Watchers *Watchers // are notified of each change

	config Config
	clock  Clock
	mu     sync.RWMutex // guards state
	state  *State
	writer *writer
}

// Open reads what is stored, and keeps all in memory if that is nil. A store that has a seed
// keeps it. Start the DB before it is changed.
func Open(stored Records, seed uint64) (*DB, error) {
	db := &DB{Watchers: &Watchers{}, state: newState(seed)}
	db.writer = newWriter(db, stored)
	if err := db.writer.load(db.state); err != nil {
		db.writer.close()
		return nil, err
	}
	return db, nil
}

func (db *DB) Start(config Config, clock Clock) { db.config, db.clock = config, clock }

// Close writes what is left and closes the database.
func (db *DB) Close() error { return db.writer.close() }

// Seed returns what ids, jitter and faults follow from.
func (db *DB) Seed() uint64 { return db.state.Seed }

func (db *DB) Now() time.Time { return db.clock.Now() }

// Payload returns the body of a delivery; nil if it is forgotten.
func (db *DB) Payload(number uint64) (body []byte) {
	db.View(func(s *State) { body = s.Payload(number) })
	return body
}

// Room returns how many more bytes of files can be stored.
func (db *DB) Room() (room int64) {
	db.View(func(s *State) { room = db.config.MaxStored - s.storedBytes })
	return room
}

// Written returns the time on the Hub when the database was last written; zero if it is new.
func (db *DB) Written() time.Time { return db.state.meta().Now }

// Origin is who makes a change, and the URL under which the Hub was reached.
type Origin struct{ URL, User string }

// Update makes a change and returns when it is on disk. If do returns an error, nothing has
// changed; if the disk does not take it, the error is an ErrStorage.
func (db *DB) Update(do func(*Tx) error) error { return db.UpdateFrom(db.ownOrigin(), do) }

// UpdateFrom is Update for another origin than the Hub itself.
func (db *DB) UpdateFrom(from Origin, do func(*Tx) error) error {
	tx, err := db.begin(&Tx{URL: from.URL, User: from.User}, do)
	if err != nil {
		return err
	}
	<-tx.done
	return tx.err
}

// Record stores what has happened, without waiting for the disk. If earlier changes are rolled
// back, it runs again.
func (db *DB) Record(do func(*Tx)) {
	own := db.ownOrigin()
	db.begin(&Tx{URL: own.URL, User: own.User, redo: do}, func(tx *Tx) error {
		do(tx)
		return nil
	})
}

func (db *DB) ownOrigin() Origin { return Origin{db.config.URL, db.config.User} }

func (db *DB) begin(tx *Tx, do func(*Tx) error) (*Tx, error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	tx.State, tx.Config, tx.Now, tx.done = db.state, &db.config, db.clock.Now(), make(chan struct{})
	enqueued := false
	defer func() {
		if !enqueued {
			tx.rollback() // after a panic, too
		}
	}()
	if err := do(tx); err != nil {
		return nil, err
	}
	if err := db.writer.enqueue(tx); err != nil {
		return nil, err
	}
	enqueued = true
	return tx, nil
}

// View reads the state.
func (db *DB) View(read func(*State)) {
	db.mu.RLock()
	defer db.mu.RUnlock()
	read(db.state)
}

// IsIdle reports whether everything is written and others are idle, too. They are asked
// while no change can be written: what is due comes to them before it is removed here.
func (db *DB) IsIdle(others func() bool) bool {
	db.writer.mu.Lock()
	defer db.writer.mu.Unlock()
	return len(db.writer.pending) == 0 && others()
}

// ErrStorage is the error of a change that could not be written to disk.
var ErrStorage = errors.New("the Hub cannot write to its database")

// MaxListeners bounds how many clients may listen to changes.
const MaxListeners = 64

// Watchers wakes those that wait for a change.
type Watchers struct {
	mu    sync.Mutex
	next  chan struct{} // nil if nothing waits
	ended bool

	version   atomic.Uint64 // how often something has happened
	listeners atomic.Int64  // that wait for it over HTTP
}

// Wait returns a channel that is closed at the next change.
func (w *Watchers) Wait() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next == nil {
		w.next = make(chan struct{})
		if w.ended {
			close(w.next)
		}
	}
	return w.next
}

// Notify wakes all waiters.
func (w *Watchers) Notify() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.version.Add(1)
	if w.next != nil && !w.ended {
		close(w.next)
		w.next = nil
	}
}

// Close wakes all waiters, and lets none wait any more.
func (w *Watchers) Close() {
	w.Notify()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
}

// Enter counts a listener, and reports whether there is room for it.
func (w *Watchers) Enter() bool {
	if w.listeners.Add(1) > MaxListeners {
		w.Leave()
		return false
	}
	return true
}

// Leave undoes Enter.
func (w *Watchers) Leave() { w.listeners.Add(-1) }

// Count returns how often Notify was called.
func (w *Watchers) Count() uint64 { return w.version.Load() }

func (w *Watchers) Listeners() int { return int(w.listeners.Load()) }

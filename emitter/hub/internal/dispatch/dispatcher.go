// Package dispatch attempts deliveries when they are due, by HTTP or by running a Job, and
// records what came of it. When a delivery is attempted again is decided by package domain.
package dispatch

import (
	"cmp"
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
)

// Config configures a Dispatcher.
type Config struct {
	Sender      *delivery.Sender
	Timeout     time.Duration // of an attempt with its redirects, or of a Job, in our time
	UserAgent   string
	ContentType string
	Chunked     bool // without Content-Length
	Redirects   bool // are followed
	Concurrency int  // attempts at once for each webhook
	JobCommand  []string
	JobRepoID   string // the property of repo that WEBHOOK_REPO_ID holds
	Faults      func(number uint64, w *activity.Webhook) domain.FaultPlan
}

// Dispatcher makes attempts when they are due. Each webhook has a queue of its own, so that
// a handler that hangs delays no other webhook's deliveries.
type Dispatcher struct {
	ctx    context.Context
	config Config
	db     *domain.DB
	clock  *Clock
	masks  mask.Cache

	mu     sync.Mutex
	queue  dueQueue
	queues map[string]*webhookQueue // by webhook
	// inFlight are the deliveries that wait in queues, or are being attempted; true if one
	// is to be looked at once more, for it fell due meanwhile.
	inFlight map[uint64]bool
	wakeup   chan struct{}
	done     chan struct{}
	busy     sync.WaitGroup
}

// webhookQueue is what is to be attempted for one webhook, in the order in which it fell due.
type webhookQueue struct {
	waiting []uint64
	running int
}

// New returns a dispatcher that works until the context ends. Start it.
func New(ctx context.Context, config Config, db *domain.DB, clock *Clock) *Dispatcher {
	return &Dispatcher{
		ctx: ctx, config: config, db: db, clock: clock, queues: map[string]*webhookQueue{}, inFlight: map[uint64]bool{},
		wakeup: make(chan struct{}, 1), done: make(chan struct{}),
	}
}

// Start takes up what was pending when the database was closed.
func (p *Dispatcher) Start() {
	var pending []domain.Due
	p.db.View(func(s *domain.State) {
		for _, d := range s.Deliveries() {
			if d.State == activity.Pending {
				pending = append(pending, domain.Due{At: d.Due, Number: d.Number})
			}
		}
	})
	p.Schedule(pending)
	go p.run()
}

// Schedule plans attempts. One that is planned twice is made once.
func (p *Dispatcher) Schedule(list []domain.Due) {
	if len(list) == 0 {
		return
	}
	p.mu.Lock()
	for _, d := range list {
		heap.Push(&p.queue, d)
	}
	p.mu.Unlock()
	p.wake()
}

func (p *Dispatcher) wake() {
	select {
	case p.wakeup <- struct{}{}:
	default:
	}
}

// Wait returns when the context has ended and no attempt is under way.
func (p *Dispatcher) Wait() {
	<-p.done
	p.busy.Wait()
	p.config.Sender.Close()
}

func (p *Dispatcher) run() {
	defer close(p.done)
	for p.ctx.Err() == nil {
		p.dispatchDue()
		p.sleep()
	}
}

func (p *Dispatcher) dispatchDue() {
	now := p.clock.Now()
	p.mu.Lock()
	var ready []uint64
	for len(p.queue) > 0 && !p.queue[0].At.After(now) {
		number := heap.Pop(&p.queue).(domain.Due).Number
		_, known := p.inFlight[number]
		if p.inFlight[number] = known; !known {
			ready = append(ready, number)
		}
	}
	p.mu.Unlock()
	for _, number := range ready {
		p.enqueue(number)
	}
}

func (p *Dispatcher) sleep() {
	var ring <-chan time.Time
	var moved <-chan struct{}
	p.mu.Lock()
	if len(p.queue) > 0 {
		ring, moved = p.clock.alarm(p.queue[0].At)
	}
	p.mu.Unlock()
	select {
	case <-p.ctx.Done():
	case <-p.wakeup:
	case <-moved:
	case <-ring:
	}
}

func (p *Dispatcher) enqueue(number uint64) {
	var webhook string
	p.db.View(func(s *domain.State) {
		if d := s.Delivery(number); d != nil {
			webhook = d.RegistrationID
		}
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.queues[webhook]
	if l == nil {
		l = &webhookQueue{}
		p.queues[webhook] = l
	}
	l.waiting = append(l.waiting, number)
	if l.running < p.config.Concurrency {
		l.running++
		p.busy.Go(func() { p.work(webhook, l) })
	}
}

func (p *Dispatcher) work(webhook string, l *webhookQueue) {
	for {
		p.mu.Lock()
		if len(l.waiting) == 0 || p.ctx.Err() != nil {
			if l.running--; l.running == 0 {
				delete(p.queues, webhook)
			}
			p.mu.Unlock()
			return
		}
		number := l.waiting[0]
		l.waiting = l.waiting[1:]
		p.mu.Unlock()

		p.attempt(number)

		p.finish(number)
		p.db.Watchers.Notify()
	}
}

func (p *Dispatcher) finish(number uint64) {
	p.mu.Lock()
	again := p.inFlight[number]
	delete(p.inFlight, number)
	if again {
		heap.Push(&p.queue, domain.Due{Number: number})
	}
	p.mu.Unlock()
	if again {
		p.wake()
	}
}

// IsIdle reports whether nothing is under way or due. What is due is always here or waits
// to be written: it moves to the database before it is removed here.
func (p *Dispatcher) IsIdle() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.inFlight) == 0 && (len(p.queue) == 0 || p.queue[0].At.After(p.clock.Now()))
}

// dueQueue is a heap of what is due, the next first.
type dueQueue []domain.Due

func (q dueQueue) Len() int { return len(q) }
func (q dueQueue) Less(i, j int) bool {
	return cmp.Or(q[i].At.Compare(q[j].At), cmp.Compare(q[i].Number, q[j].Number)) < 0
}
func (q dueQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *dueQueue) Push(x any)   { *q = append(*q, x.(domain.Due)) }
func (q *dueQueue) Pop() any {
	last := len(*q) - 1
	d := (*q)[last]
	*q = (*q)[:last]
	return d
}

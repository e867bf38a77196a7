package hub

import (
	"container/heap"
	"sync"
	"time"
)

// post makes attempts when they are due. Each webhook has a lane of its own, so that
// a handler that hangs holds up nobody else's deliveries.
type post struct {
	hub *Hub

	mu    sync.Mutex
	queue dueQueue
	lanes map[string]*lane // by webhook
	// flying are the deliveries that wait in lanes, or are being attempted; true where one
	// is to be looked at once more, for it fell due meanwhile.
	flying map[uint64]bool
	wake   chan struct{}
	done   chan struct{}
	busy   sync.WaitGroup
}

// due says when a delivery is to be attempted.
type due struct {
	at     time.Time
	number uint64
}

// lane is what is to be attempted for one webhook, in the order in which it fell due.
type lane struct {
	waiting []uint64
	running int
}

func newPost(h *Hub) *post {
	return &post{hub: h, lanes: map[string]*lane{}, flying: map[uint64]bool{}, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// start takes up what was pending when the database was closed.
func (p *post) start() {
	var pending []due
	p.hub.view(func(s *state) {
		for _, d := range s.order {
			if d.State == Pending {
				pending = append(pending, due{d.Due, d.Number})
			}
		}
	})
	p.add(pending)
	go p.run()
}

// add plans attempts. One that is planned twice is made once.
func (p *post) add(list []due) {
	if len(list) == 0 {
		return
	}
	p.mu.Lock()
	for _, d := range list {
		heap.Push(&p.queue, d)
	}
	p.mu.Unlock()
	p.rouse()
}

// rouse has the queue be looked at.
func (p *post) rouse() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// wait returns when the Hub is closed and no attempt is under way.
func (p *post) wait() {
	<-p.done
	p.busy.Wait()
}

func (p *post) run() {
	defer close(p.done)
	for p.hub.ctx.Err() == nil {
		p.launch()
		p.sleep()
	}
}

// launch hands over to the lanes what is due.
func (p *post) launch() {
	now := p.hub.clock.now()
	p.mu.Lock()
	var ready []uint64
	for len(p.queue) > 0 && !p.queue[0].at.After(now) {
		number := heap.Pop(&p.queue).(due).number
		_, flies := p.flying[number]
		if p.flying[number] = flies; !flies {
			ready = append(ready, number)
		}
	}
	p.mu.Unlock()
	for _, number := range ready {
		p.offer(number)
	}
}

// sleep waits for the next moment at which something is due, or for something new.
func (p *post) sleep() {
	p.mu.Lock()
	empty := len(p.queue) == 0
	var next time.Time
	if !empty {
		next = p.queue[0].at
	}
	p.mu.Unlock()
	var ring <-chan time.Time
	var moved <-chan struct{}
	if !empty {
		left, changed, comes := p.hub.clock.alarm(next)
		moved = changed
		if comes {
			timer := time.NewTimer(left)
			defer timer.Stop()
			ring = timer.C
		}
	}
	select {
	case <-p.hub.ctx.Done():
	case <-p.wake:
	case <-moved:
	case <-ring:
	}
}

// offer puts a delivery into the lane of its webhook.
func (p *post) offer(number uint64) {
	var webhook string
	p.hub.view(func(s *state) {
		if d := s.delivery(number); d != nil {
			webhook = d.Webhook
		}
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lanes[webhook]
	if l == nil {
		l = &lane{}
		p.lanes[webhook] = l
	}
	l.waiting = append(l.waiting, number)
	if l.running < p.hub.options.Concurrency {
		l.running++
		p.busy.Go(func() { p.work(webhook, l) })
	}
}

// work makes the attempts that wait in a lane.
func (p *post) work(webhook string, l *lane) {
	for {
		p.mu.Lock()
		if len(l.waiting) == 0 || p.hub.ctx.Err() != nil {
			if l.running--; l.running == 0 {
				delete(p.lanes, webhook)
			}
			p.mu.Unlock()
			return
		}
		number := l.waiting[0]
		l.waiting = l.waiting[1:]
		p.mu.Unlock()

		p.hub.attempt(number)

		p.land(number)
		p.hub.watchers.notify()
	}
}

// land is for a delivery whose turn is over.
func (p *post) land(number uint64) {
	p.mu.Lock()
	again := p.flying[number]
	delete(p.flying, number)
	if again {
		heap.Push(&p.queue, due{number: number})
	}
	p.mu.Unlock()
	if again {
		p.rouse()
	}
}

// isIdle tells whether nothing is under way: nothing to write, and nothing due. What
// is due is always in one place or the other: it goes from here to the writer before
// it is gone here, and comes from there with both locked.
func (h *Hub) isIdle() bool {
	h.writer.mu.Lock()
	defer h.writer.mu.Unlock()
	h.post.mu.Lock()
	defer h.post.mu.Unlock()
	return len(h.writer.pending) == 0 && len(h.post.flying) == 0 &&
		(len(h.post.queue) == 0 || h.post.queue[0].at.After(h.clock.now()))
}

// dueQueue is a heap of what is due, the next first.
type dueQueue []due

func (q dueQueue) Len() int { return len(q) }
func (q dueQueue) Less(i, j int) bool {
	if c := q[i].at.Compare(q[j].at); c != 0 {
		return c < 0
	}
	return q[i].number < q[j].number
}
func (q dueQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *dueQueue) Push(x any)   { *q = append(*q, x.(due)) }
func (q *dueQueue) Pop() any {
	last := len(*q) - 1
	d := (*q)[last]
	*q = (*q)[:last]
	return d
}

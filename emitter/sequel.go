package emitter

// sequel is an event that follows from another one.
type sequel struct {
	act  actID
	repo *repo
	id   objectID // of the repo
	num  uint64   // of the discussion; 0 where it is about none
}

// holds tells whether there is still what it is about.
func (q *sequel) holds() bool {
	return q.repo.alive && q.repo.id == q.id && (q.num == 0 || q.repo.talkNumbered(q.num) != nil)
}

// follow has an act follow from the one that is being done.
func (w *world) follow(act actID, num uint64) {
	w.queue = append(w.queue, sequel{act: act, repo: w.scene.repo, id: w.scene.repo.id, num: num})
}

// next is the event that follows from earlier ones; nil where none does.
func (w *world) next() *sequel {
	for len(w.queue) > 0 && !w.queue[0].holds() {
		w.queue = remove(w.queue, 0)
	}
	if len(w.queue) == 0 {
		return nil
	}
	return &w.queue[0]
}

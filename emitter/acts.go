package emitter

// act is something that happens on the Hub, of which one event tells.
type act struct {
	shape  string // of the payload that tells of it
	weight int    // how often it happens, in a thousand events of a story
	on     kinds  // the repos that it can happen to
	// sequel says that it happens only because of another act.
	sequel bool
	// suits tells whether its event can be as it is wanted; nil: it always can.
	suits func(*Scene) bool
	// find finds what it happens to, and puts that on the scene. Where there is
	// nothing, it says what has to happen before.
	find func(w *world, want *Scene, on kinds) actID
	do   func(w *world, want *Scene, on kinds)
}

// actID is an act's place in the table of acts.
type actID int

const (
	ready actID = iota - 1 // nothing has to happen before
	createRepo
	deleteRepo
	moveRepo
	updateRepo
	setPrivacy
	setSomething
	pushMain
	pushBranch
	makeBranch
	dropBranch
	makeTag
	dropTag
	pushPull
	openPullRef
	pushMerge
	convertParquet
	changeFiles
	pushWanted
	openTalk
	openPull
	retitle
	publish
	closeTalk
	reopenTalk
	mergePull
	deleteTalk
	writeComment
	editComment
	hideComment
	actCount
)

// kinds are the types of repos that something can happen to; a later one is one
// of those before it.
type kinds uint8

const (
	anyKind kinds = iota
	gitKinds
	datasets
	buckets
)

func (k kinds) hold(kind *repoKind) bool {
	switch k {
	case gitKinds:
		return kind.git
	case datasets:
		return kind == &repoKinds[datasetKind]
	case buckets:
		return kind == &repoKinds[bucketKind]
	}
	return true
}

// newActs is the table of acts.
func newActs() []act {
	acts := make([]act, actCount)
	for _, part := range []map[actID]act{repoActs(), contentActs(), talkActs(), commentActs()} {
		for id, a := range part {
			acts[id] = a
		}
	}
	return acts
}

// suits tells whether an act's event can be as it is wanted.
func (w *world) suits(id actID, want *Scene) bool {
	a := &w.acts[id]
	if (len(want.Refs) > 0) != (id == pushWanted) && a.shape == w.acts[pushWanted].shape {
		return false
	}
	if want.RepoType != "" && !a.on.hold(kindNamed(want.RepoType)) || want.git && a.on == buckets {
		return false
	}
	return a.suits == nil || a.suits(want)
}

// choice is a list of acts that one is picked from by their weights.
type choice struct {
	acts  []actID
	total int // of their weights
}

// choices appends to list those acts whose events can be as they are wanted. Where
// none can, the first one is left.
func (w *world) choices(list []actID, among []actID, want *Scene) choice {
	c := choice{acts: list}
	for _, id := range among {
		if w.suits(id, want) {
			c.acts = append(c.acts, id)
			c.total += w.acts[id].weight
		}
	}
	if len(c.acts) == 0 {
		c.acts, c.total = append(c.acts, among[0]), w.acts[among[0]].weight
	}
	return c
}

func (w *world) choose(c choice) actID {
	left := w.dice.below(c.total)
	for _, id := range c.acts {
		if left -= w.acts[id].weight; left < 0 {
			return id
		}
	}
	return c.acts[0]
}

// fits tells whether a repo is as it is wanted.
func (w *world) fits(r *repo, want *Scene) bool {
	switch {
	case want.RepoType != "" && r.kind.name != want.RepoType, want.git && !r.kind.git,
		want.Private != Any && r.private != (want.Private == Yes):
		return false
	case want.RepoName != "":
		return r.title.is(want.RepoName)
	}
	return !want.Canonical || r.title.owner == nil
}

// is tells whether a title is that which a user gave.
func (t *repoTitle) is(fullName string) bool {
	if t.owner == nil {
		return t.name.text == fullName
	}
	n := len(t.owner.name)
	return len(fullName) > n && fullName[:n] == t.owner.name && fullName[n] == '/' && fullName[n+1:] == t.name.text
}

// findRepo puts a repo on the scene that is as it is wanted and of which holds is
// true.
func (w *world) findRepo(want *Scene, on kinds, holds func(*repo) bool) bool {
	start := w.dice.below(len(w.repos))
	for i := range w.repos {
		at := start + i
		if at >= len(w.repos) {
			at -= len(w.repos)
		}
		r := &w.repos[at]
		if r.alive && on.hold(r.kind) && w.fits(r, want) && (holds == nil || holds(r)) {
			w.scene.repo = r
			return true
		}
	}
	return false
}

// findTalk puts a discussion on the scene that is as it is wanted, and of which
// holds is true.
func (w *world) findTalk(want *Scene, holds func(*discussion) bool) bool {
	start := w.dice.below(len(w.repos))
	turn := w.dice.below(mostTalks)
	for i := range w.repos {
		at := start + i
		if at >= len(w.repos) {
			at -= len(w.repos)
		}
		r := &w.repos[at]
		if !r.alive || len(r.talks) == 0 || !w.fits(r, want) {
			continue
		}
		for i := range r.talks {
			d := &r.talks[(i+turn)%len(r.talks)]
			if talkFits(d, want) && holds(d) {
				w.scene.repo, w.scene.talk = r, d
				return true
			}
		}
	}
	return false
}

func talkFits(d *discussion, want *Scene) bool {
	return want.PullRequest == Any || d.pull == (want.PullRequest == Yes)
}

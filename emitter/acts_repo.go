package emitter

// repoActs are what happens to a repo as a whole.
func repoActs() map[actID]act {
	aRepo := aRepoWith(nil, createRepo)
	return map[actID]act{
		createRepo:   {shape: "repo.create", weight: 30, find: findRoom, do: doCreateRepo},
		deleteRepo:   {shape: "repo.delete", weight: 8, find: findDoomed, do: doDeleteRepo},
		moveRepo:     {shape: "repo.move", weight: 12, find: aRepo, do: doMoveRepo},
		updateRepo:   {shape: "repo.update", weight: 20, find: aRepo, do: func(*world, *Scene, kinds) {}},
		setPrivacy:   {shape: "repo.config.update", weight: 15, find: aRepo, do: doSetPrivacy},
		setSomething: {shape: "repo.config.update", weight: 40, find: aRepo, do: func(*world, *Scene, kinds) {}},
	}
}

// findRoom finds a place for a new repo. A name that a user wants for it must be
// free, and a world that is full loses a repo first.
func findRoom(w *world, want *Scene, on kinds) actID {
	if want.RepoName != "" && w.findRepo(want, on, nil) {
		w.needs.doomed = w.scene.repo
		return deleteRepo
	}
	for i := range w.repos {
		if !w.repos[i].alive {
			w.scene.repo = &w.repos[i]
			return ready
		}
	}
	w.needs.doomed = &w.repos[w.dice.below(len(w.repos))]
	return deleteRepo
}

// findDoomed finds a repo to delete: the one that makes room, where one must.
func findDoomed(w *world, want *Scene, on kinds) actID {
	if w.needs.doomed != nil {
		w.scene.repo = w.needs.doomed
		return ready
	}
	return aRepoWith(nil, createRepo)(w, want, on)
}

// mostEarlier is how many discussions a repo had that was made off stage.
const mostEarlier = 200

func doCreateRepo(w *world, want *Scene, on kinds) {
	w.draw(chanceOfRepo)
	r := w.scene.repo
	r.clear()
	w.alive++
	r.alive, r.kind = true, w.newKind(want, on)
	r.title = w.wantedTitle(r.kind, want)
	r.id = w.newID(repoID)
	r.private = w.dice.oneIn(4)
	if want.Private != Any {
		r.private = want.Private == Yes
	}
	earlier := w.dice.below(mostEarlier)
	if r.kind.git {
		r.head, r.version = w.newSHA(), beforeFirstTag
	}
	if !w.staged {
		w.give(r, earlier)
	}
}

// beforeFirstTag is what a version is counted up from: the first tag is v1.0.
const beforeFirstTag = 15

// give gives a repo that was made off stage something that it looks back on:
// discussions that nobody tells of any more, files that are there.
func (w *world) give(r *repo, earlier int) {
	if r.kind.git {
		r.nums = uint64(earlier)
		return
	}
	for range 1 + earlier%mostFiles {
		if path := w.pathIn(r); !r.has(path) {
			r.files = appendLast(r.files, path)
		}
	}
}

// newKind is the type of a new repo. The Hub has more models than anything else.
func (w *world) newKind(want *Scene, on kinds) *repoKind {
	if want.RepoType != "" {
		return kindNamed(want.RepoType)
	}
	chance := w.dice.below(100)
	if want.git || len(want.Refs) > 0 {
		on = max(on, gitKinds)
	}
	switch {
	case on == buckets, on == anyKind && chance < 15:
		return &repoKinds[bucketKind]
	case on == datasets, chance < 45:
		return &repoKinds[datasetKind]
	case chance < 65:
		return &repoKinds[spaceKind]
	}
	return &repoKinds[modelKind]
}

func (w *world) wantedTitle(kind *repoKind, want *Scene) repoTitle {
	switch {
	case want.RepoName != "":
		return w.givenTitle(want.RepoName)
	case want.Canonical:
		return w.newTitle(kind, nil)
	}
	return w.newTitle(kind, w.owner())
}

func doDeleteRepo(w *world, _ *Scene, _ kinds) { w.leaving = w.scene.repo }

// doMoveRepo renames a repo, or gives it to another owner. A name that is set by
// hand is told alone: not every repo can come to have it.
func doMoveRepo(w *world, want *Scene, _ kinds) {
	r := w.scene.repo
	if want.movedTo != "" {
		w.scene.movedTo = w.givenTitle(want.movedTo)
		return
	}
	owner := r.title.owner
	if owner == nil || w.dice.oneIn(3) {
		owner = w.owner()
	}
	w.scene.movedTo = w.newTitle(r.kind, owner)
	w.moving = r
}

func doSetPrivacy(w *world, want *Scene, _ kinds) {
	r := w.scene.repo
	if want.Private == Any {
		r.private = !r.private
	}
	w.scene.private = No
	if r.private {
		w.scene.private = Yes
	}
}

package world

import "slices"

func repoEvents() map[EventKind]eventSpec {
	aRepo, nothing := repoWhere(nil, CreateRepo), func(*World, *Constraints) {}
	return map[EventKind]eventSpec{
		CreateRepo:   {shape: "repo.create", weight: 30, find: findRoom, do: doCreateRepo},
		deleteRepo:   {shape: "repo.delete", weight: 8, find: findDoomed, do: doDeleteRepo},
		moveRepo:     {shape: "repo.move", weight: 12, find: aRepo, do: doMoveRepo},
		updateRepo:   {shape: "repo.update", weight: 20, find: aRepo, do: nothing},
		setPrivacy:   {shape: "repo.config.update", weight: 15, find: aRepo, do: doSetPrivacy},
		setSomething: {shape: "repo.config.update", weight: 40, find: aRepo, do: nothing},
	}
}

// findRoom finds a place for a new repo. A name that is wanted for it must be free, and a full world loses a repo
// first.
func findRoom(w *World, want *Constraints) EventKind {
	if want.RepoName != "" && w.findRepo(want, nil) {
		w.needs.doomed = w.event.Repo
		return deleteRepo
	}
	for i := range w.repos {
		if !w.repos[i].alive {
			w.event.Repo = &w.repos[i]
			return ready
		}
	}
	w.needs.doomed = &w.repos[w.RNG.IntN(len(w.repos))]
	return deleteRepo
}

// findDoomed finds a repo to delete: the one that makes room, if one must.
func findDoomed(w *World, want *Constraints) EventKind {
	if w.needs.doomed != nil {
		w.event.Repo = w.needs.doomed
		return ready
	}
	return repoWhere(nil, CreateRepo)(w, want)
}

// maxEarlier bounds how many discussions a repo had before the first event that is reported of it.
const maxEarlier = 200

func doCreateRepo(w *World, want *Constraints) {
	w.reseed(repoStream)
	r := w.event.Repo
	r.clear()
	w.alive++
	r.alive, r.Kind = true, w.newKind(want)
	r.Title = w.wantedTitle(r.Kind, want)
	r.ID = w.newID(repoID)
	r.Private = w.RNG.OneIn(4)
	if want.Private != Either {
		r.Private = want.Private == Yes
	}
	earlier := w.RNG.IntN(maxEarlier)
	if r.Kind.Git {
		r.Head, r.version = w.newSHA(), beforeFirstTag
	}
	if !w.reported {
		w.addHistory(r, earlier)
	}
}

// beforeFirstTag is what a version is counted up from: the first tag is v1.0.
const beforeFirstTag = 15

// addHistory gives a repo whose creation is not reported what it had before: discussions that are forgotten, or files.
func (w *World) addHistory(r *Repo, earlier int) {
	if r.Kind.Git {
		r.nums = uint64(earlier)
		return
	}
	for range 1 + earlier%maxFiles {
		if path := w.pathIn(r); !slices.Contains(r.files, path) {
			r.files = appendLast(r.files, path)
		}
	}
}

// newKind draws the type of a new repo. The Hub has more models than anything else.
func (w *World) newKind(want *Constraints) *RepoKind {
	if want.RepoType != "" {
		return RepoKindNamed(want.RepoType)
	}
	chance, on := w.RNG.IntN(100), w.needs.on
	if want.Git || len(want.Refs) > 0 {
		on = max(on, gitRepos)
	}
	switch {
	case on == buckets, on == anyRepo && chance < 15:
		return &repoKinds[bucketKind]
	case on == datasets, chance < 45:
		return &repoKinds[datasetKind]
	case chance < 65:
		return &repoKinds[spaceKind]
	}
	return &repoKinds[modelKind]
}

func (w *World) wantedTitle(kind *RepoKind, want *Constraints) RepoTitle {
	switch {
	case want.RepoName != "":
		return w.givenTitle(want.RepoName)
	case want.Canonical:
		return w.newTitle(kind, nil)
	}
	return w.newTitle(kind, w.owner())
}

func doDeleteRepo(w *World, _ *Constraints) { w.deleting = w.event.Repo }

// doMoveRepo renames a repo, or gives it to another owner. A name that an edit sets is only reported: not every repo
// can take it.
func doMoveRepo(w *World, want *Constraints) {
	r := w.event.Repo
	if want.MovedTo != "" {
		w.event.MovedTo = w.givenTitle(want.MovedTo)
		return
	}
	owner := r.Title.owner
	if owner == nil || w.RNG.OneIn(3) {
		owner = w.owner()
	}
	w.event.MovedTo = w.newTitle(r.Kind, owner)
	w.moving = r
}

func doSetPrivacy(w *World, want *Constraints) {
	r := w.event.Repo
	if want.Private == Either {
		r.Private = !r.Private
	}
	w.event.Private = ChoiceOf(r.Private)
}

package emitter

// contentActs are what happens to what a repo holds.
func contentActs() map[actID]act {
	const shape = "repo.content.update"
	git := func(weight int, do func(w *world)) act {
		return act{shape: shape, weight: weight, on: gitKinds, find: aRepoWith(nil, createRepo), do: plainly(do)}
	}
	with := func(weight int, holds func(*repo) bool, before actID, do func(w *world)) act {
		return act{shape: shape, weight: weight, on: gitKinds, find: aRepoWith(holds, before), do: plainly(do)}
	}
	sequel := func(weight int, on kinds, self, cause actID, do func(w *world)) act {
		return act{shape: shape, weight: weight, on: on, sequel: true, find: queued(self, cause), do: plainly(do)}
	}
	return map[actID]act{
		pushMain:       git(250, doPushMain),
		pushBranch:     with(50, hasBranches, makeBranch, doPushBranch),
		makeBranch:     git(25, doMakeBranch),
		dropBranch:     with(15, hasBranches, makeBranch, doDropBranch),
		makeTag:        git(25, doMakeTag),
		dropTag:        with(8, func(r *repo) bool { return len(r.tags) > 0 }, makeTag, doDropTag),
		pushPull:       {shape: shape, weight: 50, on: gitKinds, find: aPullThatIs(unfinished, openPull), do: plainly(doPushPull)},
		openPullRef:    sequel(40, gitKinds, openPullRef, openPull, doOpenPullRef),
		pushMerge:      sequel(20, gitKinds, pushMerge, mergePull, doPushMerge),
		convertParquet: sequel(20, datasets, convertParquet, pushMain, doConvertParquet),
		changeFiles:    {shape: shape, weight: 60, on: buckets, find: aRepoWith(nil, createRepo), do: plainly(doChangeFiles)},
		pushWanted:     {shape: shape, weight: 1, on: gitKinds, find: aRepoWith(nil, createRepo), do: doPushWanted},
	}
}

func hasBranches(r *repo) bool { return len(r.branches) > 0 }

// plainly does what depends on the scene alone.
func plainly(do func(*world)) func(*world, *Scene, kinds) {
	return func(w *world, _ *Scene, _ kinds) { do(w) }
}

// aRepoWith finds a repo of which holds is true; where there is a repo at all,
// what comes before happens to it.
func aRepoWith(holds func(*repo) bool, before actID) func(*world, *Scene, kinds) actID {
	return func(w *world, want *Scene, on kinds) actID {
		if w.findRepo(want, on, holds) {
			return ready
		}
		return before
	}
}

// queued finds what an earlier event led to; where nothing did, that comes
// before.
func queued(self, cause actID) func(*world, *Scene, kinds) actID {
	return func(w *world, _ *Scene, _ kinds) actID {
		for i := range w.queue {
			if q := w.queue[i]; q.act == self && q.holds() {
				w.queue = remove(w.queue, i)
				w.scene.repo, w.scene.talk = q.repo, q.repo.talkNumbered(q.num)
				return ready
			}
		}
		w.needs.convert = self == convertParquet
		return cause
	}
}

// talkNumbered finds a discussion; nil where it is forgotten.
func (r *repo) talkNumbered(num uint64) *discussion {
	for i := range r.talks {
		if r.talks[i].num == num {
			return &r.talks[i]
		}
	}
	return nil
}

// pushed tells of a change to a reference.
func (s *scene) pushed(change refChange) { s.refs = append(s.refs, change) }

// commit moves main to a new commit.
func (w *world) commit() {
	r := w.scene.repo
	old := r.head
	r.head = w.newSHA()
	w.scene.pushed(refChange{kind: refMain, old: old, new: r.head})
}

// doPushMain commits to main, at times with a tag. A bot converts datasets that
// were pushed to.
func doPushMain(w *world) {
	w.commit()
	r := w.scene.repo
	if w.dice.oneIn(12) {
		doMakeTag(w)
	}
	if datasets.hold(r.kind) && (w.dice.oneIn(2) || w.needs.convert) {
		w.follow(convertParquet, 0)
	}
}

func doPushBranch(w *world) {
	b := &w.scene.repo.branches[w.dice.below(len(w.scene.repo.branches))]
	old := b.at
	b.at = w.newSHA()
	w.scene.pushed(refChange{kind: refBranch, number: uint64(b.noun), old: old, new: b.at})
}

// doMakeBranch starts a branch at main, or with a commit of its own.
func doMakeBranch(w *world) {
	r := w.scene.repo
	b := branch{noun: uint8(w.dice.below(len(w.words.nouns))), at: r.head}
	for i := 0; i < len(r.branches); i++ {
		if r.branches[i].noun == b.noun { // it is there: go on to the next word
			b.noun, i = uint8((int(b.noun)+1)%len(w.words.nouns)), -1
		}
	}
	if w.dice.oneIn(2) {
		b.at = w.newSHA()
	}
	if len(r.branches) == mostBranches {
		doPushBranch(w)
		return
	}
	r.branches = append(r.branches, b)
	w.scene.pushed(refChange{kind: refBranch, number: uint64(b.noun), new: b.at, created: true})
}

func doDropBranch(w *world) {
	r := w.scene.repo
	at := w.dice.below(len(r.branches))
	b := r.branches[at]
	r.branches = remove(r.branches, at)
	w.scene.pushed(refChange{kind: refBranch, number: uint64(b.noun), old: b.at, deleted: true})
}

// doMakeTag tags main with the version after the last one.
func doMakeTag(w *world) {
	r := w.scene.repo
	r.version++
	t := tag{version: r.version, at: r.head}
	r.tags = appendLast(r.tags, t)
	w.scene.pushed(refChange{kind: refTag, number: uint64(t.version), new: t.at, created: true})
}

func doDropTag(w *world) {
	r := w.scene.repo
	at := w.dice.below(len(r.tags))
	t := r.tags[at]
	r.tags = remove(r.tags, at)
	w.scene.pushed(refChange{kind: refTag, number: uint64(t.version), old: t.at, deleted: true})
}

func doPushPull(w *world) {
	d := w.scene.talk
	old := d.at
	d.at = w.newSHA()
	w.scene.pushed(refChange{kind: refPull, number: d.num, old: old, new: d.at})
}

func doOpenPullRef(w *world) {
	d := w.scene.talk
	w.scene.pushed(refChange{kind: refPull, number: d.num, new: d.at, created: true})
}

// doPushMerge moves main to the commit of a merge that was told before.
func doPushMerge(w *world) {
	r := w.scene.repo
	old := r.head
	r.head = w.scene.talk.merge
	w.scene.pushed(refChange{kind: refMain, old: old, new: r.head})
}

// doConvertParquet is what the Hub's bot does after a push to a dataset: main
// stays where it is.
func doConvertParquet(w *world) {
	r := w.scene.repo
	old := r.parquet
	r.parquet = ref{there: true, at: w.newSHA()}
	w.scene.pushed(refChange{kind: refParquet, old: old.at, new: r.parquet.at, created: !old.there})
}

// doChangeFiles adds files to a bucket, overwrites some, and deletes some that
// are there.
func doChangeFiles(w *world) {
	r, s := w.scene.repo, &w.scene
	for range 1 + w.dice.below(4) {
		if len(r.files) > 0 && w.dice.oneIn(4) {
			at := w.dice.below(len(r.files))
			path := r.files[at]
			if !s.tells(path) {
				r.files = remove(r.files, at)
				s.files = append(s.files, fileChange{path: path, deleted: true})
			}
			continue
		}
		f := fileChange{path: w.pathIn(r), size: w.dice.u64() >> (32 + w.dice.below(24))}
		if s.tells(f.path) {
			continue
		}
		w.dice.fill(f.hash[:])
		s.files = append(s.files, f)
		if !r.has(f.path) {
			r.files = appendLast(r.files, f.path)
		}
	}
}

// pathIn is where a file is put: at times where there is one.
func (w *world) pathIn(r *repo) filePath {
	if len(r.files) > 0 && w.dice.oneIn(4) {
		return pick(&w.dice, r.files)
	}
	return filePath{
		form: uint8(w.dice.below(len(w.words.paths))), noun: uint8(w.dice.below(len(w.words.nouns))),
		number: uint8(1 + w.dice.below(64)),
	}
}

func (s *scene) tells(path filePath) bool {
	for i := range s.files {
		if s.files[i].path == path {
			return true
		}
	}
	return false
}

func (r *repo) has(path filePath) bool {
	for _, known := range r.files {
		if known == path {
			return true
		}
	}
	return false
}

// doPushWanted changes the references that are wanted, as if those had been there
// that are updated or deleted.
func doPushWanted(w *world, want *Scene, _ kinds) {
	for _, wanted := range want.Refs {
		change := refChange{
			kind: refGiven, text: wanted.Name,
			created: wanted.Change == RefCreated, deleted: wanted.Change == RefDeleted,
		}
		if !change.created {
			change.old = w.newSHA()
		}
		if !change.deleted {
			change.new = w.newSHA()
		}
		if wanted.Name == mainRef && !change.created {
			change.old = w.scene.repo.head
		}
		if wanted.Name == mainRef && !change.deleted {
			w.scene.repo.head = change.new
		}
		w.scene.pushed(change)
	}
}

package world

import "slices"

func contentEvents() map[EventKind]eventSpec {
	push := func(weight int, on repoFilter, find finder, do func(*World, *Constraints)) eventSpec {
		return eventSpec{shape: "repo.content.update", weight: weight, on: on, find: find, do: do}
	}
	followUp := func(weight int, on repoFilter, find finder, do func(*World, *Constraints)) eventSpec {
		spec := push(weight, on, find, do)
		spec.followUp = true
		return spec
	}
	aRepo, hasTags := repoWhere(nil, CreateRepo), func(r *Repo) bool { return len(r.tags) > 0 }
	return map[EventKind]eventSpec{
		PushMain:       push(250, gitRepos, aRepo, doPushMain),
		pushBranch:     push(50, gitRepos, repoWhere(hasBranches, makeBranch), doPushBranch),
		makeBranch:     push(25, gitRepos, aRepo, doMakeBranch),
		dropBranch:     push(15, gitRepos, repoWhere(hasBranches, makeBranch), doDropBranch),
		makeTag:        push(25, gitRepos, aRepo, doMakeTag),
		dropTag:        push(8, gitRepos, repoWhere(hasTags, makeTag), doDropTag),
		pushPull:       push(50, gitRepos, pullWhere(unfinished, openPull), doPushPull),
		openPullRef:    followUp(40, gitRepos, queued(openPullRef, openPull), doOpenPullRef),
		pushMerge:      followUp(20, gitRepos, queued(pushMerge, mergePull), doPushMerge),
		convertParquet: followUp(20, datasets, queued(convertParquet, PushMain), doConvertParquet),
		changeFiles:    push(60, buckets, aRepo, doChangeFiles),
		pushNamedRefs:  push(1, gitRepos, aRepo, doPushNamedRefs),
	}
}

func hasBranches(r *Repo) bool { return len(r.branches) > 0 }

// doPushMain commits to main, at times with a tag. A bot converts datasets that were pushed to.
func doPushMain(w *World, want *Constraints) {
	r := w.event.Repo
	old := r.Head
	r.Head = w.newSHA()
	w.event.addRef(RefChange{Kind: refMain, Old: old, New: r.Head})
	if w.RNG.OneIn(12) {
		doMakeTag(w, want)
	}
	if datasets.matches(r.Kind) && (w.RNG.OneIn(2) || w.needs.convert) {
		w.follow(convertParquet, 0)
	}
}

func doPushBranch(w *World, _ *Constraints) {
	b := &w.event.Repo.branches[w.RNG.IntN(len(w.event.Repo.branches))]
	old := b.at
	b.at = w.newSHA()
	w.event.addRef(RefChange{Kind: refBranch, Number: uint64(b.noun), Old: old, New: b.at})
}

func doMakeBranch(w *World, want *Constraints) {
	r := w.event.Repo
	b := branch{noun: uint8(w.RNG.IntN(len(w.Words.Nouns))), at: r.Head}
	for i := 0; i < len(r.branches); i++ {
		if r.branches[i].noun == b.noun { // it is there: go on to the next word
			b.noun, i = uint8((int(b.noun)+1)%len(w.Words.Nouns)), -1
		}
	}
	if w.RNG.OneIn(2) {
		b.at = w.newSHA()
	}
	if len(r.branches) == maxBranches {
		doPushBranch(w, want)
		return
	}
	r.branches = append(r.branches, b)
	w.event.addRef(RefChange{Kind: refBranch, Number: uint64(b.noun), New: b.at, Created: true})
}

func doDropBranch(w *World, _ *Constraints) {
	r := w.event.Repo
	at := w.RNG.IntN(len(r.branches))
	b := r.branches[at]
	r.branches = slices.Delete(r.branches, at, at+1)
	w.event.addRef(RefChange{Kind: refBranch, Number: uint64(b.noun), Old: b.at, Deleted: true})
}

func doMakeTag(w *World, _ *Constraints) {
	r := w.event.Repo
	r.version++
	t := tag{version: r.version, at: r.Head}
	r.tags = appendLast(r.tags, t)
	w.event.addRef(RefChange{Kind: refTag, Number: uint64(t.version), New: t.at, Created: true})
}

func doDropTag(w *World, _ *Constraints) {
	r := w.event.Repo
	at := w.RNG.IntN(len(r.tags))
	t := r.tags[at]
	r.tags = slices.Delete(r.tags, at, at+1)
	w.event.addRef(RefChange{Kind: refTag, Number: uint64(t.version), Old: t.at, Deleted: true})
}

func doPushPull(w *World, _ *Constraints) {
	d := w.event.Discussion
	old := d.at
	d.at = w.newSHA()
	w.event.addRef(RefChange{Kind: RefPull, Number: d.Num, Old: old, New: d.at})
}

func doOpenPullRef(w *World, _ *Constraints) {
	d := w.event.Discussion
	w.event.addRef(RefChange{Kind: RefPull, Number: d.Num, New: d.at, Created: true})
}

// doPushMerge moves main to the commit of a merge that was reported before.
func doPushMerge(w *World, _ *Constraints) {
	r := w.event.Repo
	old := r.Head
	r.Head = w.event.Discussion.Merge
	w.event.addRef(RefChange{Kind: refMain, Old: old, New: r.Head})
}

// doConvertParquet does what the Hub's bot does after a push to a dataset: main stays where it is.
func doConvertParquet(w *World, _ *Constraints) {
	r := w.event.Repo
	old := r.parquet
	r.parquet = gitRef{exists: true, at: w.newSHA()}
	w.event.addRef(RefChange{Kind: refParquet, Old: old.at, New: r.parquet.at, Created: !old.exists})
}

func doChangeFiles(w *World, _ *Constraints) {
	r, e := w.event.Repo, w.event
	for range 1 + w.RNG.IntN(4) {
		if len(r.files) > 0 && w.RNG.OneIn(4) {
			at := w.RNG.IntN(len(r.files))
			path := r.files[at]
			if !e.hasFile(path) {
				r.files = slices.Delete(r.files, at, at+1)
				e.Files = append(e.Files, FileChange{path: path, Deleted: true})
			}
			continue
		}
		f := FileChange{path: w.pathIn(r), Size: w.RNG.Uint64() >> (32 + w.RNG.IntN(24))}
		if e.hasFile(f.path) {
			continue
		}
		w.RNG.Fill(f.Hash[:])
		e.Files = append(e.Files, f)
		if !slices.Contains(r.files, f.path) {
			r.files = appendLast(r.files, f.path)
		}
	}
}

// pathIn returns where a file is put: at times over an existing one.
func (w *World) pathIn(r *Repo) filePath {
	if len(r.files) > 0 && w.RNG.OneIn(4) {
		return Pick(&w.RNG, r.files)
	}
	return filePath{
		form: uint8(w.RNG.IntN(len(w.Words.paths))), noun: uint8(w.RNG.IntN(len(w.Words.Nouns))),
		number: uint8(1 + w.RNG.IntN(64)),
	}
}

// doPushNamedRefs changes the references that constraints name, as if those existed that are updated or deleted.
func doPushNamedRefs(w *World, want *Constraints) {
	for _, wanted := range want.Refs {
		change := RefChange{Kind: RefNamed, Text: wanted.Name, Created: wanted.Created, Deleted: wanted.Deleted}
		if !change.Created {
			change.Old = w.newSHA()
		}
		if !change.Deleted {
			change.New = w.newSHA()
		}
		if wanted.Name == MainRef && !change.Created {
			change.Old = w.event.Repo.Head
		}
		if wanted.Name == MainRef && !change.Deleted {
			w.event.Repo.Head = change.New
		}
		w.event.addRef(change)
	}
}

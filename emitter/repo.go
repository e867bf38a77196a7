package emitter

// repoKind is a type of repo.
type repoKind struct {
	name   string
	web    string // what stands between the Hub's URL and the repo's name
	api    string
	git    bool // buckets have no Git, and no discussions
	future bool // not known today
}

// repoKinds are the types of today, then some that may come.
var repoKinds = []repoKind{
	{name: "model", web: "/", api: "/api/models/", git: true},
	{name: "dataset", web: "/datasets/", api: "/api/datasets/", git: true},
	{name: "space", web: "/spaces/", api: "/api/spaces/", git: true},
	{name: "bucket", web: "/buckets/", api: "/api/buckets/"},
	{name: "kernel", web: "/kernels/", api: "/api/kernels/", git: true, future: true},
	{name: "collection", web: "/collections/", api: "/api/collections/", git: true, future: true},
	{name: "agent", web: "/agents/", api: "/api/agents/", git: true, future: true},
	{name: "notebook", web: "/notebooks/", api: "/api/notebooks/", git: true, future: true},
	{name: "volume", web: "/volumes/", api: "/api/volumes/", future: true},
	{name: "archive", web: "/archives/", api: "/api/archives/", future: true},
}

// The places of the types in repoKinds.
const (
	modelKind = iota
	datasetKind
	spaceKind
	bucketKind
	firstFutureKind
	firstFutureBucket = firstFutureKind + 4 // from here on without Git
)

// kindNamed finds a type by its name; nil where there is none.
func kindNamed(name string) *repoKind {
	for i := range repoKinds {
		if repoKinds[i].name == name {
			return &repoKinds[i]
		}
	}
	return nil
}

// kindCalled is the type of a name, known or not. The Hub calls the folders of its
// URLs by the plural.
func kindCalled(name string) *repoKind {
	if kind := kindNamed(name); kind != nil {
		return kind
	}
	return &repoKind{name: name, web: "/" + name + "s/", api: "/api/" + name + "s/", git: true, future: true}
}

// repo is a repo, as long as it lives.
type repo struct {
	alive   bool
	kind    *repoKind
	title   repoTitle
	id      objectID
	private bool
	head    sha    // of main
	nums    uint64 // discussions and pull requests so far
	version uint16 // of the last tag

	branches []branch // without main
	tags     []tag
	parquet  ref // refs/convert/parquet
	files    []filePath
	talks    []discussion

	at location // empty until it is first told of under its present name
}

// What a repo's lists hold at most. What goes beyond is forgotten: nothing more
// happens to it.
const (
	mostBranches = 4
	mostTags     = 4
	mostFiles    = 12
	mostTalks    = 8
	mostComments = 4
)

// repoTitle is a repo's name and its owner.
type repoTitle struct {
	owner *account // nil for the Hub's oldest repos, which have no namespace
	id    objectID // of the owner, named or not
	name  repoName
}

// repoName is a name, put together when it is written.
type repoName struct {
	adjective, noun, ending uint8
	text                    string // the name where a user gave one
}

// ref is a Git reference that may be there.
type ref struct {
	there bool
	at    sha
}

// branch is a branch other than main, named after a noun.
type branch struct {
	noun uint8
	at   sha
}

// tag is a version, written as v1.2.
type tag struct {
	version uint16
	at      sha
}

// filePath is where a file is in a bucket.
type filePath struct{ form, noun, number uint8 }

// discussion is a discussion or a pull request.
type discussion struct {
	id, author objectID
	title      phrase
	num        uint64
	pull       bool
	pinned     bool
	status     string
	at         sha // of refs/pr/N
	merge      sha
	comments   [mostComments]comment // the latest
	written    int                   // how many of them there are
}

// The states of a discussion.
const (
	draft  = "draft"
	open   = "open"
	closed = "closed"
	merged = "merged"
)

// comment is what somebody said in a discussion.
type comment struct {
	id, author objectID
	content    remark
	hidden     bool
}

// newRepo has room for all that a repo may hold, so that no later step needs
// more.
func newRepo() repo {
	return repo{
		branches: make([]branch, 0, mostBranches),
		tags:     make([]tag, 0, mostTags),
		files:    make([]filePath, 0, mostFiles),
		talks:    make([]discussion, 0, mostTalks),
	}
}

// clear makes room for another repo.
func (r *repo) clear() {
	*r = repo{branches: r.branches[:0], tags: r.tags[:0], files: r.files[:0], talks: r.talks[:0], at: r.at.cleared()}
}

// appendLast adds to a list of bounded size, which forgets its first item where
// it is full.
func appendLast[T any](list []T, item T) []T {
	if len(list) == cap(list) {
		copy(list, list[1:])
		list = list[:len(list)-1]
	}
	return append(list, item)
}

// remove takes an item out of a list.
func remove[T any](list []T, at int) []T {
	copy(list[at:], list[at+1:])
	return list[:len(list)-1]
}

// addComment keeps a comment, and forgets the oldest but one where there are too
// many: the first one opened the discussion.
func (d *discussion) addComment(c comment) *comment {
	if d.written == mostComments {
		copy(d.comments[1:], d.comments[2:])
		d.written--
	}
	d.comments[d.written] = c
	d.written++
	return &d.comments[d.written-1]
}

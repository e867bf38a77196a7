package world

// RepoKind is a type of repo.
type RepoKind struct {
	Name   string
	web    string // what comes between the Hub's URL and the repo's name
	api    string
	Git    bool // buckets have no Git, and no discussions
	Future bool // not known today
}

// repoKinds are the types of today, then some of the future.
var repoKinds = []RepoKind{
	{Name: "model", web: "/", api: "/api/models/", Git: true},
	{Name: "dataset", web: "/datasets/", api: "/api/datasets/", Git: true},
	{Name: "space", web: "/spaces/", api: "/api/spaces/", Git: true},
	{Name: "bucket", web: "/buckets/", api: "/api/buckets/"},
	{Name: "kernel", web: "/kernels/", api: "/api/kernels/", Git: true, Future: true},
	{Name: "collection", web: "/collections/", api: "/api/collections/", Git: true, Future: true},
	{Name: "agent", web: "/agents/", api: "/api/agents/", Git: true, Future: true},
	{Name: "notebook", web: "/notebooks/", api: "/api/notebooks/", Git: true, Future: true},
	{Name: "volume", web: "/volumes/", api: "/api/volumes/", Future: true},
	{Name: "archive", web: "/archives/", api: "/api/archives/", Future: true},
}

// Indexes of repoKinds.
const (
	modelKind = iota
	datasetKind
	spaceKind
	bucketKind
	firstFutureKind
	firstFutureBucket = firstFutureKind + 4 // from here on without Git
)

// RepoKindNamed returns a type by its name; nil if there is none.
func RepoKindNamed(name string) *RepoKind {
	for i := range repoKinds {
		if repoKinds[i].Name == name {
			return &repoKinds[i]
		}
	}
	return nil
}

// IsSpace reports whether repos of the type are Spaces.
func (k *RepoKind) IsSpace() bool { return k == &repoKinds[spaceKind] }

// DrawFutureRepoKind draws a type that is not known today, with Git or without.
func DrawFutureRepoKind(r *RNG, git bool) *RepoKind {
	if git {
		return &repoKinds[firstFutureKind+r.IntN(firstFutureBucket-firstFutureKind)]
	}
	return &repoKinds[firstFutureBucket+r.IntN(len(repoKinds)-firstFutureBucket)]
}

// FutureRepoKind returns the type of a name, known or not. The Hub names the folders of its URLs by the plural.
func FutureRepoKind(name string) *RepoKind {
	if kind := RepoKindNamed(name); kind != nil {
		return kind
	}
	return &RepoKind{Name: name, web: "/" + name + "s/", api: "/api/" + name + "s/", Git: true, Future: true}
}

// Repo is a repo, as long as it exists.
type Repo struct {
	alive   bool
	Kind    *RepoKind
	Title   RepoTitle
	ID      ObjectID
	Private bool
	Head    SHA    // of main
	nums    uint64 // discussions and pull requests so far
	version uint16 // of the last tag

	branches    []branch // without main
	tags        []tag
	parquet     gitRef // refs/convert/parquet
	files       []filePath
	discussions []Discussion

	At location // empty until it is first reported under its present name
}

// Sizes of a repo's lists. What exceeds them is forgotten: nothing more happens to it.
const (
	maxBranches    = 4
	maxTags        = 4
	maxFiles       = 12
	maxDiscussions = 8
	maxComments    = 4
)

// RepoTitle is a repo's name and its owner.
type RepoTitle struct {
	owner *account // nil for the Hub's oldest repos, which have no namespace
	ID    ObjectID // of the owner, named or not
	Name  repoName
}

type repoName struct {
	adjective, noun, ending uint8
	Text                    string // the name if a user gave one
}

type gitRef struct {
	exists bool
	at     SHA
}

type branch struct {
	noun uint8
	at   SHA
}

// tag is a version, written as v1.2.
type tag struct {
	version uint16
	at      SHA
}

type filePath struct{ form, noun, number uint8 }

// Discussion is a discussion or a pull request.
type Discussion struct {
	ID, Author ObjectID
	title      phrase
	Num        uint64
	Pull       bool
	Pinned     bool
	Status     string
	at         SHA // of refs/pr/N
	Merge      SHA
	comments   [maxComments]Comment // the latest
	written    int                  // how many of them there are
}

// Statuses of a discussion.
const (
	statusDraft  = "draft"
	statusOpen   = "open"
	statusClosed = "closed"
	StatusMerged = "merged"
)

// Comment is a comment in a discussion.
type Comment struct {
	ID, Author ObjectID
	content    remark
	Hidden     bool
}

// clear empties a repo, and keeps its memory.
func (r *Repo) clear() {
	*r = Repo{
		branches: r.branches[:0], tags: r.tags[:0], files: r.files[:0], discussions: r.discussions[:0],
		At: r.At.Cleared(),
	}
}

// appendLast appends to a list of bounded size, which drops its first item if it is full.
func appendLast[T any](list []T, item T) []T {
	if len(list) == cap(list) {
		copy(list, list[1:])
		list = list[:len(list)-1]
	}
	return append(list, item)
}

// addComment adds a comment, and forgets the oldest but one if there are too many: the first one opened the
// discussion.
func (d *Discussion) addComment(c Comment) *Comment {
	if d.written == maxComments {
		copy(d.comments[1:], d.comments[2:])
		d.written--
	}
	d.comments[d.written] = c
	d.written++
	return &d.comments[d.written-1]
}

// discussionNumbered returns a discussion by its number; nil if it is forgotten.
func (r *Repo) discussionNumbered(num uint64) *Discussion {
	for i := range r.discussions {
		if r.discussions[i].Num == num {
			return &r.discussions[i]
		}
	}
	return nil
}

// is reports whether a title is the full name that a user gave.
func (t *RepoTitle) is(fullName string) bool {
	if t.owner == nil {
		return t.Name.Text == fullName
	}
	n := len(t.owner.name)
	return len(fullName) > n && fullName[:n] == t.owner.name && fullName[n] == '/' && fullName[n+1:] == t.Name.Text
}

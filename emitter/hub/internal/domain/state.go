package domain

import (
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// State is all that a Hub keeps.
type State struct {
	metas       *table[meta]
	webhooks    *table[activity.Webhook]
	stats       *table[WebhookStats] // by webhook
	repos       *table[Repo]         // by id
	commits     *table[Commit]
	blobs       *table[blob]
	discussions *table[Discussion]
	entries     *table[Entry]
	deliveries  *table[activity.Delivery] // by number
	payloads    *table[blob]              // by number
	tables      []anyTable                // all of these

	Seed         uint64
	byName       map[string]string          // a repo's id by its type and name, in lower case
	ofRepo       map[string]map[string]bool // keys of a repo's discussions, commits and blobs, by "kind repo"
	entriesOf    map[string][]*Entry        // of a discussion, in their order
	order        []*activity.Delivery       // by number
	doneCount    int                        // how many of these are done
	byID         map[string]uint64          // a delivery's number by its id
	storedBytes  int64                      // bytes of all blobs
	payloadBytes int64                      // bytes of all payloads
}

func newState(seed uint64) *State {
	s := &State{
		Seed: seed, byName: map[string]string{}, ofRepo: map[string]map[string]bool{},
		entriesOf: map[string][]*Entry{}, byID: map[string]uint64{},
	}
	s.metas = newTable[meta](s, "meta", nil)
	s.webhooks = newTable[activity.Webhook](s, "webhook", nil)
	s.stats = newTable[WebhookStats](s, "standing", nil)
	s.repos = newTable(s, "repo", s.indexRepo)
	s.commits = newTable(s, kindCommit, indexOwned[Commit](s, kindCommit))
	indexBlob := indexOwned[blob](s, kindBlob)
	s.blobs = newTable(s, kindBlob, func(key string, old, now *blob) {
		indexBlob(key, old, now)
		s.storedBytes += now.size() - old.size()
	})
	s.discussions = newTable(s, kindDiscussion, indexOwned[Discussion](s, kindDiscussion))
	s.entries = newTable(s, "message", s.indexEntry)
	s.deliveries = newTable(s, "delivery", s.indexDelivery)
	s.payloads = newTable(s, "payload", func(_ string, old, now *blob) { s.payloadBytes += now.size() - old.size() })
	return s
}

// Kinds of rows that belong to a repo.
const (
	kindCommit     = "commit"
	kindBlob       = "blob"
	kindDiscussion = "discussion"
)

const metaKey = "hub"

const metaVersion = 1

func (s *State) meta() meta {
	if m := s.metas.rows[metaKey]; m != nil {
		return *m
	}
	return meta{Version: metaVersion, Seed: s.Seed}
}

// RepoNamed finds a repo by its type and name; nil if there is none.
func (s *State) RepoNamed(repoType, name string) *Repo {
	return s.repos.rows[s.byName[nameKey(repoType, name)]]
}

// FindRepo is RepoNamed, with an error if there is none.
func (s *State) FindRepo(repoType, name string) (*Repo, error) {
	if r := s.RepoNamed(repoType, name); r != nil {
		return r, nil
	}
	return nil, problem.NoRepo(repoType, problem.Short(name))
}

// nameKey normalizes a name: the Hub ignores case.
func nameKey(repoType, name string) string { return repoType + " " + strings.ToLower(name) }

func (s *State) indexRepo(_ string, old, now *Repo) {
	if old != nil && s.byName[nameKey(old.Type, old.Name)] == old.ID {
		delete(s.byName, nameKey(old.Type, old.Name))
	}
	if now != nil {
		s.byName[nameKey(now.Type, now.Name)] = now.ID
	}
}

// indexOwned returns a function that indexes the keys of a kind of rows by their repos.
func indexOwned[T any](s *State, kind string) func(key string, old, now *T) {
	return func(key string, old, now *T) {
		repoID, _, _ := strings.Cut(key, "/")
		at := kind + " " + repoID
		switch {
		case old == nil && now != nil:
			if s.ofRepo[at] == nil {
				s.ofRepo[at] = map[string]bool{}
			}
			s.ofRepo[at][key] = true
		case old != nil && now == nil:
			if delete(s.ofRepo[at], key); len(s.ofRepo[at]) == 0 {
				delete(s.ofRepo, at)
			}
		}
	}
}

// indexEntry keeps the entries of a discussion in their order. A list that
// was read does not change.
func (s *State) indexEntry(key string, old, now *Entry) {
	at := key[:strings.LastIndexByte(key, '/')]
	list := s.entriesOf[at]
	place, found := slices.BinarySearchFunc(list, cmp.Or(now, old).Seq,
		func(m *Entry, seq int) int { return cmp.Compare(m.Seq, seq) })
	switch {
	case now == nil && !found:
		return
	case now == nil && place == len(list)-1:
		list = slices.Clip(list[:place]) // so that the next one does not write into what others read
	case now == nil:
		list = slices.Delete(slices.Clone(list), place, place+1)
	case found:
		list = slices.Clone(list)
		list[place] = now
	case place == len(list):
		list = append(list, now)
	default:
		list = slices.Insert(slices.Clone(list), place, now)
	}
	if s.entriesOf[at] = list; len(list) == 0 {
		delete(s.entriesOf, at)
	}
}

func (s *State) indexDelivery(_ string, old, now *activity.Delivery) {
	number := func(d *activity.Delivery, n uint64) int { return cmp.Compare(d.Number, n) }
	if old != nil && old.Done() {
		s.doneCount--
	}
	if now != nil && now.Done() {
		s.doneCount++
	}
	switch {
	case now == nil && old != nil:
		delete(s.byID, old.ID)
		if at, found := slices.BinarySearchFunc(s.order, old.Number, number); found && at == 0 {
			s.order[0] = nil
			s.order = s.order[1:]
		} else if found {
			s.order = slices.Delete(s.order, at, at+1)
		}
	case now != nil:
		s.byID[now.ID] = now.Number
		at, found := slices.BinarySearchFunc(s.order, now.Number, number)
		if found {
			s.order[at] = now
		} else {
			s.order = slices.Insert(s.order, at, now)
		}
	}
}

// Delivery finds a delivery by its number; nil if there is none.
func (s *State) Delivery(number uint64) *activity.Delivery {
	// A number that is too long has the key of another.
	if d := s.deliveries.rows[padded(number)]; d != nil && d.Number == number {
		return d
	}
	return nil
}

// owned returns the keys of what belongs to a repo, in their order.
func (s *State) owned(kind, repoID string) []string {
	return slices.Sorted(maps.Keys(s.ofRepo[kind+" "+repoID]))
}

func (s *State) read(kind, key string, value []byte) error {
	at := slices.IndexFunc(s.tables, func(t anyTable) bool { return t.name() == kind })
	if at < 0 {
		return fmt.Errorf("the record %s %s is of a kind that is not known", kind, key)
	}
	if err := s.tables[at].read(key, value); err != nil {
		return fmt.Errorf("the record %s %s: %w", kind, key, err)
	}
	return nil
}

// Each calls do with every row as it is stored.
func (s *State) Each(do func(kind, key string, value []byte) error) error {
	for _, t := range s.tables {
		for _, key := range t.keys() {
			value, err := t.written(key)
			if err != nil {
				return err
			}
			if err := do(t.name(), key, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// loaded computes the trees of the commits that references point to, which are not stored.
func (s *State) loaded() {
	for _, r := range s.repos.rows {
		for _, ref := range r.Refs {
			if c := s.commits.rows[commitKey(r.ID, ref.SHA)]; c != nil {
				c.Tree = s.TreeOf(r.ID, c)
			}
		}
	}
}

// Webhook returns the webhook of an id; nil if there is none.
func (s *State) Webhook(id string) *activity.Webhook { return s.webhooks.rows[id] }

// Webhooks returns all webhooks, the oldest first.
func (s *State) Webhooks() []*activity.Webhook { return s.webhooks.list(s.webhooks.keys()) }

// WebhookCount returns the number of webhooks.
func (s *State) WebhookCount() int { return len(s.webhooks.rows) }

// Repos returns all repos, in any order.
func (s *State) Repos() iter.Seq[*Repo] { return maps.Values(s.repos.rows) }

// RepoCount returns the number of repos, with buckets.
func (s *State) RepoCount() int { return len(s.repos.rows) }

// Commit returns a repo's commit; nil if it is not kept.
func (s *State) Commit(repoID, sha string) *Commit { return s.commits.rows[commitKey(repoID, sha)] }

// Commits returns the commits that are kept of a repo, in any order.
func (s *State) Commits(repoID string) []*Commit { return s.commits.list(s.owned(kindCommit, repoID)) }

// Discussion returns a repo's discussion; nil if there is none.
func (s *State) Discussion(repoID string, num int) *Discussion {
	return s.discussions.rows[discussionKey(repoID, num)]
}

// Discussions returns a repo's discussions by number.
func (s *State) Discussions(repoID string) []*Discussion {
	return s.discussions.list(s.owned(kindDiscussion, repoID))
}

// DiscussionCount returns how many discussions a repo has.
func (s *State) DiscussionCount(repoID string) int { return len(s.ofRepo[kindDiscussion+" "+repoID]) }

// Entries returns what was written and changed in a discussion, in order.
func (s *State) Entries(repoID string, num int) []*Entry {
	return s.entriesOf[discussionKey(repoID, num)]
}

// Content returns what is in a file; false if it is not kept.
func (s *State) Content(repoID, oid string) ([]byte, bool) {
	if b := s.blobs.rows[blobKey(repoID, oid)]; b != nil {
		return b.Content, true
	}
	return nil, false
}

// Deliveries returns all deliveries by number.
func (s *State) Deliveries() []*activity.Delivery { return s.order }

// DeliveryByID returns the delivery of an id; nil if there is none.
func (s *State) DeliveryByID(id string) *activity.Delivery {
	if number, known := s.byID[id]; known {
		return s.Delivery(number)
	}
	return nil
}

// Payload returns the body of a delivery; nil if it is forgotten.
func (s *State) Payload(number uint64) []byte {
	return cmp.Or(s.payloads.rows[padded(number)], &blob{}).Content
}

type table[T any] struct {
	kind string
	rows map[string]*T
	// moved keeps an index if it is set: it is called for each row that replaces another.
	// Either may be nil.
	moved func(key string, old, now *T)
}

func newTable[T any](s *State, kind string, moved func(key string, old, now *T)) *table[T] {
	t := &table[T]{kind: kind, rows: map[string]*T{}, moved: moved}
	s.tables = append(s.tables, t)
	return t
}

type anyTable interface {
	name() string
	read(key string, value []byte) error
	written(key string) ([]byte, error)
	// encode returns a row as it is written; nil for a nil row.
	encode(row any) ([]byte, error)
	keys() []string
	drop(tx *Tx, key string)
}

func (t *table[T]) name() string { return t.kind }

// set replaces a row, or removes it if row is nil.
func (t *table[T]) set(key string, row *T) {
	old := t.rows[key]
	if row == nil {
		delete(t.rows, key)
	} else {
		t.rows[key] = row
	}
	if t.moved != nil {
		t.moved(key, old, row)
	}
}

func (t *table[T]) read(key string, value []byte) error {
	row := new(T)
	if raw, isRaw := any(row).(*blob); isRaw {
		raw.Content = slices.Clone(value)
	} else if err := json.Unmarshal(value, row); err != nil {
		return err
	}
	t.set(key, row)
	return nil
}

func (t *table[T]) written(key string) ([]byte, error) { return t.encode(t.rows[key]) }

func (t *table[T]) encode(row any) ([]byte, error) {
	if row.(*T) == nil {
		return nil, nil
	}
	if raw, isRaw := row.(*blob); isRaw {
		return raw.Content, nil
	}
	return json.Marshal(row)
}

func (t *table[T]) list(keys []string) []*T {
	list := make([]*T, 0, len(keys))
	for _, key := range keys {
		list = append(list, t.rows[key])
	}
	return list
}

func (t *table[T]) keys() []string { return slices.Sorted(maps.Keys(t.rows)) }

func (t *table[T]) drop(tx *Tx, key string) { put(tx, t, key, nil) }

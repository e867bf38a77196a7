package hub

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/store"
)

// stateRows returns all rows of a state as the database has them, by kind and key.
func stateRows(s *domain.State) map[string]string {
	all := map[string]string{}
	err := s.Each(func(kind, key string, value []byte) error {
		all[kind+" "+key] = string(value)
		return nil
	})
	if err != nil {
		panic(err)
	}
	return all
}

// indexesOf returns what a state works out of its rows, as text.
func indexesOf(s *domain.State) map[string]string {
	inner := reflect.ValueOf(s).Elem()
	all := map[string]string{}
	for _, name := range []string{"storedBytes", "payloadBytes", "doneCount"} {
		all[name] = fmt.Sprint(inner.FieldByName(name).Int())
	}
	for _, name := range []string{"byName", "byID"} {
		for at, of := range inner.FieldByName(name).Seq2() {
			all[name+" "+at.String()] = fmt.Sprint(of)
		}
	}
	for at, keys := range inner.FieldByName("ofRepo").Seq2() {
		var list []string
		for _, key := range keys.MapKeys() {
			list = append(list, key.String())
		}
		all["ofRepo "+at.String()] = fmt.Sprint(slices.Sorted(slices.Values(list)))
	}
	for at, list := range inner.FieldByName("entriesOf").Seq2() {
		for _, m := range list.Seq2() {
			all["entriesOf "+at.String()] += m.Elem().FieldByName("ID").String() + " "
		}
	}
	for _, d := range s.Deliveries() {
		all["order"] += fmt.Sprintf("%d %s %d;", d.Number, d.State, len(d.Attempts))
	}
	for r := range s.Repos() {
		for _, c := range s.Commits(r.ID) {
			tree := s.TreeOf(r.ID, c)
			for _, path := range slices.Sorted(maps.Keys(tree)) {
				all["tree "+r.ID+" "+c.SHA] += path + " " + tree[path].OID + ";"
			}
		}
	}
	return all
}

// reload returns the state that a Hub would read from a database with the rows of another.
func reload(t *testing.T, s *domain.State) (again *domain.State) {
	t.Helper()
	db, err := domain.Open(stateRecords{s}, s.Seed)
	if err != nil {
		t.Fatal(err)
	}
	db.View(func(s *domain.State) { again = s })
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return again
}

// stateRecords is a database with the rows of a state.
type stateRecords struct{ *domain.State }

func (r stateRecords) Load(each func(kind, key string, value []byte) error) error {
	return r.Each(each)
}

func (stateRecords) Commit([]store.Change) error { return nil }

func (stateRecords) Close() error { return nil }

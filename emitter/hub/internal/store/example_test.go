package store_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/hubhook/hubhook/emitter/hub/internal/store"
)

// What is committed is there when the file is opened again.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(filepath.Join(dir, "hub.db"))
	if err != nil {
		log.Fatal(err)
	}
	err = s.Commit([]store.Change{
		{Kind: "repo", Key: "1", Value: []byte(`{"name": "me/demo"}`)},
		{Kind: "repo", Key: "2", Value: []byte(`{"name": "me/other"}`)},
		{Kind: "repo", Key: "1"}, // removed again
	})
	if err != nil {
		log.Fatal(err)
	}
	s.Close()

	if s, err = store.Open(filepath.Join(dir, "hub.db")); err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	err = s.Load(func(kind, key string, value []byte) error {
		fmt.Println(kind, key, string(value))
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// repo 2 {"name": "me/other"}
}

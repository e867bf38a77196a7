package schemas_test

import (
	"os"
	"testing"

	"github.com/hubhook/hubhook/schemas"
)

func BenchmarkLoad(b *testing.B) {
	for _, c := range []struct {
		name    string
		options schemas.Options
	}{
		{"embedded", schemas.Options{}},
		{"overlay", schemas.Options{Overlay: os.DirFS("testdata/overlay")}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := schemas.Load(c.options); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFirstTree(b *testing.B) {
	for b.Loop() {
		set := loadWith(b, schemas.Options{})
		if _, err := set.Tree("repo.update"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		if err := loadWith(b, schemas.Options{}).Compile(); err != nil {
			b.Fatal(err)
		}
	}
}

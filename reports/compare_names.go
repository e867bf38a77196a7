package reports

import (
	"fmt"
	"path/filepath"
	"strings"
)

// UniqueNames names reports by their files: base without .json, and as much of the
// folders before it as tells them apart, "main/report" and "mine/report". A file that is
// there twice is numbered.
func UniqueNames(files []string) []string {
	paths := make([]string, len(files))
	for i, file := range files {
		paths[i] = strings.TrimSuffix(filepath.ToSlash(filepath.Clean(file)), ".json")
	}
	names := make([]string, len(files))
	for i, path := range paths {
		names[i] = shortest(path, paths)
	}
	numberAgain(names)
	return names
}

// shortest is the end of a path that no other one of them has.
func shortest(path string, paths []string) string {
	parts := strings.Split(path, "/")
	for n := 1; n < len(parts); n++ {
		end := strings.Join(parts[len(parts)-n:], "/")
		if !endsAnother(end, path, paths) {
			return end
		}
	}
	return path
}

func endsAnother(end, path string, paths []string) bool {
	for _, other := range paths {
		if other != path && (other == end || strings.HasSuffix(other, "/"+end)) {
			return true
		}
	}
	return false
}

// numberAgain puts a number behind a name that came before.
func numberAgain(names []string) {
	taken := map[string]bool{}
	for i, name := range names {
		unlike := name
		for n := 2; taken[unlike]; n++ {
			unlike = fmt.Sprintf("%s (%d)", name, n)
		}
		taken[unlike] = true
		names[i] = unlike
	}
}

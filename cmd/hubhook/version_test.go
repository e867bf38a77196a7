package main

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestBuildIsThatOfTheLinkerOrOfGo(t *testing.T) {
	installed := &debug.BuildInfo{Main: debug.Module{Version: "v1.4.0"}}
	checkedOut := &debug.BuildInfo{
		Main:     debug.Module{Version: "v1.4.1-0.20260102030405-0123456789ab"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}},
	}
	for _, c := range []struct {
		name    string
		stamped build
		info    *debug.BuildInfo
		want    string
	}{
		{"a release", build{Version: "v1.5.0", Commit: "fedcba9876543210", Date: "2026-02-03T04:05:06Z"}, checkedOut, "hubhook v1.5.0 commit fedcba987654 of 2026-02-03T04:05:06Z"},
		{"a release that knows no commit", build{Version: "v1.5.0"}, checkedOut, "hubhook v1.5.0"},
		{"go install", build{}, installed, "hubhook v1.4.0"},
		{"go build", build{}, checkedOut, "hubhook v1.4.1-0.20260102030405-0123456789ab commit 0123456789ab of 2026-01-02T03:04:05Z"},
		{"nothing is known", build{}, new(debug.BuildInfo), "hubhook (devel)"},
	} {
		var out strings.Builder
		if err := writeBuild(&out, buildOf(c.stamped, c.info)); err != nil {
			t.Fatal(err)
		}
		if want := c.want + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH + "\n"; out.String() != want {
			t.Errorf("%s: %q, want %q", c.name, out.String(), want)
		}
	}
}

package scaffold

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestChooseCIThatIsThere(t *testing.T) {
	for want, files := range map[string]fs.FS{
		"github": fstest.MapFS{},
		"gitlab": fstest.MapFS{".gitlab-ci.yml": {}},
	} {
		if chosen, err := ChooseCI("", files); err != nil || chosen.name != want {
			t.Errorf("%+v, %v; want %s", chosen, err, want)
		}
	}
	both := fstest.MapFS{".gitlab-ci.yml": {}, ".github/workflows/ci.yml": {}}
	if chosen, err := ChooseCI("", both); err != nil || chosen.name != "github" {
		t.Errorf("of both: %+v, %v", chosen, err)
	}
}

// A release is named by what it writes; nothing else could be downloaded.
func TestFilesNameTheReleaseThatItIs(t *testing.T) {
	for version, want := range map[string][2]string{
		"v1.2.3": {"v1.2.3", "v1.2.3"}, "(devel)": {"main", ""}, "v1.2.4-0.20260102030405-0123456789ab": {"main", ""},
	} {
		if got := [2]string{actionRef(version), releaseVersion.FindString(version)}; got != want {
			t.Errorf("%s: %q, want %q", version, got, want)
		}
	}
}

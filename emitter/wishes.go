package emitter

import (
	"encoding/json"
	"slices"
	"strconv"
)

// What a value that is set by hand asks of the scene.

// wishText asks for a text. One that no scene can have is written all the same,
// but nothing follows from it.
func wishText(field func(*Scene) *string, can func(string) bool) func(*Scene, string) bool {
	return func(w *Scene, raw string) bool {
		var wanted string
		if json.Unmarshal([]byte(raw), &wanted) != nil || !can(wanted) {
			return false
		}
		*field(w) = wanted
		return true
	}
}

func isStatus(text string) bool { return slices.Contains(statuses(), text) }

func wishChoice(field func(*Scene) *Choice) func(*Scene, string) bool {
	return func(w *Scene, raw string) bool {
		*field(w) = map[string]Choice{"true": Yes, "false": No}[raw]
		return *field(w) != Any
	}
}

// isKind tells whether a repo type is known today: a new one has no scene of its
// own.
func isKind(text string) bool {
	kind := kindNamed(text)
	return kind != nil && !kind.future
}

func wishNum(w *Scene, raw string) bool {
	num, err := strconv.ParseUint(raw, 10, 64)
	w.Num = num
	return err == nil && num > 0
}

// wishVisible asks for a comment that has content, whatever it is.
func wishVisible(w *Scene, _ string) bool {
	if w.Hidden == Any {
		w.Hidden = No
	}
	return true
}

// wishPull asks for a pull request, which alone has changes.
func wishPull(w *Scene, _ string) bool {
	if w.PullRequest == Any {
		w.PullRequest = Yes
	}
	return true
}

// wishRepoType asks for a repo type that has such a value at all.
func wishRepoType(kind int) func(*Scene, string) bool {
	return func(w *Scene, _ string) bool {
		if w.RepoType == "" {
			w.RepoType = repoKinds[kind].name
		}
		return true
	}
}

package api

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/internal/clip"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// updateSettings changes settings. Unknown keys pass, and the event has {} for them, as it has for
// all but the visibility.
func updateSettings(c *call) (any, error) {
	var keys map[string]json.RawMessage
	if err := c.Read(&keys); err != nil {
		return nil, err
	}
	return c.UpdateRepo(func(tx *domain.Tx, r *domain.Repo) (any, error) {
		change, err := readSettings(r.Type, keys)
		if err != nil {
			return nil, err
		}
		if len(keys) > 0 {
			if r, err = tx.ChangeSettings(r, change); err != nil {
				return nil, err
			}
		}
		return map[string]any{"private": r.Private(), "visibility": r.Visibility, "gated": gatedAnswer(r)}, nil
	})
}

func readSettings(repoType string, keys map[string]json.RawMessage) (change domain.SettingsChange, err error) {
	var private *bool
	var asked string
	if json.Unmarshal(keys["private"], &private) != nil && keys["private"] != nil {
		return change, problem.Invalid("private can be true or false")
	}
	if json.Unmarshal(keys["visibility"], &asked) != nil && keys["visibility"] != nil {
		return change, problem.Invalid("visibility can be one of %s", strings.Join(visibilities, ", "))
	}
	if change.Visibility, err = checkedVisibility(repoType, asked, private); err != nil {
		return change, err
	}
	change.Gated, err = readGated(repoType, keys["gated"])
	return change, err
}

var visibilities = []string{"public", "private", "protected"}

// checkedVisibility returns the visibility that is asked for in either way; empty where
// none is. Only Spaces can be protected (hub docs, "Spaces Settings").
func checkedVisibility(repoType, asked string, private *bool) (string, error) {
	switch {
	case asked == "" && private == nil:
		return "", nil
	case asked == "" && *private:
		return "private", nil
	case asked == "":
		return "public", nil
	case !slices.Contains(visibilities, asked):
		return "", problem.Invalid("visibility is %q: it can be one of %s",
			clip.Short(asked), strings.Join(visibilities, ", "))
	case asked == "protected" && repoType != "space":
		return "", problem.Invalid("only a Space can be protected")
	}
	return asked, nil
}

// readGated reads false, "auto" or "manual"; nil where nothing is said.
func readGated(repoType string, value json.RawMessage) (*string, error) {
	gated := strings.Trim(string(value), `"`)
	switch string(value) {
	case "", "null":
		return nil, nil
	case "false":
		gated = ""
		return &gated, nil
	case `"auto"`, `"manual"`:
		if repoType != "model" && repoType != "dataset" {
			return nil, problem.Invalid("only models and datasets can be gated")
		}
		return &gated, nil
	}
	return nil, problem.Invalid(`gated can be false, "auto" or "manual"`)
}

func gatedAnswer(r *domain.Repo) any {
	if r.Gated == "" {
		return false
	}
	return r.Gated
}

var sdks = []string{"gradio", "docker", "static", "streamlit"}

func checkSDK(r *domain.Repo) error {
	switch {
	case r.Type == "space" && !slices.Contains(sdks, r.SDK):
		return problem.Invalid("sdk is %q: that of a Space can be one of %s", clip.Short(r.SDK), strings.Join(sdks, ", "))
	case r.Type != "space":
		r.SDK = ""
	}
	return nil
}

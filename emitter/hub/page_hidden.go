package hub

import (
	"encoding/json"
	"slices"
	"strings"
)

// hiding takes the webhooks' secrets out of what others wrote: a bot may have posted
// what it was sent.
type hiding struct{ replacer *strings.Replacer }

// shortestHidden is how long a secret is that is taken out, in bytes. A shorter one is
// likely to be a word that stands there for itself: "test" would be gone from names,
// and thereby be told.
const shortestHidden = 8

func (s *state) hidden() hiding {
	var pairs []string
	for _, w := range s.webhooks.rows {
		if len(w.Secret) < shortestHidden || slices.Contains(pairs, w.Secret) {
			continue
		}
		pairs = append(pairs, w.Secret, "•••")
		if quoted, err := json.Marshal(w.Secret); err == nil {
			if inJSON := string(quoted[1 : len(quoted)-1]); inJSON != w.Secret {
				pairs = append(pairs, inJSON, "•••")
			}
		}
	}
	return hiding{strings.NewReplacer(pairs...)}
}

func (h hiding) text(text string) string { return h.replacer.Replace(text) }

func (h hiding) bytes(text []byte) []byte { return []byte(h.replacer.Replace(string(text))) }

package suites

import (
	"fmt"

	"github.com/hubhook/hubhook/reports"
)

// observed is where examples look for what a handler did.
const observed = "http://127.0.0.1:8000/state"

// Tell says what a check needs of a target besides its URL and a secret in the
// header, each with the flag that tells of it where there is one.
func (n Needs) Tell() []reports.Need {
	list := []reports.Need{}
	for _, row := range []struct {
		needed bool
		reports.Need
	}{
		{n.QuerySecret, reports.Need{What: "a handler that takes its secret from the URL", Flag: "--secret-in query"}},
		{n.SecretLength > 1, reports.Need{What: fmt.Sprintf("a secret of at least %d characters", n.SecretLength)}},
		{n.SecretLetter, reports.Need{What: "a secret with a letter in it"}},
		{n.Observer, reports.Need{What: "an observer", Flag: "--observe " + observed,
			How: "answers do not show what the handler did; a page that counts it does, as with " +
				`{"acted":{"repo.update":3}}; any JSON or text will do`}},
		{n.HTTPS, reports.Need{What: "a handler that is reached over https"}},
		{n.Restart, reports.Need{What: "a way to end the handler and start it again", Flag: "--restart-cmd COMMAND"}},
		{n.RepoType != "", reports.Need{What: "a webhook that gets events of a " + n.RepoType}},
	} {
		if row.needed {
			list = append(list, row.Need)
		}
	}
	return list
}

package hub

import (
	"maps"
	"regexp"
	"slices"
)

// spaceRoutes are the secrets and variables of a Space.
func spaceRoutes() []route {
	const secrets, variables = "/api/{type}/{repo}/secrets", "/api/{type}/{repo}/variables"
	return []route{
		{name: "add_space_secret", method: "POST", path: secrets, serve: addSecret},
		{name: "delete_space_secret", method: "DELETE", path: secrets, serve: deleteSecret},
		{name: "get_space_variables", method: "GET", path: variables, serve: getVariables},
		{name: "add_space_variable", method: "POST", path: variables, serve: addVariable},
		{name: "delete_space_variable", method: "DELETE", path: variables, serve: deleteVariable},
	}
}

// Bounds of what a Space is given to run with. Those of a text are in bytes.
const (
	mostSecrets   = 1000
	mostVariables = 1000
	longestKey    = 256
	longestValue  = 4096
	longestNote   = 1024
)

var keyPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// keyBody names a secret or a variable. A secret's value is not even read.
type keyBody struct {
	Key string `json:"key"`
}

func (b *keyBody) check() error {
	if len(b.Key) > longestKey || !keyPattern.MatchString(b.Key) {
		return invalid("key is %q: it has letters, digits and '_', at most %d, and does not begin with a digit", inShort(b.Key), longestKey)
	}
	return nil
}

// configureSpace changes how a Space runs.
func (c *call) configureSpace(do func(*repo) error) (r *repo, err error) {
	return r, c.Update(func(tx *tx) error {
		old, err := c.space(tx.state)
		if err != nil {
			return err
		}
		next := *old
		next.Modified = tx.now
		if err := do(&next); err != nil {
			return err
		}
		r = &next
		return tx.ConfigureRepo(r)
	})
}

// space is the Space that the path names.
func (c *call) space(s *state) (*repo, error) {
	r, err := c.Repo(s)
	if err == nil && r.Type != "space" {
		return nil, notFound("", "only a Space has secrets and variables, and %s is a %s", r.Name, r.Type)
	}
	return r, err
}

func addSecret(c *call) (any, error) {
	var body keyBody
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if err := body.check(); err != nil {
		return nil, err
	}
	_, err := c.configureSpace(func(r *repo) error {
		at, found := slices.BinarySearch(r.Secrets, body.Key)
		switch {
		case found: // it has another value now
		case len(r.Secrets) >= mostSecrets:
			return forbidden("a Space has %d secrets at most", mostSecrets)
		default:
			r.Secrets = slices.Insert(slices.Clone(r.Secrets), at, body.Key)
		}
		return nil
	})
	return done, err
}

func deleteSecret(c *call) (any, error) {
	var body keyBody
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	_, err := c.configureSpace(func(r *repo) error {
		at, found := slices.BinarySearch(r.Secrets, body.Key)
		if !found {
			return notFound("", "%s has no secret %q", r.Name, inShort(body.Key))
		}
		r.Secrets = slices.Delete(slices.Clone(r.Secrets), at, at+1)
		return nil
	})
	return done, err
}

func getVariables(c *call) (answer any, err error) {
	err = c.View(func(s *state) error {
		r, err := c.space(s)
		if err == nil {
			answer = variablesAnswer(r)
		}
		return err
	})
	return answer, err
}

func addVariable(c *call) (any, error) {
	var body struct {
		keyBody
		Value       string `json:"value"`
		Description string `json:"description"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if err := body.check(); err != nil {
		return nil, err
	}
	if len(body.Value) > longestValue || len(body.Description) > longestNote {
		return nil, invalid("value has at most %d bytes, and description %d", longestValue, longestNote)
	}
	return c.changeVariables(func(r *repo) error {
		r.Variables[body.Key] = variable{Value: body.Value, Description: body.Description, Updated: r.Modified}
		if len(r.Variables) > mostVariables {
			return forbidden("a Space has %d variables at most", mostVariables)
		}
		return nil
	})
}

func deleteVariable(c *call) (any, error) {
	var body keyBody
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	return c.changeVariables(func(r *repo) error {
		if _, found := r.Variables[body.Key]; !found {
			return notFound("", "%s has no variable %q", r.Name, inShort(body.Key))
		}
		delete(r.Variables, body.Key)
		return nil
	})
}

// changeVariables answers with all variables, as the official client wants it.
func (c *call) changeVariables(do func(*repo) error) (any, error) {
	r, err := c.configureSpace(func(r *repo) error {
		own := make(map[string]variable, len(r.Variables)+1)
		maps.Copy(own, r.Variables)
		r.Variables = own
		return do(r)
	})
	if err != nil {
		return nil, err
	}
	return variablesAnswer(r), nil
}

func variablesAnswer(r *repo) any {
	type variable struct {
		Value       string `json:"value"`
		Description string `json:"description,omitempty"`
		UpdatedAt   string `json:"updatedAt"`
	}
	answer := make(map[string]variable, len(r.Variables))
	for key, v := range r.Variables {
		answer[key] = variable{v.Value, v.Description, timeText(v.Updated)}
	}
	return answer
}

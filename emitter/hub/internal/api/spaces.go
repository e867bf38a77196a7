package api

import (
	"maps"
	"regexp"
	"slices"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

func spaceRoutes() []route {
	const secrets, variables = "/api/{type}/{repo}/secrets", "/api/{type}/{repo}/variables"
	return []route{
		{name: "add_space_secret", method: "POST", path: secrets, serve: withBody(addSecret)},
		{name: "delete_space_secret", method: "DELETE", path: secrets, serve: withBody(deleteSecret)},
		{name: "get_space_variables", method: "GET", path: variables, serve: getVariables},
		{name: "add_space_variable", method: "POST", path: variables, serve: withBody(addVariable)},
		{name: "delete_space_variable", method: "DELETE", path: variables, serve: withBody(deleteVariable)},
	}
}

// Bounds of what a Space is given to run with. Those of a text are in bytes.
const (
	MaxSecrets       = 1000
	maxVariables     = 1000
	maxKey           = 256
	MaxVariableValue = 4096
	maxNote          = 1024
)

var keyPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// keyBody names a secret or a variable. A secret's value is not even read.
type keyBody struct {
	Key string `json:"key"`
}

func (b *keyBody) check() error {
	if len(b.Key) > maxKey || !keyPattern.MatchString(b.Key) {
		return problem.Invalid("key is %q: it has letters, digits and '_', at most %d, and does not begin with a digit",
			problem.Short(b.Key), maxKey)
	}
	return nil
}

// configureSpace makes a change to the Space that the path names. What do returns is answered.
func (c *call) configureSpace(do func(*domain.Repo) (any, error)) (any, error) {
	return c.Update(func(tx *domain.Tx) (any, error) {
		old, err := c.space(tx.State)
		if err != nil {
			return nil, err
		}
		r := *old
		r.Modified = tx.Now
		response, err := do(&r)
		if err != nil {
			return nil, err
		}
		return response, tx.ConfigureRepo(&r)
	})
}

func (c *call) space(s *domain.State) (*domain.Repo, error) {
	r, err := c.Repo(s)
	if err == nil && r.Type != "space" {
		return nil, problem.NotFound("", "only a Space has secrets and variables, and %s is a %s", r.Name, r.Type)
	}
	return r, err
}

func addSecret(c *call, body *keyBody) (any, error) {
	if err := body.check(); err != nil {
		return nil, err
	}
	return c.configureSpace(func(r *domain.Repo) (any, error) {
		at, found := slices.BinarySearch(r.Secrets, body.Key)
		switch {
		case found: // it has another value now
		case len(r.Secrets) >= MaxSecrets:
			return nil, problem.Forbidden("a Space has %d secrets at most", MaxSecrets)
		default:
			r.Secrets = slices.Insert(slices.Clone(r.Secrets), at, body.Key)
		}
		return done, nil
	})
}

func deleteSecret(c *call, body *keyBody) (any, error) {
	return c.configureSpace(func(r *domain.Repo) (any, error) {
		at, found := slices.BinarySearch(r.Secrets, body.Key)
		if !found {
			return nil, problem.NotFound("", "%s has no secret %q", r.Name, problem.Short(body.Key))
		}
		r.Secrets = slices.Delete(slices.Clone(r.Secrets), at, at+1)
		return done, nil
	})
}

func getVariables(c *call) (any, error) {
	return c.View(func(s *domain.State) (any, error) {
		r, err := c.space(s)
		if err != nil {
			return nil, err
		}
		return variablesResponse(r), nil
	})
}

type addVariableBody struct {
	keyBody
	Value       string `json:"value"`
	Description string `json:"description"`
}

func addVariable(c *call, body *addVariableBody) (any, error) {
	if err := body.check(); err != nil {
		return nil, err
	}
	if len(body.Value) > MaxVariableValue || len(body.Description) > maxNote {
		return nil, problem.Invalid("value has at most %d bytes, and description %d", MaxVariableValue, maxNote)
	}
	return c.changeVariables(func(r *domain.Repo) error {
		r.Variables[body.Key] = domain.Variable{Value: body.Value, Description: body.Description, Updated: r.Modified}
		if len(r.Variables) > maxVariables {
			return problem.Forbidden("a Space has %d variables at most", maxVariables)
		}
		return nil
	})
}

func deleteVariable(c *call, body *keyBody) (any, error) {
	return c.changeVariables(func(r *domain.Repo) error {
		if _, found := r.Variables[body.Key]; !found {
			return problem.NotFound("", "%s has no variable %q", r.Name, problem.Short(body.Key))
		}
		delete(r.Variables, body.Key)
		return nil
	})
}

// changeVariables answers with all variables, as the official client wants it.
func (c *call) changeVariables(do func(*domain.Repo) error) (any, error) {
	return c.configureSpace(func(r *domain.Repo) (any, error) {
		own := make(map[string]domain.Variable, len(r.Variables)+1)
		maps.Copy(own, r.Variables)
		r.Variables = own
		if err := do(r); err != nil {
			return nil, err
		}
		return variablesResponse(r), nil
	})
}

func variablesResponse(r *domain.Repo) any {
	type variable struct {
		Value       string `json:"value"`
		Description string `json:"description,omitempty"`
		UpdatedAt   string `json:"updatedAt"`
	}
	response := make(map[string]variable, len(r.Variables))
	for key, v := range r.Variables {
		response[key] = variable{v.Value, v.Description, domain.FormatTime(v.Updated)}
	}
	return response
}

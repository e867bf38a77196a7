package suites

import (
	"encoding/json"
	"testing"
)

// Nothing of a secret that begins or ends with a quote is kept next to what stands for it.
func TestSecretIsEscapedWhole(t *testing.T) {
	for _, secret := range []string{`plain`, `ends in"`, `"`, `"both"`, `\"`} {
		var back string
		if err := json.Unmarshal([]byte(`"`+jsonEscaped(secret)+`"`), &back); err != nil || back != secret {
			t.Errorf("%s is escaped as %s: %v", secret, jsonEscaped(secret), err)
		}
	}
}

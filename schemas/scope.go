package schemas

import "strings"

// Broader drops the last segment of a scope: "repo.config.dois" becomes
// "repo.config". It is false where no segment is left to drop.
func Broader(scope string) (string, bool) {
	dot := strings.LastIndexByte(scope, '.')
	if dot < 0 {
		return "", false
	}
	return scope[:dot], true
}

// Nearest walks up from scope, one segment at a time, to the first one that is
// known. It is false where not even the root is.
//
// This is the fallback that the Hub asks of every handler for scopes that come
// later (hub docs, "Webhook Payload", "Event"). An event found on a broader
// scope than its own counts as "update" there, whatever its action says.
func Nearest(scope string, known func(scope string) bool) (string, bool) {
	for ok := true; ok; scope, ok = Broader(scope) {
		if known(scope) {
			return scope, true
		}
	}
	return "", false
}

package suites

import "time"

// ForMutants are options with which mutants cost less time than they would a user:
// what hangs, and what waits for a handler that is slow on purpose.
func ForMutants() Options {
	return Options{
		AnswerWithin: time.Second, // which a mutant that hangs costs each time
		Limits:       Limits{Prompt: 500 * time.Millisecond, Recover: 4 * time.Second},
	}
}

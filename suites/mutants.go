package suites

import "time"

// ForMutants returns options with which mutants take less time than a user's handler may:
// one that hangs, or is slow, takes this much each time.
func ForMutants() Options {
	return Options{
		AnswerWithin: 2 * time.Second,
		Limits:       Limits{Prompt: 600 * time.Millisecond, Refusal: 600 * time.Millisecond, Recover: 4 * time.Second},
	}
}

package suites

import "time"

// Proof is how a check is known to find what it is for, other than by a mutant.
type Proof struct{ ID, How string }

// WithoutMutant lists the checks that no mutant of the built-in handler can fail,
// and how they were seen to fail nevertheless. All others are to be killed by one.
func WithoutMutant() []Proof {
	return []Proof{
		{"PAY-23", "asks for schemas of one's own, which mutants are not given; a test has it fail with some"},
	}
}

// ForMutants are options with which mutants cost less time than a user's handler may:
// one that hangs, or dawdles, costs this much each time.
func ForMutants() Options {
	return Options{
		AnswerWithin: 2 * time.Second,
		Limits:       Limits{Prompt: 600 * time.Millisecond, Refusal: 600 * time.Millisecond, Recover: 4 * time.Second},
	}
}

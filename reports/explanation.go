package reports

// Explanation is everything about a check, for somebody whose handler failed it. Entries of
// a table that differ only in their titles share one.
type Explanation struct {
	ID           string `json:"id"`    // of the check, or of the table: "SEC-03", "PAY-01"
	Area         string `json:"area"`  // as in Check
	Level        string `json:"level"` // MUST, SHOULD or MAY
	LevelMeaning string `json:"means"` // of the level, as half a sentence
	Why          string `json:"why"`   // what goes wrong otherwise
	Spec         string `json:"spec"`  // URL of the requirement
	SpecSays     string `json:"says"`  // that requirement in our words
	Fix          string `json:"fix"`   // how to fix it
	Needs        []Need `json:"needs"` // besides a handler with a secret in the header
	Rerun        string `json:"rerun"` // a command line that runs only this

	Checks   []ExplainedCheck `json:"checks"`  // one, or the entries of a table
	Examples []Example        `json:"mends"`   // of right handlers, by language
	Mutants  []Mutant         `json:"mutants"` // handlers that fail it
	// Proof is how it was seen to fail without a mutant.
	Proof string `json:"proof,omitempty"`
}

// ExplainedCheck is the part of an explanation about one check.
type ExplainedCheck struct {
	ID    string `json:"id"`    // "PAY-01a"
	Title string `json:"title"` // what a right handler does
	DryRun
}

// Need is something that a check needs of the handler.
type Need struct {
	What string `json:"what"`           // "an observer"
	Flag string `json:"flag,omitempty"` // to provide it; may be empty
	How  string `json:"how,omitempty"`  // why, and how to provide it
}

// DryRun is what a check sends to a handler that passes.
type DryRun struct {
	Status Status `json:"status"`           // the verdict on that handler
	Reason string `json:"reason,omitempty"` // why nothing is sent, or not all
	Steps  []Step `json:"steps"`            // in the order in which they were sent
	Sent   int    `json:"sent"`             // requests in all
	// DecisiveStep is the step that the check is about, counted from 1. Curl sends it in a
	// POSIX shell. Repeated marks a delivery that had been sent before.
	DecisiveStep int    `json:"telling,omitempty"`
	Curl         string `json:"curl,omitempty"`
	Repeated     bool   `json:"again,omitempty"`
}

// Step is a request, and how often it was sent in a row.
type Step struct {
	What  string `json:"what"` // "repo.update with a wrong secret"
	Times int    `json:"times"`
}

// Example is code of a right handler, in one language.
type Example struct {
	Language string `json:"language"` // "Go"
	File     string `json:"file"`     // of the parts, in the repository
	Whole    string `json:"whole"`    // a command line that writes that file
	Parts    []Part `json:"parts"`    // the last is the point; the others are what it uses
}

// Part is a piece of code.
type Part struct {
	Topic string `json:"topic"` // "secret"
	Code  string `json:"code"`  // as in the file
}

package reports

// Explanation is all that is known about a check, for somebody whose handler failed
// it. Entries of a table that have all but their titles in common are one.
type Explanation struct {
	ID           string `json:"id"`    // of the check, or of the table: "SEC-03", "PAY-01"
	Area         string `json:"area"`  // as in Check
	Level        string `json:"level"` // MUST, SHOULD or MAY
	LevelMeaning string `json:"means"` // what that level means, in half a sentence
	Why          string `json:"why"`   // what goes wrong for those whose handler does not
	Spec         string `json:"spec"`  // URL of the text that asks for it
	SpecSays     string `json:"says"`  // what that text says, in words of ours
	Fix          string `json:"fix"`   // what to do about it
	Needs        []Need `json:"needs"` // besides a handler with a secret in the header
	Rerun        string `json:"rerun"` // a command line that runs nothing else

	Checks   []ExplainedCheck `json:"checks"`  // one, or the entries of a table
	Examples []Example        `json:"mends"`   // how it is done right, by language
	Mutants  []Mutant         `json:"mutants"` // handlers that fail it
	// Proof says how it was seen to fail where no mutant does; empty where one does.
	Proof string `json:"proof,omitempty"`
}

// ExplainedCheck is what is special about one check of an explanation.
type ExplainedCheck struct {
	ID    string `json:"id"`    // "PAY-01a"
	Title string `json:"title"` // what a right handler does
	DryRun
}

// Need is something that a check needs of the handler.
type Need struct {
	What string `json:"what"`           // "an observer"
	Flag string `json:"flag,omitempty"` // that tells of it; empty where there is none
	How  string `json:"how,omitempty"`  // why, and how to meet it
}

// DryRun is what a check sends, as a handler saw it that passes.
type DryRun struct {
	Status Status `json:"status"`           // the verdict on that handler
	Reason string `json:"reason,omitempty"` // why nothing is sent, or not all
	Steps  []Step `json:"steps"`            // in the order in which they were sent
	Sent   int    `json:"sent"`             // requests in all
	// DecisiveStep is the step that the check is about, counted from 1, and Curl sends
	// it in a POSIX shell. Again says that its delivery had been sent before.
	DecisiveStep int    `json:"telling,omitempty"`
	Curl         string `json:"curl,omitempty"`
	Repeated     bool   `json:"again,omitempty"`
}

// Step is what was sent, and how often in a row.
type Step struct {
	What  string `json:"what"`  // in words: "repo.update with a wrong secret"
	Times int    `json:"times"` // in a row
}

// Example is how a right handler does something, in one language.
type Example struct {
	Language string `json:"language"` // its name: "Go"
	File     string `json:"file"`     // that the parts are from, in the repository
	Whole    string `json:"whole"`    // a command line that writes that file
	Parts    []Part `json:"parts"`    // the last is what it is about; what it uses stands before
}

// Part is a piece of code.
type Part struct {
	Topic string `json:"topic"` // what it is about: "secret"
	Code  string `json:"code"`  // as it stands in the file
}

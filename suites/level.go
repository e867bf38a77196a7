package suites

// Means says in half a sentence how binding a level is.
func (l Level) Means() string {
	return map[Level]string{
		Must:   "the Hub's documentation, or an RFC that it rests on, asks for it; a failure fails the run",
		Should: "documented advice, or plain good sense with a reason given; a failure does not fail the run, unless --strict is given",
		May:    "worth knowing; a failure never fails the run",
	}[l]
}

package suites

// Means says in half a sentence how binding a level is.
func (l Level) Means() string {
	return map[Level]string{
		Must:   "the Hub's documentation, or an RFC that it rests on, makes a handler fail without it",
		Should: "documented advice, or plain good sense with a reason given; it fails no run by itself",
		May:    "worth knowing; it never fails a run",
	}[l]
}

package suites

// Mend names a piece of code that shows how something is done right.
type Mend string

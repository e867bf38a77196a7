//go:build !unix

package osclock

// Used returns nothing: it is not known here.
func Used() Usage { return Usage{} }

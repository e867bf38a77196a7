package emitter

// growth makes a payload longer than it would be: by more items, longer names,
// more prose.
type growth struct {
	prose int  // bytes to add to a comment
	bare  bool // whether the comment has nothing but these

	refs, files int // items to add
	ref         refChange
	file        fileChange
	pad         int // bytes to add to the name of each such item, or to that of the last one where there is none
	longer      int // how many of them get another one
}

// mostFilesTold is how many files the Hub tells of at most; where there are more,
// updatedFilesTruncated says so.
const mostFilesTold = 10000

// appendTo writes what tells the items apart that were added.
func (g *growth) appendTo(dst []byte, at int) []byte {
	var digits [8]byte
	n := at + 1
	for i := len(digits) - 1; i >= 0; i-- {
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	pad := g.pad
	if at < g.longer {
		pad++
	}
	return appendFill(append(dst, digits[:]...), pad)
}

// appendLonger writes a reference by a name that is longer than its own. That of
// a pull request has a higher number, or is a branch instead.
func (g *growth) appendLonger(dst []byte, s *scene, r *refChange) []byte {
	const pull, branch, zeros = "refs/pr/", "refs/heads/pr-", "00000"
	apart := len(branch) - len(pull)
	switch {
	case r.kind != refPull:
		return appendFill(s.appendRef(dst, r), g.pad)
	case g.pad < apart:
		return append(s.appendRef(dst, r), zeros[:g.pad]...)
	}
	return appendFill(appendNumber(append(dst, branch...), r.number), g.pad-apart)
}

// appendFill makes a name longer.
func appendFill(dst []byte, n int) []byte {
	const fill = "-and-longer"
	for ; n > len(fill); n -= len(fill) {
		dst = append(dst, fill...)
	}
	return append(dst, fill[:n]...)
}

// appendProse makes a comment longer, by sentences that are as long in JSON as
// they are.
func (g *growth) appendProse(dst []byte, words *lexicon) []byte {
	for n, i := g.prose, 0; n > 0; i++ {
		sentence := " " + words.prose[i%len(words.prose)]
		if g.bare && i == 0 {
			sentence = sentence[1:]
		}
		sentence = sentence[:min(n, len(sentence))]
		dst = append(dst, sentence...)
		n -= len(sentence)
	}
	return dst
}

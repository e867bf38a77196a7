package emitter

// growth makes a payload longer than it would be: by more items, longer names,
// more prose.
type growth struct {
	prose int // bytes to add to a comment

	refs, files int // items to add
	ref         refChange
	file        fileChange
	pad         int // bytes to add to the name of each such item
	last        int // and to that of the last one
}

// mostFilesTold is how many files the Hub tells of at most; where there are more,
// updatedFilesTruncated says so.
const mostFilesTold = 10000

// appendTo writes what tells the items apart that were added, each as long as the
// others.
func (g *growth) appendTo(dst []byte, at, of int) []byte {
	var digits [8]byte
	n := at + 1
	for i := len(digits) - 1; i >= 0; i-- {
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	dst = append(dst, digits[:]...)
	dst = appendFill(dst, g.pad)
	if at == of-1 {
		dst = appendFill(dst, g.last)
	}
	return dst
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
		sentence = sentence[:min(n, len(sentence))]
		dst = append(dst, sentence...)
		n -= len(sentence)
	}
	return dst
}

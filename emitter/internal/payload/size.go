package payload

import (
	"fmt"

	"github.com/hubhook/hubhook/emitter/internal/world"
)

// padding makes a payload longer: by more items, longer names, more prose.
type padding struct {
	prose int  // bytes to add to a comment
	bare  bool // whether the comment has nothing but these

	refs, files int // items to add
	ref         world.RefChange
	file        world.FileChange
	pad         int // bytes to add to the name of each such item; if there are none, to that of the last item
	longer      int // how many of them get one more byte
}

// MaxFilesListed is how many files the Hub lists at most; if there are more, updatedFilesTruncated says so.
const MaxFilesListed = 10000

// appendTo appends the part of a name that tells added items apart.
func (p *padding) appendTo(dst []byte, at int) []byte {
	var digits [8]byte
	n := at + 1
	for i := len(digits) - 1; i >= 0; i-- {
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	pad := p.pad
	if at < p.longer {
		pad++
	}
	return appendFill(append(dst, digits[:]...), pad)
}

// appendLonger appends a name of a reference that is longer than its own. That of a pull request has a higher number,
// or is a branch instead.
func (p *padding) appendLonger(dst []byte, s *State, r *world.RefChange) []byte {
	const pull, branch, zeros = "refs/pr/", "refs/heads/pr-", "00000"
	apart := len(branch) - len(pull)
	switch {
	case r.Kind != world.RefPull:
		return appendFill(s.AppendRef(dst, r), p.pad)
	case p.pad < apart:
		return append(s.AppendRef(dst, r), zeros[:p.pad]...)
	}
	return appendFill(world.AppendNumber(append(dst, branch...), r.Number), p.pad-apart)
}

func appendFill(dst []byte, n int) []byte {
	const fill = "-and-longer"
	for ; n > len(fill); n -= len(fill) {
		dst = append(dst, fill...)
	}
	return append(dst, fill[:n]...)
}

// appendProse makes a comment longer, by sentences that are as long in JSON as they are.
func (p *padding) appendProse(dst []byte, words *world.Lexicon) []byte {
	for n, i := p.prose, 0; n > 0; i++ {
		sentence := " " + words.Prose[i%len(words.Prose)]
		if p.bare && i == 0 {
			sentence = sentence[1:]
		}
		sentence = sentence[:min(n, len(sentence))]
		dst = append(dst, sentence...)
		n -= len(sentence)
	}
	return dst
}

// appendSized appends a payload of exactly the size that is wanted. What can take any size does: a comment gets more
// prose, a push more references, a bucket more files.
func (c *Compiler) appendSized(dst []byte, s *State, t *Shape) ([]byte, error) {
	loose, extra := s.Loose, s.unknownProps // each try must write the same values
	start := len(dst)
	length := func(with padding) int {
		s.Loose, s.unknownProps, s.padding = loose, extra, with
		dst = t.program.append(dst[:start], s)
		return len(dst) - start
	}
	defer func() { s.padding = padding{} }()
	plain := length(padding{})
	if plain == c.Size {
		return dst, nil
	}
	if least := min(plain, length(shortestComment)); least > c.Size {
		return dst[:start], fmt.Errorf("a size of %d bytes is too small: this %s has %d at least",
			c.Size, t.name, least)
	}
	for _, way := range []func(*State, int, func(padding) int) padding{moreProse, otherProse, moreRefs, moreFiles} {
		if length(way(s, c.Size, length)) == c.Size {
			return dst, nil
		}
	}
	return dst[:start], fmt.Errorf(
		"a size of %d bytes: this %s has %d, and no comment, reference or file in it can take up the rest",
		c.Size, t.name, plain)
}

var shortestComment = padding{bare: true, prose: 1}

func moreProse(_ *State, size int, length func(padding) int) padding {
	return padding{prose: max(0, size-length(padding{}))}
}

func otherProse(_ *State, size int, length func(padding) int) padding {
	p := shortestComment
	p.prose += max(0, size-length(p))
	return p
}

// maxRefs is as far as appendTo counts.
const maxRefs = 99_999_999

// moreRefs adds references at the head of main, and makes names longer.
func moreRefs(s *State, size int, length func(padding) int) padding {
	p := padding{ref: world.RefChange{Kind: world.RefNamed, Text: "refs/tags/build-", Created: true, New: s.Repo.Head}}
	return p.filled(size, length, func(p *padding) *int { return &p.refs }, maxRefs)
}

// moreFiles adds files, up to the number that the Hub lists, and makes names longer.
func moreFiles(s *State, size int, length func(padding) int) padding {
	p := padding{file: world.FileChange{Size: 1 << 20}}
	if len(s.Files) > 0 {
		p.file.Hash = s.Files[0].Hash
	}
	return p.filled(size, length, func(p *padding) *int { return &p.files }, MaxFilesListed-len(s.Files))
}

// filled adds as many items as there is room for, up to most, and distributes the rest over their names; if there is
// no room for one, the name of the last item takes all. Items need not have the same length: some may have a property
// that the others have not.
func (p padding) filled(size int, length func(padding) int, items func(*padding) *int, most int) padding {
	const tries, lastToAdd = 64, 8
	least := length(p)
	n := items(&p)
	*n = 1
	each := max(1, length(p)-least)
	*n = max(0, min((size-least)/each, most))
	room := 0
	for try := range tries {
		room = size - length(p)
		if room >= 0 && (room < 2*each || *n == most || try > lastToAdd) {
			break
		}
		if room < 0 {
			room -= each - 1 // one item less, even if only for a byte
		}
		*n = max(0, min(*n+room/each, most))
	}
	p.pad, p.longer = max(0, room)/max(1, *n), max(0, room)%max(1, *n)
	return p
}

package emitter

import "fmt"

// sized appends a payload of exactly the size that is wanted. What can take any
// size does: a comment gets more prose, a push more references, a bucket more
// files.
func (g *Generator) sized(dst []byte, s *scene, t *tale) ([]byte, error) {
	loose, extra := s.loose, s.extras // each try must say the same
	start := len(dst)
	length := func(with growth) int {
		s.loose, s.extras, s.growth = loose, extra, with
		dst = t.plan.append(dst[:start], s)
		return len(dst) - start
	}
	defer func() { s.growth = growth{} }()
	plain := length(growth{})
	if plain == g.size {
		return dst, nil
	}
	if least := min(plain, length(barest)); least > g.size {
		return dst[:start], fmt.Errorf("a size of %d bytes is too small: this %s has %d at least", g.size, t.name, least)
	}
	for _, way := range []func(*scene, int, func(growth) int) growth{moreProse, otherProse, moreRefs, moreFiles} {
		if length(way(s, g.size, length)) == g.size {
			return dst, nil
		}
	}
	return dst[:start], fmt.Errorf("a size of %d bytes: this %s has %d, and no comment, reference or file in it can take up the rest", g.size, t.name, plain)
}

// barest is a comment of one letter.
var barest = growth{bare: true, prose: 1}

// moreProse adds sentences to a comment.
func moreProse(_ *scene, size int, length func(growth) int) growth {
	return growth{prose: max(0, size-length(growth{}))}
}

// otherProse has a comment say something shorter.
func otherProse(_ *scene, size int, length func(growth) int) growth {
	g := barest
	g.prose += max(0, size-length(g))
	return g
}

// mostRefs is as far as the names of references that are added count.
const mostRefs = 99_999_999

// moreRefs adds references at the head of main, and makes names longer.
func moreRefs(s *scene, size int, length func(growth) int) growth {
	g := growth{ref: refChange{kind: refGiven, text: "refs/tags/build-", created: true, new: s.repo.head}}
	return g.filled(size, length, func(g *growth) *int { return &g.refs }, mostRefs)
}

// moreFiles adds files, up to the number that the Hub tells of, and makes names
// longer.
func moreFiles(s *scene, size int, length func(growth) int) growth {
	g := growth{file: fileChange{size: 1 << 20}}
	if len(s.files) > 0 {
		g.file.hash = s.files[0].hash
	}
	return g.filled(size, length, func(g *growth) *int { return &g.files }, mostFilesTold-len(s.files))
}

// filled adds as many items as there is room for, at most so many, and shares the
// rest among their names; where there is no room for one, the name of the last
// that is there takes all. Items need not be of one length: some may have a
// property that the others have not.
func (g growth) filled(size int, length func(growth) int, items func(*growth) *int, most int) growth {
	const tries, lastToAdd = 64, 8
	least := length(g)
	n := items(&g)
	*n = 1
	each := max(1, length(g)-least)
	*n = max(0, min((size-least)/each, most))
	room := 0
	for try := range tries {
		room = size - length(g)
		if room >= 0 && (room < 2*each || *n == most || try > lastToAdd) {
			break
		}
		if room < 0 {
			room -= each - 1 // one item less, though it is for a byte
		}
		*n = max(0, min(*n+room/each, most))
	}
	g.pad, g.longer = max(0, room)/max(1, *n), max(0, room)%max(1, *n)
	return g
}

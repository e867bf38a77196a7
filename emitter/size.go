package emitter

import "fmt"

// sized appends a payload of exactly the size that is wanted. What can take any
// size does: a comment gets more prose, a push more references, a bucket more
// files.
func (g *Generator) sized(dst []byte, s *scene, t *tale) ([]byte, error) {
	loose := s.loose // each try must say the same
	start := len(dst)
	length := func(with growth) int {
		s.loose, s.growth = loose, with
		s.extras.written = 0
		dst = t.plan.append(dst[:start], s)
		return len(dst) - start
	}
	least := length(growth{})
	switch {
	case least > g.size:
		return dst[:start], fmt.Errorf("a size of %d bytes is too small: this %s has %d at least", g.size, t.name, least)
	case least == g.size:
		return dst, nil
	}
	for _, way := range []func(*scene, int, func(growth) int) growth{moreProse, moreRefs, moreFiles} {
		if with := way(s, g.size, length); length(with) == g.size {
			s.growth = growth{}
			return dst, nil
		}
	}
	s.growth = growth{}
	return dst[:start], fmt.Errorf("a size of %d bytes: this %s has %d, and nothing in it can take any length, as a comment, references and files do", g.size, t.name, least)
}

func moreProse(_ *scene, size int, length func(growth) int) growth {
	return growth{prose: size - length(growth{})}
}

// moreRefs adds references, and makes the name of the last one longer.
func moreRefs(s *scene, size int, length func(growth) int) growth {
	g := growth{ref: refChange{kind: refGiven, text: "refs/tags/build-", created: true}}
	if len(s.refs) > 0 {
		g.ref.new = s.refs[0].new
	}
	least := length(g)
	g.refs = 1
	each := max(1, length(g)-least)
	g.refs = (size - least) / each
	if g.refs > 0 {
		g.last = size - length(g)
	}
	return g
}

// moreFiles adds files, up to the number that the Hub tells of, and makes their
// names longer.
func moreFiles(s *scene, size int, length func(growth) int) growth {
	g := growth{file: fileChange{size: 1 << 20}}
	if len(s.files) > 0 {
		g.file.hash = s.files[0].hash
	}
	least := length(g)
	g.files = 1
	each := max(1, length(g)-least)
	g.files = (size - least) / each
	if most := mostFilesTold - len(s.files); g.files >= most {
		g.files = most
		g.pad = (size - length(g)) / most
	}
	if g.files > 0 {
		g.last = size - length(g)
	}
	return g
}

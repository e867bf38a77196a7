package emitter

// Tales is how many shapes are kept compiled.
func (g *Generator) Tales() int {
	n := 0
	for _, kept := range []*tales{&g.tales, &g.told.tales} {
		kept.Range(func(any, any) bool {
			n++
			return true
		})
	}
	return n
}

// MostTales is how many can be, of either kind.
const MostTales = mostTales

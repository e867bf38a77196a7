package reports

import (
	"math"
	"strconv"
)

// The size of a drawing. It is stretched to the width that there is.
const (
	drawnWidth  = 1000
	drawnHeight = 200
)

// point is where something is drawn: from 0 to 1, from the left and from the bottom.
type point struct{ x, y float64 }

// path is the outline of something drawn, as SVG has it.
type path []byte

func (p *path) to(command byte, at point) {
	*p = append(*p, command)
	*p = appendCoordinate(*p, at.x*drawnWidth)
	*p = append(*p, ' ')
	*p = appendCoordinate(*p, (1-at.y)*drawnHeight)
}

func appendCoordinate(dst []byte, v float64) []byte {
	return strconv.AppendFloat(dst, math.Round(v*10)/10, 'f', -1, 64)
}

// runs are the stretches of points with nothing missing between them, each by the
// indexes of its first point and of that after its last.
func runs(n int, there func(int) bool) (list [][2]int) {
	for i := 0; i < n; i++ {
		if !there(i) {
			continue
		}
		end := i
		for end < n && there(end) {
			end++
		}
		list = append(list, [2]int{i, end})
		i = end
	}
	return list
}

// linePath joins points, and leaves gaps where one is missing. Those that stand alone
// are given back, to be drawn as dots.
func linePath(points []point, there func(int) bool) (line path, alone []point) {
	for _, run := range runs(len(points), there) {
		if run[1]-run[0] == 1 {
			alone = append(alone, points[run[0]])
			continue
		}
		command := byte('M')
		for _, at := range points[run[0]:run[1]] {
			line.to(command, at)
			command = 'L'
		}
	}
	return line, alone
}

// band is a column of a stack: how wide it is, and from where to where it reaches.
type band struct{ left, right, low, high float64 }

// stackPath is the outline of the columns of a stack that have a height.
func stackPath(bands []band) (outline path) {
	for _, run := range runs(len(bands), func(i int) bool { return bands[i].high > bands[i].low }) {
		command := byte('M')
		for _, b := range bands[run[0]:run[1]] {
			outline.to(command, point{b.left, b.high})
			outline.to('L', point{b.right, b.high})
			command = 'L'
		}
		for i := run[1] - 1; i >= run[0]; i-- {
			outline.to('L', point{bands[i].right, bands[i].low})
			outline.to('L', point{bands[i].left, bands[i].low})
		}
		outline = append(outline, 'Z')
	}
	return outline
}

package emitter

import "strings"

// joined makes one literal of what always comes together. Steps that others lead
// to stay where they begin.
func joined(steps []step) []step {
	target := map[int]bool{}
	for i, st := range steps {
		target[st.end] = true
		if st.do == repeat {
			target[i+1] = true // each item begins there
		}
	}
	moved := make([]int, len(steps)+1) // where each step has gone
	var list []step
	for i, st := range steps {
		st.settle(list, target[i])
		last := len(list) - 1
		follows := last >= 0 && list[last].do == literal && !target[i] && st.comma == commaKept
		switch {
		case follows && st.do == literal:
			list[last].text += st.text
			moved[i] = last
			continue
		case follows && st.do == value && st.from.always:
			list[last].text += st.key
			st.key = ""
		}
		moved[i] = len(list)
		list = append(list, st)
	}
	moved[len(steps)] = len(list)
	for i := range list {
		if list[i].end > 0 {
			list[i].end = moved[list[i].end]
		}
	}
	return list
}

// settle writes the comma of a step into its key where it is certain, and the key
// of a literal into its text.
func (st *step) settle(before []step, target bool) {
	last := len(before) - 1
	switch {
	case st.comma == commaAdded:
		st.key, st.comma = ","+st.key, commaKept
	case st.key == "":
		st.comma = commaKept
	case last >= 0 && before[last].do == literal && !target:
		if !strings.HasSuffix(before[last].text, "{") {
			st.key = "," + st.key
		}
		st.comma = commaKept
	}
	if st.do == literal && st.comma == commaKept {
		st.key, st.text = "", st.key+st.text
	}
}

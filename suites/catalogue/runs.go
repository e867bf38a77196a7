package catalogue

import (
	"cmp"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/suites/check"
)

// run is what a check does.
type run = func(g gomega.Gomega, h *check.Handler)

// acceptsEach returns a run that expects deliveries to be accepted, one for each option.
func acceptsEach(deliveries ...check.DeliveryOption) run {
	return expectsEach(check.BeAccepted, deliveries)
}

// acceptsOne returns a run that expects one delivery with several options to be accepted.
func acceptsOne(options ...check.DeliveryOption) run { return acceptsEach(check.WithAll(options...)) }

// acceptsShapes returns a run that expects a delivery of each shape to be accepted.
func acceptsShapes(shapes []string, options ...check.DeliveryOption) run {
	var deliveries []check.DeliveryOption
	for _, shape := range shapes {
		deliveries = append(deliveries, check.WithAll(append([]check.DeliveryOption{check.WithShape(shape)}, options...)...))
	}
	return acceptsEach(deliveries...)
}

// rejectsEach returns a run that expects deliveries to be rejected, one for each option, by a
// handler that accepts a valid one.
func rejectsEach(deliveries ...check.DeliveryOption) run {
	return afterControl(expectsEach(check.BeRejected, deliveries))
}

// survivesEach returns a run that expects a handler to survive deliveries, one for each option:
// it accepts valid ones before and after. The words sum up what came between.
func survivesEach(words string, deliveries ...check.DeliveryOption) run {
	return afterControl(func(g gomega.Gomega, h *check.Handler) {
		expectsEach(check.BeBelow500, deliveries)(g, h)
		g.Expect(h.Deliver(check.DescribeAfter(words))).To(check.BeAccepted())
	})
}

func expectsEach(matcher func() check.ResponseMatcher, deliveries []check.DeliveryOption) run {
	return func(g gomega.Gomega, h *check.Handler) {
		for _, option := range deliveries {
			g.Expect(h.Deliver(option)).To(matcher())
		}
	}
}

// afterControl returns a run that needs a valid delivery to be accepted first.
func afterControl(then run) run {
	return func(g gomega.Gomega, h *check.Handler) {
		h.RequireAccepted(h.Deliver())
		then(g, h)
	}
}

// single returns a check of its own from what is common.
func single(common check.Check, id, spec, title string, run run) check.Check {
	common.ID, common.Spec, common.Title, common.Run = id, spec, title, run
	return common
}

// row is one check of a table of similar ones.
type row struct {
	id, title string
	run       run
	repoType  string // of the check's needs
}

// table returns a check for each row from what is common.
func table(common check.Check, spec string, rows []row) []check.Check {
	var checks []check.Check
	for _, r := range rows {
		c := single(common, r.id, spec, r.title, r.run)
		c.Needs.RepoType = cmp.Or(r.repoType, c.Needs.RepoType)
		checks = append(checks, c)
	}
	return checks
}

// accepts returns a row whose delivery must be accepted.
func accepts(id, title string, options ...check.DeliveryOption) row {
	return row{id: id, title: title, run: acceptsOne(options...)}
}

// of returns the row for webhooks that get repos of a type.
func (r row) of(repoType string) row {
	r.repoType = repoType
	return r
}

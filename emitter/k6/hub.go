package k6

import (
	"errors"
	"fmt"

	"github.com/grafana/sobek"
	"go.k6.io/k6/errext"
	"go.k6.io/k6/js/common"
	"go.k6.io/k6/js/modules"
	"go.k6.io/k6/lib"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/redact"
)

// hub is an object of the class Hub in one VU.
type hub struct {
	vu      modules.VU
	root    *RootModule
	seed    uint64
	random  bool // the seed is
	maker   *maker
	quota   quota
	numbers numbers
	checked bool  // this instance and the others make different deliveries
	missing error // what a delivery needs and the options lack
	request *request
	room    []byte // for payloads
}

func (i *instance) newHub(given sobek.Value) (*hub, error) {
	o, err := readOptions(given)
	if err != nil {
		return nil, err
	}
	if o.Secret != "" {
		i.root.mask.HideExact(o.Secret, redact.SecretVariable)
		i.root.mask.installed.Do(func() { i.root.mask.install(i.vu.InitEnv().Logger) })
	}
	h := &hub{
		vu: i.vu, root: i.root, seed: o.Seed.value, random: !o.Seed.given, missing: o.missing(),
		quota:   quota{webhooks: uint64(max(o.Webhooks, 1)), limit: uint64(o.Limit)},
		numbers: numbers{perIteration: uint64(o.PerIteration), only: o.Scenarios},
	}
	if h.random {
		h.seed = i.root.randomSeed()
	}
	seed := streamSeed(h.seed, o.Stream)
	if i.seeds[seed] {
		return nil, errors.New("two Hubs of one seed would send the same Webhook-Ids: name the stream of this one, such as stream: 'second'")
	}
	i.seeds[seed] = true
	if h.maker, err = i.root.maker(o, seed); err != nil || o.URL == "" {
		return h, err
	}
	destination, err := o.destination()
	if err != nil {
		return nil, err
	}
	h.request = newRequest(destination, o.Secret)
	return h, nil
}

// delivery implements hub.delivery(), which makes the next one, and hub.delivery(number).
// What would make every iteration fail ends the test, as exec.test.abort() does.
func (h *hub) delivery(call sobek.FunctionCall) sobek.Value {
	rt, state := h.vu.Runtime(), h.vu.State()
	if state == nil {
		common.Throw(rt, errors.New("hubhook: hub.delivery() is called in functions that k6 runs, not outside of them"))
	}
	number, err := h.number(state, call.Argument(0))
	if err == nil {
		err = h.quota.check(number)
	}
	if err == nil {
		var made sobek.Value
		if made, err = h.make(number); err == nil {
			return made
		}
	}
	rt.Interrupt(&errext.InterruptError{Reason: fmt.Sprintf("%s: hubhook: %v", errext.AbortTest, err)})
	return sobek.Undefined()
}

func (h *hub) number(state *lib.State, asked sobek.Value) (uint64, error) {
	if !h.checked {
		if err := h.check(state); err != nil {
			return 0, err
		}
		h.checked = true
	}
	if !sobek.IsUndefined(asked) {
		return readNumber(asked)
	}
	return h.numbers.next(state, lib.GetScenarioState(h.vu.Context()))
}

// check returns mistakes that only the first delivery shows, not the script.
func (h *hub) check(state *lib.State) error {
	switch {
	case h.missing != nil:
		return h.missing
	case !h.random:
		return nil
	case !state.Options.ExecutionSegment.Equal(nil):
		return errors.New("an execution segment needs a seed, the same for all instances: set seed, or the variable of the environment that it is read from")
	}
	h.root.seedLogged.Do(func() {
		state.Logger.Infof("hubhook: the seed is %d; with it, deliveries are the same again", h.seed)
	})
	return nil
}

func (h *hub) make(number uint64) (sobek.Value, error) {
	to := emitter.Recipient{Index: number, Webhook: int(number % h.quota.webhooks)}
	d, err := h.maker.make(&h.room, to)
	if err != nil {
		return nil, err
	}
	return h.request.object(h.vu.Runtime(), d), nil
}

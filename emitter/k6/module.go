// Package k6 is the extension k6/x/hubhook: in a script of k6 it makes the deliveries of the
// Hub's webhooks, for k6 to send.
//
// Deliveries are made by number, which is that of the iteration in the whole test:
// instances of k6 that share a test by execution segments never make the same Webhook-Id,
// and together make what one would, without talking to each other.
//
// Scripts use it, not Go: README.md describes its API, and example.js runs as it is. cmd/k6
// is a k6 with it built in.
//
// It is a Go module of its own, so that hubhook doesn't depend on k6. It neither sends nor
// judges anything.
package k6

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/grafana/sobek"
	"go.k6.io/k6/js/common"
	"go.k6.io/k6/js/modules"
)

const moduleName = "k6/x/hubhook"

// k6 finds extensions only by what they register when they are loaded.
func init() { modules.Register(moduleName, New()) }

// RootModule has what all VUs of a process share.
type RootModule struct {
	mask       mask
	randomSeed func() uint64 // of Hubs without a seed; the same each time
	seedLogged sync.Once

	mu     sync.Mutex
	makers map[string]*maker // by their options
}

// New returns the root of the module.
func New() *RootModule {
	return &RootModule{randomSeed: sync.OnceValue(rand.Uint64), makers: map[string]*maker{}}
}

// NewModuleInstance returns the module of one VU.
func (r *RootModule) NewModuleInstance(vu modules.VU) modules.Instance {
	return &instance{root: r, vu: vu, seeds: map[uint64]bool{}}
}

type instance struct {
	root  *RootModule
	vu    modules.VU
	seeds map[uint64]bool // of the VU's Hubs
}

// Exports returns the class Hub.
func (i *instance) Exports() modules.Exports {
	return modules.Exports{Named: map[string]any{"Hub": i.construct}}
}

// construct implements new Hub(options). It throws mistakes in the options.
func (i *instance) construct(call sobek.ConstructorCall) *sobek.Object {
	rt := i.vu.Runtime()
	if i.vu.State() != nil {
		common.Throw(rt, errors.New("hubhook: make a Hub outside of functions, once, not anew in each iteration"))
	}
	h, err := i.newHub(call.Argument(0))
	if err != nil {
		common.Throw(rt, fmt.Errorf("hubhook: %w", err))
	}
	for name, value := range map[string]any{"delivery": h.delivery, "seed": fmt.Sprint(h.seed), "quota": h.quota.total()} {
		if err := call.This.DefineDataProperty(name, rt.ToValue(value), sobek.FLAG_FALSE, sobek.FLAG_FALSE,
			sobek.FLAG_TRUE); err != nil {
			common.Throw(rt, err)
		}
	}
	return nil
}

// maker returns the maker for options, which all VUs share.
func (r *RootModule) maker(o *options, seed uint64) (*maker, error) {
	key := fmt.Sprintf("%d %q %q %q %d", seed, o.Shapes, o.Mix, o.Future, o.Webhooks)
	r.mu.Lock()
	defer r.mu.Unlock()
	if known := r.makers[key]; known != nil {
		return known, nil
	}
	m, err := newMaker(o, seed)
	if err != nil {
		return nil, err
	}
	r.makers[key] = m
	return m, nil
}

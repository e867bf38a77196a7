package k6

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.k6.io/k6/lib"
	"go.k6.io/k6/lib/executor"
)

// executors returns those whose iteration numbers no two VUs of a test share, with segments or
// without. In k6 1.8.1 these are all (lib/executor: each gets them from
// BaseExecutor.nextIterationCounters); a later one is rejected until somebody has checked it.
func executors() []string {
	return []string{
		"shared-iterations", "per-vu-iterations", "constant-vus", "ramping-vus",
		"constant-arrival-rate", "ramping-arrival-rate", "externally-controlled",
	}
}

// checkExecutor returns an error if a scenario's iterations cannot number deliveries.
func checkExecutor(o *lib.Options, scenario *lib.ScenarioState) error {
	config := o.Scenarios[scenario.Name]
	if config == nil {
		return fmt.Errorf("the scenario %q is not in the options", scenario.Name)
	}
	if !slices.Contains(executors(), scenario.Executor) {
		return fmt.Errorf("the executor %s of the scenario %q is not known to number iterations without repeating itself: use one of %s, or say hub.delivery(number)",
			scenario.Executor, scenario.Name, strings.Join(executors(), ", "))
	}
	if o.ExecutionSegment.Equal(nil) { // the instance runs the whole test
		return nil
	}
	return checkSegmented(o, config)
}

// checkSegmented returns what keeps the instances of a test from agreeing on numbers.
func checkSegmented(o *lib.Options, config lib.ExecutorConfig) error {
	filled := lib.GetFilledExecutionSegmentSequence(o.ExecutionSegmentSequence, o.ExecutionSegment)
	if o.ExecutionSegmentSequence == nil || len(filled) != len(*o.ExecutionSegmentSequence) {
		return errors.New("--execution-segment needs the whole --execution-segment-sequence, from 0 to 1, such as 0,1/2,1: without it each instance guesses those of the others, and the same Webhook-Id can be sent twice")
	}
	if !config.IsDistributable() {
		return fmt.Errorf("k6 cannot share %s among execution segments: use shared-iterations, constant-arrival-rate or ramping-arrival-rate", config.GetType())
	}
	if each, ok := config.(executor.PerVUIterationsConfig); ok {
		return checkShares(filled, each)
	}
	return nil
}

// checkShares returns an error if segments share the iterations of VUs other than by their
// length: one instance would run past the numbers of the whole test, others leave some out.
func checkShares(sequence lib.ExecutionSegmentSequence, each executor.PerVUIterationsConfig) error {
	shares := lib.NewExecutionSegmentSequenceWrapper(sequence)
	vus, iterations := each.VUs.Int64, each.Iterations.Int64
	for i := range sequence {
		if shares.ScaleInt64(i, vus)*iterations != shares.ScaleInt64(i, vus*iterations) {
			return fmt.Errorf("per-vu-iterations with %d VUs cannot be shared evenly among the segments %s: choose VUs that can, or shared-iterations", vus, sequence)
		}
	}
	return nil
}

package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// workflow is something that a shopper has order-ops do: in which calls it can be interrupted, and how to tell that it came
// about.
type workflow struct {
	name string
	way  way
	// calls are those it takes to answer; later are those that are made in the background once it is answered, or, where
	// nobody asks, once everything is ready.
	calls, later []parked
	// ready is what the shopper does before; nil is nothing.
	ready func(s *stage)
	// ask asks for it, under the same key each time; nil where it all happens in the background.
	ask func(s *stage) (int, []byte, error)
	// refused is the status that it is answered with in the end, where that is a refusal for good.
	refused int
	// done asserts that it came about, with every effect once.
	done func(s *stage, answer []byte)
	// after asserts the same where calls have failed, which may have been made up for.
	after func(s *stage, answer []byte)
	// nothing asserts that nothing was changed, where the shopper was told so.
	nothing func(s *stage, answer []byte)
	// passes says that time passes in it. Only one service at a time is ticked then, so that it has a simulator of its own.
	passes bool
	// soon is how much time passes until a failure of the moment has been made up for.
	soon string
	// settled asserts that what happens in the background came about, once.
	settled func(s *stage)
}

// answers is the status of the answer in the end.
func (w workflow) answers() int {
	if w.refused > 0 {
		return w.refused
	}
	return http.StatusOK
}

// way is how the process is set up that runs a workflow.
type way string

const (
	simple way = "simple"  // goods come back at once, and order-ops owns the money
	rma    way = "rma"     // goods are announced
	bySOM  way = "som"     // order management owns the money, which a fee is kept of, and an order is given up before it is edited
	rmaSOM way = "rma-som" // the same, but goods are announced, and an order is given up when another takes its place
	first  way = "first"   // an order is given up before it is edited, prices stay, points that were spent are paid for, and what stays of an order is priced anew
)

func ways() []way { return []way{simple, rma, bySOM, rmaSOM, first} }

func (w way) flags() []string {
	return map[way][]string{
		rma:    {"--returns", "rma"},
		bySOM:  {"--money-owner", "som", "--return-fee", "10", "--modify-policy", "cancel_first"},
		rmaSOM: {"--money-owner", "som", "--return-fee", "10", "--returns", "rma"},
		first:  {"--modify-policy", "cancel_first", "--modify-prices", "keep_original_price", "--spent-points", "deduct_from_refund", "--point-value", "0.10", "--cancel-prices", "reprice"},
	}[w]
}

func workflows() []workflow {
	return []workflow{
		cancelling(), modifying(), confirming(), returning(), announcing(), arriving(),
		cancellingBySOM(), modifyingBySOM(), confirmingBySOM(), returningBySOM(), arrivingBySOM(),
		cancellingInVain(), cancellingForPoints(), cancellingReward(), modifyingFirst(), takingOver(), takingOverInVain(), modifyingInVain(), abandoning(), movingWindow(),
		confirmingElsewhere(), confirmingTooLate(), confirmingByOrder(), confirmingInVain(), confirmingWithCode(), forgetting(), cancellingRepriced(),
	}
}

// until asks until the work is over.
func (w workflow) until(s *stage) (int, []byte, error) {
	status, answer, err := w.ask(s)
	for range 10 {
		if err != nil || status != http.StatusAccepted {
			break
		}
		status, answer, err = w.ask(s)
	}
	return status, answer, err
}

// finishes asserts that the work comes about, asked for at a process.
func (w workflow) finishes(s *stage, ops *process) {
	s.t.Helper()
	s.ops = ops
	status, answer, err := w.until(s)
	if err != nil || status != w.answers() {
		s.t.Errorf("%s: after the restart it answers %d %s %v", s.name, status, answer, err)
		return
	}
	w.done(s, answer)
}

// parkEverywhere begins the work at a process in a sandbox for each call and each of the phases, each parked there: without the
// tag full in one of the phases. The channels are closed when the callers have an answer, or none.
func (w workflow) parkEverywhere(t *testing.T, simulator, ops *process, prefix string, phases ...string) (stages []*stage, ended []<-chan struct{}) {
	t.Helper()
	for i, at := range w.calls {
		for n, phase := range phases {
			if !everything && n != i%len(phases) {
				continue
			}
			s := openStage(t, simulator, fmt.Sprintf("%s-%s-%d-%s", prefix, w.name, i, phase), at.about)
			s.ops = ops
			if w.ready != nil {
				w.ready(s)
			}
			ended = append(ended, s.park(at, phase, func() { _, _, _ = w.ask(s) })) // the answer is lost with the process
			stages = append(stages, s)
		}
	}
	return stages, ended
}

// on is the simulator that a workflow runs on: the shared one, unless time passes in it.
func (w workflow) on(t *testing.T, shared *process) *process {
	t.Helper()
	if w.passes {
		return serve(t)
	}
	return shared
}

func letGo(stages []*stage) {
	for _, s := range stages {
		s.letGo()
	}
}

// refusedForNow says that an answer is one to somebody who may try again.
func refusedForNow(status int, answer []byte) bool {
	return status >= http.StatusBadRequest && strings.Contains(string(answer), `"retriable":true`)
}

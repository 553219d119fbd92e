package features

import (
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// happening is an operation of a planted history: client, from when to when, what and what came of it.
func happening(client int, from, to int64, a asked, h heard) porcupine.Operation {
	return porcupine.Operation{ClientId: client, Call: from, Return: to, Input: a, Output: h}
}

// The check of histories must be able to fail: each of these is one that a service with a fault would bring about, beside the
// nearest one that is right.
func TestHistoriesThatCannotBeAreTold(t *testing.T) {
	t.Parallel()
	cancelOf := func(n int) asked { return asked{move: moveCancel, units: n} }
	look := func(cancelled, shipped, returned int) heard { return heard{seen: [3]int{cancelled, shipped, returned}} }
	for _, tc := range []struct {
		name    string
		history []porcupine.Operation
		right   bool
	}{
		{"two cancels of the last units, one after the other", []porcupine.Operation{
			happening(0, 1, 2, cancelOf(3), heard{units: 3}), happening(1, 3, 4, cancelOf(2), heard{units: 2}),
		}, true},
		{"more units cancelled than there are", []porcupine.Operation{
			happening(0, 1, 4, cancelOf(3), heard{units: 3}), happening(1, 2, 3, cancelOf(3), heard{units: 3}),
		}, false},
		{"a unit shipped and cancelled", []porcupine.Operation{
			happening(0, 1, 4, cancelOf(3), heard{units: 3}), happening(1, 2, 3, asked{move: moveShip}, heard{units: 3}),
		}, false},
		{"a cancel that nobody sees afterwards", []porcupine.Operation{
			happening(0, 1, 2, cancelOf(1), heard{units: 1}), happening(1, 3, 4, asked{move: moveLook}, look(0, 0, 0)),
		}, false},
		{"a cancel that somebody sees while it is under way", []porcupine.Operation{
			happening(0, 1, 4, cancelOf(1), heard{units: 1}), happening(1, 2, 3, asked{move: moveLook}, look(1, 0, 0)),
		}, true},
		{"seen and then not seen", []porcupine.Operation{
			happening(0, 1, 8, cancelOf(1), heard{units: 1}), happening(1, 2, 3, asked{move: moveLook}, look(1, 0, 0)),
			happening(1, 4, 5, asked{move: moveLook}, look(0, 0, 0)),
		}, false},
		{"a refusal without a reason", []porcupine.Operation{happening(0, 1, 2, cancelOf(1), heard{code: codeNotCancellable})}, false},
		{"a refused cancel that happened all the same", []porcupine.Operation{
			happening(0, 1, 2, cancelOf(1), heard{code: codeActionInProgress}), happening(1, 3, 4, asked{move: moveLook}, look(1, 0, 0)),
		}, false},
		{"a unit returned twice", []porcupine.Operation{
			happening(0, 1, 2, asked{move: moveShip}, heard{units: 1}),
			happening(1, 3, 6, asked{move: moveReturn, units: 1}, heard{units: 1}), happening(0, 4, 5, asked{move: moveReturn, units: 1}, heard{units: 1}),
		}, false},
		{"confirmed, and the old order shipped afterwards: two live orders", []porcupine.Operation{
			happening(0, 1, 2, asked{move: moveModify}, heard{}), happening(0, 3, 4, asked{move: moveConfirm}, heard{whole: true}),
			happening(1, 5, 6, asked{move: moveShip}, heard{units: 1}),
		}, false},
		{"confirmed twice", []porcupine.Operation{
			happening(0, 1, 2, asked{move: moveModify}, heard{}), happening(0, 3, 6, asked{move: moveConfirm}, heard{whole: true}),
			happening(1, 4, 5, asked{move: moveConfirm}, heard{whole: true}),
		}, false},
		{"modified after it was shipped", []porcupine.Operation{
			happening(1, 1, 2, asked{move: moveShip}, heard{units: 1}), happening(0, 3, 4, asked{move: moveModify}, heard{}),
		}, false},
		{"modified while it was being shipped", []porcupine.Operation{
			happening(1, 1, 4, asked{move: moveShip}, heard{units: 1}), happening(0, 2, 3, asked{move: moveModify}, heard{}),
		}, true},
		{"confirmed whole, while a part was shipped", []porcupine.Operation{
			happening(0, 1, 2, asked{move: moveModify}, heard{}), happening(1, 3, 4, asked{move: moveShip}, heard{units: 1}),
			happening(0, 5, 6, asked{move: moveConfirm}, heard{whole: true}),
		}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := porcupine.CheckOperationsTimeout(sequential(contestedUnits), tc.history, time.Minute); (got == porcupine.Ok) != tc.right {
				t.Errorf("told %s, want right: %t\n%s", got, tc.right, written(tc.history))
			}
		})
	}
}

// A request may be refused because of another one only while there is another one.
func TestRefusalsBecauseOfNobodyAreTold(t *testing.T) {
	t.Parallel()
	busy := happening(0, 3, 4, asked{move: moveCancel}, heard{code: codeActionInProgress})
	before := happening(1, 1, 2, asked{move: moveReturn, units: 1}, heard{code: "NOT_RETURNABLE"})
	beside := happening(2, 2, 5, asked{move: moveModify}, heard{})
	if found := metNobody([]porcupine.Operation{before, busy, happening(3, 1, 9, asked{move: moveLook}, heard{})}); len(found) != 1 {
		t.Errorf("found %v, want the one that met nobody", found)
	}
	if found := metNobody([]porcupine.Operation{before, busy, beside}); len(found) != 0 {
		t.Errorf("found %v, and somebody was met", found)
	}
}

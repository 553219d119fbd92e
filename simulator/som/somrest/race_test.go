package somrest_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

func TestCancelC8OfCallsRacingForTheLastUnitOneWins(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.ship("1.0")
	bodies := map[string]string{
		"submit-cancel": cancelBody(jacketID, "1", "Unknown", ""), "submit-return": cancelBody(jacketID, "1", "Unknown", ""),
	}
	for action, body := range bodies {
		var won, lost atomic.Int32
		var calls sync.WaitGroup
		for range 8 {
			calls.Go(func() {
				switch s.do("POST", actions+action, body).Code {
				case http.StatusCreated:
					won.Add(1)
				case http.StatusBadRequest:
					lost.Add(1)
				}
			})
		}
		calls.Wait()
		if won.Load() != 1 || lost.Load() != 7 {
			t.Errorf("%s: %d won, %d lost", action, won.Load(), lost.Load())
		}
	}
	if got := s.row("OrderItemSummary", jacketID, "QuantityCanceled,QuantityReturned,Quantity"); got != `{"Quantity":0,"QuantityCanceled":1,"QuantityReturned":1}` {
		t.Errorf("item %s", got)
	}
}

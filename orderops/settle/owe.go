package settle

import (
	"encoding/json"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/loyaltyclient"
	"github.com/somsim/somsim/orderops/trackingclient"
)

// Owe is what follows from a change as due work, for changes that are found in the background: money, points, the event.
// Each piece is stored before it is done, so that a crash cannot do it twice.
func (s *Systems) Owe(row command.Row, c Change) ([]command.Owed, error) {
	list := &owing{}
	byProvider, byHand := s.Policy.shares(row.Site, c)
	task := s.moneyTask(row, c)
	if byProvider.IsPositive() && len(c.Payments) > 0 {
		list.add(moneyEffect(movement{Kind: kindSettleMoney, Amount: task.Amount, Currency: c.Currency}), kindSettleMoney, task)
	}
	if byHand.IsPositive() {
		list.add(byHandEffect(byHand, c.Currency), kindByHand, nothing{})
	}
	if s.Points != nil && task.Points == nil {
		list.add(orderops.Effect{System: loyaltyclient.System, Action: actionReverse}, kindFindPoints, c.pointsTask())
	}
	if s.Tracking != nil {
		event := c.trackTask(row)
		list.add(orderops.Effect{System: trackingclient.System, Action: "refund_event", Reference: event.EventID}, kindTrack, event)
	}
	return list.owed, list.err
}

// owing gathers due work.
type owing struct {
	owed []command.Owed
	err  error
}

func (l *owing) add(e orderops.Effect, kind string, payload any) {
	raw, err := json.Marshal(payload)
	if err != nil && l.err == nil {
		l.err = err
	}
	e.State = orderops.EffectPending
	l.owed = append(l.owed, command.Owed{Effect: e, Kind: kind, Payload: raw})
}

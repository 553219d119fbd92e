package preset

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/tracking"
)

// stream is the web stream that the shop's events belong to.
const stream = "G-SOMSIM"

// tellPurchase has web analytics count the order.
func (s *shop) tellPurchase(p *placed) error {
	units := make([]int64, len(p.lines))
	for i, l := range p.lines {
		units[i] = l.quantity
	}
	s.report(p, tracking.Purchase, "purchase-"+p.number, units, p.order.Totals.OrderTotal)
	return nil
}

// tellRefund has web analytics count a cancel of units.
func (s *shop) tellRefund(p *placed, units []int64, worth decimal.Decimal) {
	s.report(p, tracking.Refund, "refund-"+p.number, units, worth)
}

// report sends an event as a browser would; the collector keeps it whether or not it counts.
func (s *shop) report(p *placed, name, eventID string, units []int64, value decimal.Decimal) {
	event := tracking.Candidate{Name: name, Params: tracking.Params{
		{Name: "transaction_id", Value: p.number},
		{Name: "event_id", Value: eventID},
		{Name: "currency", Value: currency},
		{Name: "value", Value: value.String(), Number: true},
	}}
	for i, n := range units {
		if n > 0 {
			event.Items = append(event.Items, tracking.Params{
				{Name: "item_id", Value: p.lines[i].sku},
				{Name: "quantity", Value: strconv.FormatInt(n, 10), Number: true},
			})
		}
	}
	s.Tracking.Collect(s.tx, tracking.Hit{
		MeasurementID: stream, Secret: tracking.Secret, ClientID: "browser-of-" + shoppers()[p.shopper-1].number, Events: []tracking.Candidate{event},
	})
}

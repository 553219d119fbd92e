package window

import (
	"context"
	"fmt"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/somclient"
)

// Explanation says of one order why each of its lines may or may not be given back.
type Explanation struct {
	OrderNo string            `json:"order_no"`
	AsOf    time.Time         `json:"as_of"`
	Lines   []LineExplanation `json:"lines"`
}

// LineExplanation says why a line may or may not be given back.
type LineExplanation struct {
	LineID      string          `json:"order_item_summary_id"`
	ProductCode string          `json:"product_code"`
	Name        string          `json:"name"`
	Returnable  bool            `json:"returnable"`
	Why         returnby.Why    `json:"why"`
	Quantity    orderops.Amount `json:"quantity"`
	// By is the last instant, Local the same as clocks in the zone show it.
	By       *time.Time `json:"by"`
	Local    string     `json:"local,omitempty"`
	TimeZone string     `json:"time_zone"`
	// Anchor is the event that days are counted from; AnchorAt is null before it happened.
	Anchor      returnby.Anchor `json:"anchor,omitempty"`
	AnchorAt    *time.Time      `json:"anchor_at"`
	Provisional bool            `json:"provisional"`
	Policy      string          `json:"policy"`
	Days        int             `json:"days"`
	Season      string          `json:"season,omitempty"`
	Explanation []string        `json:"explanation"`
}

// Explain says of every product line of an order why it may or may not be given back, in the order of the lines.
func (w *Windows) Explain(ctx context.Context, o Order, now time.Time) (Explanation, error) {
	decisions, err := w.Decide(ctx, []Order{o}, now)
	if err != nil {
		return Explanation{}, err
	}
	out := Explanation{OrderNo: o.Summary.OrderNumber, AsOf: now.UTC().Truncate(time.Millisecond), Lines: []LineExplanation{}}
	for _, i := range o.Summary.Items.Records {
		if d, ok := decisions[i.ID]; ok {
			out.Lines = append(out.Lines, explained(i, d))
		}
	}
	return out, nil
}

func explained(i somclient.OrderItemSummary, d returnby.Decision) LineExplanation {
	line := LineExplanation{
		LineID: i.ID, ProductCode: i.ProductCode, Name: i.Name, Returnable: d.Returnable, Why: d.Why,
		Quantity: orderops.NewAmount(d.Quantity), TimeZone: d.Zone.String(), Anchor: d.Anchor, Provisional: d.Provisional,
		Policy: fmt.Sprintf("%s@%d", d.PolicyID, d.Version), Days: d.Days, Season: d.Override, Explanation: d.Explain(),
		By: utc(d.By), AnchorAt: utc(d.AnchorAt),
	}
	if !d.By.IsZero() {
		line.Local = d.By.Format(returnby.Form)
	}
	return line
}

// utc is an instant for a document; nil when there is none.
func utc(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

package history

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/returnby"
)

// ReturnBy is until when a line may be given back, and whether it may now.
type ReturnBy struct {
	Returnable bool            `json:"returnable"`
	Why        returnby.Why    `json:"why"`
	Quantity   orderops.Amount `json:"quantity"`
	// By is the last instant; null before the goods arrived, without a limit, and for what is not taken back.
	By *time.Time `json:"by"`
	// Local is By as clocks in the zone show it, for people.
	Local    string `json:"local,omitempty"`
	TimeZone string `json:"timeZone"`
	// Provisional says that nobody has told when the goods arrived; By can only move later.
	Provisional bool   `json:"provisional"`
	Reason      string `json:"reason,omitempty"`
	// Policy is the rule that applies, with its version.
	Policy string `json:"policy"`
}

func returnByOf(d returnby.Decision) *ReturnBy {
	out := &ReturnBy{
		Returnable: d.Returnable, Why: d.Why, Quantity: orderops.NewAmount(d.Quantity), TimeZone: d.Zone.String(),
		Provisional: d.Provisional, Reason: d.Reason, Policy: fmt.Sprintf("%s@%d", d.PolicyID, d.Version),
	}
	if !d.By.IsZero() {
		by := d.By.UTC()
		out.By, out.Local = &by, d.By.Format(returnby.Form)
	}
	return out
}

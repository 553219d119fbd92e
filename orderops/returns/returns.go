// Package returns takes fulfilled units of an order back, delivered or collected ones, and pays back what they were worth.
//
// A site takes them back at once (simple) or announces them with a return order (RMA) and pays back what has arrived. The
// steps are: read, check windows and quantities, preview, submit. The submit-return, or the return order, is the point of
// no return: before it a failure leaves nothing changed, after it every effect is driven to completion in the background.
// What each step may meet and what follows is pinned by TestStepsAndCompensations.
package returns

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/window"
)

// SOM is what a return needs of order management.
type SOM interface {
	Orders(ctx context.Context, numbers []string) (somclient.Page, error)
	PreviewReturn(ctx context.Context, orderSummaryID string, items []somclient.ChangeItem) (somclient.Change, error)
	SubmitReturn(ctx context.Context, orderSummaryID string, items []somclient.ChangeItem) (somclient.Change, error)
	CreateReturnOrder(ctx context.Context, n somclient.NewReturnOrder) (string, error)
	ReturnOrdersOf(ctx context.Context, orderSummaryID string) ([]somclient.Announced, error)
	ReturnOrder(ctx context.Context, id string) (somclient.Receipt, error)
	FeeBasis(ctx context.Context, orderNo, reference, productCode string) (somclient.FeeBasis, error)
	UserID(ctx context.Context) (string, error)
}

// Windows tells until when the lines of orders may be given back, by OrderItemSummary id, for a request that came in at an
// instant, and remembers what was told.
type Windows interface {
	Decide(ctx context.Context, orders []window.Order, at time.Time) (map[string]returnby.Decision, error)
}

// Shipping says what happens to the delivery charge of goods that come back.
type Shipping string

// The policies for delivery charges.
const (
	ShippingWithGroup Shipping = "whole_group" // it goes back with the last units of its delivery group
	ShippingKept      Shipping = "keep"
)

// Policy is the configuration of returns.
type Policy struct {
	// Mode is how the goods of a site come back.
	Mode settle.BySite[orderops.ReturnMode]
	// Reasons maps the reason codes that callers send to values that both picklists of SOM have: that of changes and that of
	// return order lines.
	Reasons map[string]string
	// DefaultReason is the code meant when the caller sends none.
	DefaultReason string
	Shipping      settle.BySite[Shipping]
	// Fee is what of the worth of returned units is kept, in percent, FeeProduct the ProductCode in SOM that it is booked on.
	Fee        settle.BySite[decimal.Decimal]
	FeeProduct string
	// Bonus says what follows when a bonus stays with the shopper while what it was given for comes back.
	Bonus settle.BySite[Bonus]
	// LookAgain is how often an announced return is looked at while no event tells that its goods have come.
	LookAgain time.Duration
}

// DefaultPolicy takes units back at once and without a fee.
func DefaultPolicy() Policy {
	return Policy{
		Mode:          settle.BySite[orderops.ReturnMode]{settle.AllSites: orderops.ReturnSimple},
		Shipping:      settle.BySite[Shipping]{settle.AllSites: ShippingWithGroup},
		Bonus:         settle.BySite[Bonus]{settle.AllSites: DeductBonus},
		FeeProduct:    "RESTOCKING-FEE",
		DefaultReason: "changed_mind",
		LookAgain:     6 * time.Hour,
		Reasons: map[string]string{
			"changed_mind": "Changed Mind", "wrong_item": "Wrong Item", "wrong_quantity": "Wrong Quantity", "damaged": "Damaged",
			"defective": "Defective", "not_satisfied": "Not Satisfied", "duplicate_order": "Duplicate Order", "other": "Other",
		},
	}
}

// Input is the stored input of a return: the request, and what commerce said of the order when the caller was checked.
type Input struct {
	Request        orderops.ReturnRequest `json:"request"`
	CommerceStatus string                 `json:"commerce_status"`
	ExportStatus   string                 `json:"export_status"`
	CurrentOrderNo string                 `json:"current_order_no,omitempty"`
	Currency       string                 `json:"currency"`
	// Ordered is what the order was worth when it was placed; zero when commerce does not say.
	Ordered   orderops.Amount    `json:"ordered"`
	Overrides orderops.Overrides `json:"overrides,omitempty"`
}

// Returns is the use case.
type Returns struct {
	SOM     SOM
	Windows Windows
	// Systems are where the effects of a return are made.
	Systems *settle.Systems
	Policy  Policy
}

var _ command.Handler = (*Returns)(nil)

// Run implements command.Handler.
func (r *Returns) Run(_ context.Context, run command.Run, row command.Row, resume json.RawMessage) (command.Result, error) {
	j := &job{Returns: r, run: run, row: row, now: row.CreatedAt}
	if err := json.Unmarshal(row.Input, &j.in); err != nil {
		return command.Result{}, fmt.Errorf("decode input of return: %w", err)
	}
	var err error
	if len(resume) > 0 {
		err = j.resume(resume)
	} else {
		err = j.begin()
	}
	return j.result(err)
}

// Preview says what a return would come to now, or refuses for the reason the return would. It changes nothing.
func (r *Returns) Preview(ctx context.Context, site, orderNo string, in Input, now time.Time) (orderops.Return, error) {
	row := command.Row{Command: command.Command{Site: site, OrderNo: orderNo}}
	j := &job{Returns: r, run: settle.Direct{Ctx: ctx}, row: row, in: in, now: now}
	if err := j.examine(); err != nil {
		return orderops.Return{}, err
	}
	if err := j.preview(); err != nil {
		return orderops.Return{}, err
	}
	return j.describe(), nil
}

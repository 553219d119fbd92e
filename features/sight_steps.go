package features

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/shopspring/decimal"
)

func (w *world) sightSteps() []step {
	return []step{
		{then, `^the shopper sees in the (storefront|app|web app) that (\d+) units? of "([^"]+)" ` + oneOf("fate", unitsSeen()) + `$`, w.seesUnits},
		{then, `^the shopper sees in the (storefront|app|web app) that "([\d.]+)" (?:was|were) ` + oneOf("fate", amountsSeen()) + `$`, w.seesAmount},
		{then, `^the shopper sees in the (storefront|app|web app) that the line of "([^"]+)" is worth what it was$`, w.seesLineWorth},
		{then, `^the shopper sees the order in the (storefront|app|web app) as it was$`, w.seesNoChange},
	}
}

// shownOrder is what a channel shows of an order management's order.
type shownOrder struct {
	Status  string `json:"unifiedStatus"`
	Partial bool   `json:"partiallyCancelled"`
	Totals  struct {
		Grand decimal.Decimal `json:"grand"`
	} `json:"totals"`
	Items   []shownItem `json:"items"`
	Allowed []string    `json:"allowedActions"`
	Groups  []struct{}  `json:"deliveryGroups"`
	Returns []struct {
		Status string        `json:"status"`
		Items  []shownReturn `json:"items"`
	} `json:"returnOrders"`
	Payments []struct {
		Refunded decimal.Decimal `json:"refunded"`
	} `json:"payments"`
}

type shownItem struct {
	ID        string          `json:"orderItemSummaryId"`
	Product   string          `json:"productCode"`
	Total     decimal.Decimal `json:"total"`
	Canceled  decimal.Decimal `json:"quantityCanceled"`
	Fulfilled decimal.Decimal `json:"quantityFulfilled"`
	Returned  decimal.Decimal `json:"quantityReturned"`
	// Returnable is what order management would take back.
	Returnable decimal.Decimal `json:"quantityAvailableToReturn"`
	ReturnBy   *returnBy       `json:"returnBy"`
	// Cancellable is what the shopper may cancel of it by itself.
	Cancellable decimal.Decimal `json:"quantityCancellable"`
	DependsOn   string          `json:"dependsOn"`
	Bonus       bool            `json:"bonus"`
}

// shownReturn is units of a line in a return.
type shownReturn struct {
	ID       string          `json:"orderItemSummaryId"`
	Expected decimal.Decimal `json:"quantityExpected"`
	Returned decimal.Decimal `json:"quantityReturned"`
}

// calledOff is the status of a return that nobody waits for any more.
const calledOff = "Canceled"

// coming is how many units of a line are shown as announced and not arrived.
func (s shownOrder) coming(line string) decimal.Decimal {
	sum := decimal.Zero
	for _, r := range s.Returns {
		for _, i := range r.Items {
			if i.ID == line && r.Status != calledOff {
				sum = sum.Add(i.Expected).Sub(i.Returned)
			}
		}
	}
	return sum
}

// sight is the order as a channel shows it now.
func (w *world) sight(ctx context.Context, where string) (shownOrder, error) {
	by, err := w.enter(ctx, where)
	if err != nil {
		return shownOrder{}, err
	}
	got := w.shopper.look(ctx, by, w.orderNo)
	if got.lost != nil || got.status != http.StatusOK {
		return shownOrder{}, fmt.Errorf("the order is not shown: %s", got)
	}
	var document struct {
		App        shownOrder `json:"som_order"`
		Storefront shownOrder `json:"c_somOrder"`
	}
	if err := json.Unmarshal(got.body, &document); err != nil {
		return shownOrder{}, err
	}
	if by == storefront {
		return document.Storefront, nil
	}
	return document.App, nil
}

func (s shownOrder) item(product string) (shownItem, error) {
	for _, i := range s.Items {
		if i.Product == product {
			return i, nil
		}
	}
	return shownItem{}, fmt.Errorf("no %s is shown", product)
}

// unitsSeen are how many units of a line something happened to or may happen to, by the words for it.
func unitsSeen() map[string]func(shownOrder, shownItem) decimal.Decimal {
	cancelled := func(_ shownOrder, i shownItem) decimal.Decimal { return i.Canceled }
	coming := func(o shownOrder, i shownItem) decimal.Decimal { return o.coming(i.ID) }
	return map[string]func(shownOrder, shownItem) decimal.Decimal{
		"was cancelled": cancelled, "were cancelled": cancelled, "is to come back": coming, "are to come back": coming,
		"came back":        func(_ shownOrder, i shownItem) decimal.Decimal { return i.Returned },
		"can be returned":  func(_ shownOrder, i shownItem) decimal.Decimal { return i.Returnable },
		"can be cancelled": func(_ shownOrder, i shownItem) decimal.Decimal { return i.Cancellable },
	}
}

func (w *world) seesUnits(ctx context.Context, where string, units int64, product, what string) error {
	order, err := w.sight(ctx, where)
	if err != nil {
		return err
	}
	i, err := order.item(product)
	if err != nil {
		return err
	}
	if shown := unitsSeen()[what](order, i); !shown.Equal(decimal.NewFromInt(units)) {
		return fmt.Errorf("the line is shown as %+v", i)
	}
	return nil
}

// amountsSeen are what became of money, by the words for it; was is the order as it had been.
func amountsSeen() map[string]func(was orderSummary, shown shownOrder) decimal.Decimal {
	return map[string]func(orderSummary, shownOrder) decimal.Decimal{
		"taken off the order": func(was orderSummary, shown shownOrder) decimal.Decimal { return was.Grand.Sub(shown.Totals.Grand) },
		"paid back": func(_ orderSummary, shown shownOrder) decimal.Decimal {
			sum := decimal.Zero
			for _, p := range shown.Payments {
				sum = sum.Add(p.Refunded)
			}
			return sum
		},
	}
}

func (w *world) seesAmount(ctx context.Context, where, amount, what string) error {
	order, err := w.sight(ctx, where)
	if shown := amountsSeen()[what](w.before.summary, order); err == nil && shown.StringFixed(2) != amount {
		err = fmt.Errorf("shown is %s", shown)
	}
	return err
}

func (w *world) seesLineWorth(ctx context.Context, where, product string) error {
	order, err := w.sight(ctx, where)
	if err != nil {
		return err
	}
	i, err := order.item(product)
	for _, l := range w.before.summary.products() {
		if err == nil && l.ProductCode == product && !l.Total.Equal(i.Total) {
			err = fmt.Errorf("the line was worth %s and is shown as %s", l.Total, i.Total)
		}
	}
	return err
}

// seesNoChange compares what is shown with what order management had before.
func (w *world) seesNoChange(ctx context.Context, where string) error {
	order, err := w.sight(ctx, where)
	if err == nil && !order.Totals.Grand.Equal(w.before.summary.Grand) {
		err = fmt.Errorf("the order was worth %s and is shown as %s", w.before.summary.Grand, order.Totals.Grand)
	}
	for _, l := range w.before.summary.products() {
		i, missing := order.item(l.ProductCode)
		if err == nil && (missing != nil || !i.Canceled.Equal(l.Canceled) || !i.Returned.Equal(l.Returned) || !i.Total.Equal(l.Total)) {
			err = fmt.Errorf("%+v is shown as %+v (%w)", l, i, missing)
		}
	}
	return err
}

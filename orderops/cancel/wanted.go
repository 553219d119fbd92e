package cancel

import (
	"sort"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
)

// retrySoon is the wait announced with refusals that may pass by themselves.
const retrySoon = 5 * time.Second

// refuseCancel says that cancelling is over and returning is what is left.
func refuseCancel(format string, args ...any) *orderops.Refusal {
	r := orderops.Refuse(orderops.NotCancellable, format, args...)
	r.Extra.Allowed = []orderops.Action{orderops.ActionReturn}
	return r
}

// wantedUnits is how many units of each line the caller asks to cancel.
func wantedUnits(o order, request orderops.CancelRequest) (map[string]decimal.Decimal, error) {
	if len(request.Items) == 0 {
		return wholeOrder(o, request.AllowPartial)
	}
	wanted := map[string]decimal.Decimal{}
	var unknownItems []string
	for _, asked := range request.Items {
		if !asked.Quantity.IsPositive() || !asked.Quantity.IsInteger() {
			return nil, withItems(orderops.Refuse(orderops.InvalidQuantity, "item %s: %s", asked.ItemID, asked.Quantity), asked.ItemID)
		}
		lines := linesOf(o, asked)
		if len(lines) == 0 {
			unknownItems = append(unknownItems, asked.ItemID)
			continue
		}
		if err := spread(wanted, lines, asked); err != nil {
			return nil, err
		}
	}
	if len(unknownItems) > 0 {
		return nil, withItems(orderops.Refuse(orderops.UnknownItems, "the order has no such items"), unknownItems...)
	}
	return wanted, nil
}

// wholeOrder asks for everything that is neither cancelled nor fulfilled.
func wholeOrder(o order, allowPartial bool) (map[string]decimal.Decimal, error) {
	wanted := map[string]decimal.Decimal{}
	var fulfilled []string
	found := false
	for _, l := range o.Lines {
		if !l.Product {
			continue
		}
		if l.Fulfilled.IsPositive() {
			fulfilled = append(fulfilled, l.ID)
		}
		if open := l.open(); open.IsPositive() {
			wanted[l.ID], found = open, true
		}
	}
	switch {
	case !found:
		return nil, refuseCancel("every unit has been fulfilled")
	case len(fulfilled) > 0 && !allowPartial:
		return nil, withItems(orderops.Refuse(orderops.PartiallyFulfilled, "some lines have been fulfilled; the rest can be cancelled with partial=allow"), fulfilled...)
	}
	return wanted, nil
}

// linesOf finds the lines an item names: the line of that id, or the lines of the commerce item's product.
func linesOf(o order, asked orderops.LineQuantity) []line {
	var lines []line
	for _, l := range o.Lines {
		if !l.Product {
			continue
		}
		if sameID(l.ID, asked.ItemID) {
			return []line{l}
		}
		if asked.ProductID != "" && (l.ProductCode == asked.ProductID || l.SKU == asked.ProductID) {
			lines = append(lines, l)
		}
	}
	return alike(lines, asked.Dependent)
}

// alike are those of the lines of a product that belong to others, or those that do not, as the commerce line does; all of
// them where order management does not tell them apart.
func alike(lines []line, dependent bool) []line {
	var same []line
	for _, l := range lines {
		if (l.Main != "") == dependent {
			same = append(same, l)
		}
	}
	if len(same) == 0 {
		return lines
	}
	return same
}

// sameID compares Salesforce ids; the 15-character form of an id means the same record.
func sameID(id, other string) bool {
	return id == other || (len(id) == 18 && len(other) == 15 && id[:15] == other)
}

// spread takes the asked units from the lines in order.
func spread(wanted map[string]decimal.Decimal, lines []line, asked orderops.LineQuantity) error {
	left, open, ordered := asked.Quantity.Decimal, decimal.Zero, decimal.Zero
	for _, l := range lines {
		free := l.open().Sub(wanted[l.ID])
		open = open.Add(decimal.Max(decimal.Zero, free))
		ordered = ordered.Add(l.Ordered.Sub(l.Canceled).Sub(wanted[l.ID]))
		if units := decimal.Min(left, free); units.IsPositive() {
			wanted[l.ID] = wanted[l.ID].Add(units)
			left = left.Sub(units)
		}
	}
	switch {
	case !left.IsPositive():
		return nil
	case asked.Quantity.GreaterThan(ordered):
		return withItems(orderops.Refuse(orderops.CancelQuantityExceeded, "item %s: %s units asked, %s left", asked.ItemID, asked.Quantity, ordered), asked.ItemID)
	default:
		return withItems(refuseCancel("item %s: %s units asked, only %s are not fulfilled yet", asked.ItemID, asked.Quantity, open), asked.ItemID)
	}
}

func withItems(r *orderops.Refusal, items ...string) *orderops.Refusal {
	r.Extra.Items = items
	return r
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

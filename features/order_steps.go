package features

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

func (w *world) orderSteps() []step {
	return []step{
		{given, `^the (?:` + oneOf("state", conditions()) + ` )?order "([^"]+)" of "([^"]+)"(?: on the site "([^"]+)")?(, which is paid)?(?:, which earned (\d+) points)?(, which has been handed over)?(?:, whose "([^"]+)" was picked up already)?$`, w.theOrder},
	}
}

// open logs the shopper in and begins with the order as it is.
func (w *world) open(ctx context.Context, orderNo, shopper string) error {
	if err := w.shopper.logIn(ctx, shopper); err != nil {
		return err
	}
	w.orderNo = orderNo
	err := w.remember(ctx)
	w.start, w.settled = w.before, w.before.summary
	return err
}

// theOrder makes sure that the order is what the scenario takes it for. An order that has been handed over has been so just now.
func (w *world) theOrder(ctx context.Context, condition, orderNo, shopper, site, paid, points, handedOver, pickedUp string) error {
	if site != "" {
		w.shopper.site, w.auditor.site = site, site
	}
	if err := w.open(ctx, orderNo, shopper); err != nil {
		return err
	}
	var wrong []error
	if condition != "" {
		wrong = append(wrong, conditions()[condition](w.before))
	}
	if paid != "" {
		wrong = append(wrong, w.before.paid())
	}
	if points != "" {
		wrong = append(wrong, w.earned(ctx, points))
	}
	if pickedUp != "" {
		wrong = append(wrong, w.before.pickedUp(pickedUp))
	}
	if err := errors.Join(wrong...); err != nil {
		return fmt.Errorf("order %s is another: %w", orderNo, err)
	}
	if handedOver == "" {
		return nil
	}
	if err := w.allocate(ctx); err != nil {
		return err
	}
	return w.ship(ctx)
}

// conditions are what scenarios call an order, and what it has to be then.
func conditions() map[string]func(snapshot) error {
	return map[string]func(snapshot) error{
		"unallocated": allocatedAs("unallocated"), "allocated": allocatedAs("allocated"), "partly allocated": allocatedAs("partly allocated"),
		"partly shipped": snapshot.partlyShipped, "delivered": snapshot.delivered, "cancelled": snapshot.cancelled,
		"never placed": onlyInShop("created", "failed"), "replaced": onlyInShop("replaced"), "just placed": onlyInShop("new"),
	}
}

func allocatedAs(condition string) func(snapshot) error {
	return func(s snapshot) error {
		if got := s.summary.allocation(); got != condition || len(s.summary.products()) == 0 {
			return fmt.Errorf("it is %s in the shop, and %s in order management as %q", s.shop.Status, got, s.summary.ID)
		}
		return nil
	}
}

// allocation says in a word how much of the order warehouses hold.
func (s orderSummary) allocation() string {
	all, none := true, true
	for _, l := range s.products() {
		if l.Canceled.IsPositive() || l.Fulfilled.IsPositive() {
			return "partly cancelled or shipped"
		}
		all = all && l.Allocated.Equal(l.Ordered)
		none = none && l.Allocated.IsZero()
	}
	switch {
	case none:
		return "unallocated"
	case all:
		return "allocated"
	default:
		return "partly allocated"
	}
}

// onlyInShop holds of an order that order management has never seen, and that the shop has in one of some states.
func onlyInShop(statuses ...string) func(snapshot) error {
	return func(s snapshot) error {
		if s.summary.ID != "" || !slices.Contains(statuses, s.shop.Status) {
			return fmt.Errorf("it is %s in the shop, and order management has it as %q", s.shop.Status, s.summary.ID)
		}
		return nil
	}
}

func (s snapshot) cancelled() error {
	if s.shop.Status != shopCancelled || s.summary.ID == "" || !s.summary.cancelled() {
		return fmt.Errorf("it is %s in the shop and %s in order management", s.shop.Status, s.summary.Status)
	}
	return nil
}

func (s snapshot) partlyShipped() error {
	if gone, open := s.summary.shipped(); len(gone) == 0 || !open {
		return fmt.Errorf("%d lines have shipped, and something is open: %t", len(gone), open)
	}
	return nil
}

// shipped are the lines of which units have left, and whether units of any line have not.
func (s orderSummary) shipped() (gone []summaryLine, open bool) {
	for _, l := range s.products() {
		if l.Fulfilled.IsPositive() {
			gone = append(gone, l)
		}
		open = open || l.Ordered.Sub(l.Canceled).GreaterThan(l.Fulfilled)
	}
	return gone, open
}

// delivered holds of an order of which every unit has been handed over, and none come back.
func (s snapshot) delivered() error {
	if len(s.summary.products()) == 0 {
		return errors.New("order management does not have it")
	}
	for _, l := range s.summary.products() {
		if !l.Fulfilled.Equal(l.Ordered) || !l.Returned.Add(l.ReturnInitiated).IsZero() {
			return fmt.Errorf("of %s %s of %s units were delivered", l.ProductCode, l.Fulfilled, l.Ordered)
		}
	}
	return nil
}

// pickedUp holds of an order of which a product has been handed over, and nothing else.
func (s snapshot) pickedUp(product string) error {
	if !slices.ContainsFunc(s.summary.products(), func(l summaryLine) bool { return l.ProductCode == product }) {
		return fmt.Errorf("it has no %s", product)
	}
	for _, l := range s.summary.products() {
		if (l.ProductCode == product) != l.Fulfilled.Equal(l.Ordered) {
			return fmt.Errorf("of %s %s of %s units were handed over", l.ProductCode, l.Fulfilled, l.Ordered)
		}
	}
	return nil
}

// paid holds of an order of which all the money has been taken.
func (s snapshot) paid() error {
	if p := s.payments; len(p) != 1 || p[0].open() != 0 || p[0].kept() != cents(s.summary.Grand) {
		return fmt.Errorf("it is worth %s, its payments are %+v", s.summary.Grand, p)
	}
	return nil
}

// earned holds of an order that earned points, and did nothing else to them.
func (w *world) earned(ctx context.Context, text string) error {
	points, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return err
	}
	events, err := w.office.pointsOf(ctx, w.orderNo)
	if err != nil {
		return err
	}
	if len(events) != 1 || events[0].Earned.Points != points {
		return fmt.Errorf("what it did to points is %+v", events)
	}
	w.account = events[0].Account
	return nil
}

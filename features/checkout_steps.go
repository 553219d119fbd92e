package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

func (w *world) checkoutSteps() []step {
	return []step{
		{given, `^(?:"([^"]+)"|a guest) has ordered "([^"]+)" in checkout(?: on the site "([^"]+)")?( a moment ago)?(?: with the code "([^"]+)")?(?:, of which a gift certificate pays "([\d.]+)")?$`, w.hasOrdered},
		{when, `^the shopper orders "([^"]+)" in checkout(?: on the site "([^"]+)")?(?: with the code "([^"]+)")?$`, w.orderBeside},
		{when, `^the shopper orders the follow-up basket in checkout(, and the bank declines)?$`, w.orderFollowUp},
		{when, `^the shopper has the follow-up basket priced in "([^"]+)"$`, w.priceIn},
	}
}

// homeAddress is where everything goes that scenarios order themselves.
func homeAddress() map[string]any {
	return map[string]any{
		"first_name": "Ada", "last_name": "Nolan", "address1": "1 Main Street", "city": "New York", "postal_code": "10001", "state_code": "NY", "country_code": "US",
	}
}

// certificatePrefix begins what a shopper buys that is a gift certificate; the amount follows.
const certificatePrefix = "gift certificate of "

// guestAddress is where a guest is written to.
const guestAddress = "guest@somsim.test"

// hasOrdered begins with an order that a shopper, or a guest, makes. What was ordered a moment ago order management has not got yet.
func (w *world) hasOrdered(ctx context.Context, shopper, goods, site, justNow, code, certificate string) error {
	if site != "" {
		w.shopper.site, w.auditor.site = site, site
	}
	w.shopper.certificate = json.Number(certificate)
	enter := func() error { return w.shopper.logIn(ctx, shopper) }
	if shopper == "" {
		w.guestMail = guestAddress
		enter = func() error { return w.shopper.visit(ctx) }
	}
	if err := enter(); err != nil {
		return err
	}
	if err := w.place(ctx, goods, code); err != nil || justNow != "" {
		return err
	}
	if _, err := w.control.advance(ctx, quiet); err != nil {
		return err
	}
	err := w.remember(ctx)
	w.start, w.settled = w.before, w.before.summary
	return err
}

// place fills a basket, orders it and begins with the order as the shop has it.
func (w *world) place(ctx context.Context, goods, code string) error {
	id, err := w.shopper.fill(ctx, goods, code)
	if err != nil {
		return fmt.Errorf("fill a basket with %s: %w", goods, err)
	}
	o, err := w.shopper.checkOut(ctx, id)
	if err != nil {
		return fmt.Errorf("order %s: %w", goods, err)
	}
	w.orderNo = o.OrderNo
	err = w.remember(ctx)
	w.start, w.settled = w.before, w.before.summary
	return err
}

// orderBeside orders something beside the follow-up basket, as the shopper's new order; on another site with a log-in there.
func (w *world) orderBeside(ctx context.Context, goods, site, code string) error {
	who := w.shopper
	if site != "" && site != who.site {
		who = newShopper(w.env, w.shopper.sandbox)
		who.site = site
		enter := func() error { return who.logIn(ctx, w.shopper.name) }
		if w.shopper.name == "" {
			enter = func() error { return who.visit(ctx) }
		}
		if err := enter(); err != nil {
			return err
		}
	}
	id, err := who.fill(ctx, goods, code)
	if err != nil {
		return fmt.Errorf("fill a basket with %s: %w", goods, err)
	}
	o, err := who.checkOut(ctx, id)
	w.follow.newOrder = o.OrderNo
	return err
}

func (w *world) orderFollowUp(ctx context.Context, declined string) error {
	if declined != "" {
		return w.declineInCheckout(ctx)
	}
	return w.checkOut(ctx)
}

func (w *world) priceIn(ctx context.Context, currency string) error {
	return w.shopper.inShop(ctx, http.MethodPatch, "/baskets/"+w.follow.basketID, map[string]string{"currency": currency}, nil)
}

// fill makes a basket that only lacks its payment and returns its id.
func (s *shopper) fill(ctx context.Context, goods, code string) (string, error) {
	var b basket
	body := map[string]any{"billing_address": homeAddress()}
	if s.name == "" {
		body["customer_info"] = map[string]any{"email": guestAddress}
	}
	if err := s.inShop(ctx, http.MethodPost, "/baskets", body, &b); err != nil {
		return "", err
	}
	path := "/baskets/" + b.ID
	for _, wanted := range strings.Split(goods, ", ") {
		resource, item, err := bought(wanted)
		if err != nil {
			return "", err
		}
		if err := s.inShop(ctx, http.MethodPost, path+resource, item, nil); err != nil {
			return "", err
		}
	}
	if code != "" {
		if err := s.inShop(ctx, http.MethodPost, path+"/coupons", map[string]string{"code": code}, nil); err != nil {
			return "", err
		}
	}
	return b.ID, errors.Join(
		s.inShop(ctx, http.MethodPut, path+"/shipments/me/shipping_address", homeAddress(), nil),
		s.inShop(ctx, http.MethodPut, path+"/shipments/me/shipping_method", map[string]string{"id": "delivery"}, nil))
}

// bought is how the shop is told of something that is put into a basket, as people write it: units and a product, or a gift
// certificate.
func bought(wanted string) (resource string, item any, err error) {
	if amount, ok := strings.CutPrefix(wanted, certificatePrefix); ok {
		return "/gift_certificate_items", map[string]any{
			"amount": json.Number(amount), "recipient_email": guestAddress, "recipient_name": "A friend", "sender_name": "Ada",
		}, nil
	}
	units, product, ok := strings.Cut(wanted, " ")
	quantity, err := strconv.Atoi(units)
	if !ok || err != nil {
		return "", nil, fmt.Errorf("%q is no number of units and a product", wanted)
	}
	return "/items", shopItem(product, quantity), nil
}

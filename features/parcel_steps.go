package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/shopspring/decimal"
)

func (w *world) parcelSteps() []step {
	return []step{
		{when, `^the carrier reports that "([^"]+)" arrived at "([^"]+)" in "([^"]+)"$`, w.carrierReports},
		{when, `^the carrier brings (\d+) "([^"]+)" in a parcel of its own at "([^"]+)" in "([^"]+)"$`, w.carrierBrings},
		{when, `^it is "([^"]+)" in "([^"]+)"$`, w.itIs},
		{then, `^the shopper sees in the (storefront|app|web app) that "([^"]+)" can be returned until "([^"]+)" in "([^"]+)"$`, w.seesReturnBy},
		{then, `^the shopper sees in the (storefront|app|web app) that "([^"]+)" ` + oneOf("returnable", returnability()) + `$`, w.seesReturnable},
		{then, `^the shopper sees in the (storefront|app|web app) that this date of "([^"]+)" (may still move later|is certain)$`, w.seesCertainty},
		{then, `^the service desk reads that "([^"]+)" is under policy "([^"]+)" and was (delivered|collected) at "([^"]+)" in "([^"]+)"$`, w.deskReads},
	}
}

// clockForm is how sentences write what clocks show; seconds and less may be left out.
const clockForm = "2006-01-02 15:04:05.999"

// zoneOf is the name of the time zone of a city.
func zoneOf(city string) string {
	return map[string]string{"New York": "America/New_York", "Berlin": "Europe/Berlin", "Tokyo": "Asia/Tokyo"}[city]
}

// shownAt is the instant at which clocks in a city show something.
func shownAt(text, city string) (time.Time, error) {
	local, err := time.LoadLocation(zoneOf(city))
	if err != nil || zoneOf(city) == "" {
		return time.Time{}, fmt.Errorf("nobody knows the clocks of %q (%w)", city, err)
	}
	if t, err := time.Parse("2006-01-02 15:04 -07:00", text); err == nil { // a moment that clocks show twice
		return t.In(local), nil
	}
	for _, form := range []string{clockForm, "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(form, text, local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not what clocks show", text)
}

// parcel is a shipment with units of a line inside.
type parcel struct {
	ShipmentID string `json:"ShipmentId"`
}

// handling is what a location had to do with a line.
type handling struct {
	FulfillmentOrderID string `json:"FulfillmentOrderId"`
	OrderItemSummaryID string `json:"OrderItemSummaryId"`
}

// carrierReports has order management know when a parcel arrived. A warehouse that made no parcel of the goods has made one.
func (w *world) carrierReports(ctx context.Context, product, text, city string) error {
	at, err := shownAt(text, city)
	if err != nil {
		return err
	}
	where := "OrderItemSummary.OrderSummary.OrderNumber = '" + w.orderNo + "' AND OrderItemSummary.ProductCode = '" + product + "'"
	parcels, err := find[parcel](ctx, w.office, "SELECT ShipmentId FROM ShipmentItem WHERE "+where)
	if err != nil {
		return err
	}
	arrived := map[string]any{"Status": "Delivered", "ActualDeliveryDate": at.UTC().Format("2006-01-02T15:04:05.000Z")}
	for _, p := range parcels {
		if err := w.office.call(ctx, w.office.request(http.MethodPatch, "/sobjects/Shipment/"+p.ShipmentID, arrived), nil); err != nil {
			return err
		}
	}
	if len(parcels) > 0 {
		return nil
	}
	handled, err := find[handling](ctx, w.office, "SELECT FulfillmentOrderId FROM FulfillmentOrderLineItem WHERE "+where)
	if err != nil || len(handled) == 0 {
		return errors.Join(err, fmt.Errorf("%s was handed to no location", product))
	}
	arrived["FulfillmentOrderId"], arrived["OrderSummaryId"], arrived["ShipToName"] = handled[0].FulfillmentOrderID, w.before.summary.ID, "the shopper"
	return w.office.call(ctx, w.office.request(http.MethodPost, "/sobjects/Shipment", arrived), nil)
}

// carrierBrings has order management know of a parcel with some units of a line, and when it arrived.
func (w *world) carrierBrings(ctx context.Context, units int, product, text, city string) error {
	at, err := shownAt(text, city)
	if err != nil {
		return err
	}
	where := "OrderItemSummary.OrderSummary.OrderNumber = '" + w.orderNo + "' AND OrderItemSummary.ProductCode = '" + product + "'"
	handled, err := find[handling](ctx, w.office, "SELECT FulfillmentOrderId, OrderItemSummaryId FROM FulfillmentOrderLineItem WHERE "+where)
	if err != nil || len(handled) == 0 {
		return errors.Join(err, fmt.Errorf("%s was handed to no location", product))
	}
	var made struct {
		ID string `json:"id"`
	}
	shipment := map[string]any{
		"FulfillmentOrderId": handled[0].FulfillmentOrderID, "OrderSummaryId": w.before.summary.ID, "ShipToName": "the shopper",
		"Status": "Delivered", "ActualDeliveryDate": at.UTC().Format("2006-01-02T15:04:05.000Z"),
	}
	if err := w.office.call(ctx, w.office.request(http.MethodPost, "/sobjects/Shipment", shipment), &made); err != nil {
		return err
	}
	inside := map[string]any{"ShipmentId": made.ID, "OrderItemSummaryId": handled[0].OrderItemSummaryID, "Quantity": units}
	return w.office.call(ctx, w.office.request(http.MethodPost, "/sobjects/ShipmentItem", inside), nil)
}

// itIs lets time pass until clocks show something.
func (w *world) itIs(ctx context.Context, text, city string) error {
	at, err := shownAt(text, city)
	if err != nil {
		return err
	}
	now, err := w.control.now(ctx)
	if err != nil {
		return err
	}
	if at.Before(now) {
		return fmt.Errorf("it is %s already", now)
	}
	return w.letPass(ctx, at.Sub(now))
}

// returnBy is until when a line can be returned, as a channel shows it.
type returnBy struct {
	Returnable  bool       `json:"returnable"`
	Why         string     `json:"why"`
	By          *time.Time `json:"by"`
	Local       string     `json:"local"`
	TimeZone    string     `json:"timeZone"`
	Provisional bool       `json:"provisional"`
	// Quantity is how many units may come back now, Reason why goods are never taken back.
	Quantity decimal.Decimal `json:"quantity"`
	Reason   string          `json:"reason"`
}

// returnsOf is what a channel shows about returning a line.
func (w *world) returnsOf(ctx context.Context, where, product string) (returnBy, error) {
	order, err := w.sight(ctx, where)
	if err != nil {
		return returnBy{}, err
	}
	i, err := order.item(product)
	if err == nil && i.ReturnBy == nil {
		err = fmt.Errorf("nothing is shown about returning %s", product)
	}
	if err != nil {
		return returnBy{}, err
	}
	return *i.ReturnBy, nil
}

// seesReturnBy compares the instant and what is shown to people of it.
func (w *world) seesReturnBy(ctx context.Context, where, product, text, city string) error {
	shown, err := w.returnsOf(ctx, where, product)
	if err != nil {
		return err
	}
	want, err := shownAt(text, city)
	if err != nil {
		return err
	}
	if shown.By == nil {
		return fmt.Errorf("no date is shown (%s)", shown.Why)
	}
	local := shown.By.In(want.Location())
	if local.Format(clockForm) != want.Format(clockForm) || shown.TimeZone != zoneOf(city) || shown.Local != local.Format("2006-01-02T15:04:05.000Z07:00") {
		return fmt.Errorf("%s is shown, to people as %q on the clocks of %s", local, shown.Local, shown.TimeZone)
	}
	return nil
}

// returnability is why a line can come back or cannot, by the words of scenarios.
func returnability() map[string]string {
	return map[string]string{
		"can still be returned": "open", "can no longer be returned": "window_closed", "cannot be returned": "nothing_to_return", "is never taken back": "not_returnable",
	}
}

func (w *world) seesReturnable(ctx context.Context, where, product, what string) error {
	shown, err := w.returnsOf(ctx, where, product)
	if err != nil {
		return err
	}
	reason := returnability()[what]
	if shown.Why != reason || shown.Returnable != (reason == "open") {
		return fmt.Errorf("it is shown as returnable %t, because: %s", shown.Returnable, shown.Why)
	}
	if reason == "not_returnable" {
		return notTakenBack(shown)
	}
	return nil
}

func (w *world) seesCertainty(ctx context.Context, where, product, what string) error {
	shown, err := w.returnsOf(ctx, where, product)
	if err == nil && shown.Provisional != (what == "may still move later") {
		err = fmt.Errorf("it is shown as provisional %t", shown.Provisional)
	}
	return err
}

// explanation is what the service desk reads about a line.
type explanation struct {
	Product  string     `json:"product_code"`
	Policy   string     `json:"policy"`
	Anchor   string     `json:"anchor"`
	AnchorAt *time.Time `json:"anchor_at"`
	Text     []string   `json:"explanation"`
}

func (w *world) deskReads(ctx context.Context, product, policy, event, text, city string) error {
	at, err := shownAt(text, city)
	if err != nil {
		return err
	}
	lines, err := w.operators.explainReturns(ctx, w.orderNo)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.Product != product {
			continue
		}
		if l.Policy != policy || l.Anchor != event || l.AnchorAt == nil || !l.AnchorAt.Equal(at) || len(l.Text) < 4 {
			return fmt.Errorf("the desk reads %+v", l)
		}
		return nil
	}
	return fmt.Errorf("the desk reads nothing about %s", product)
}

package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

func (w *world) detailSteps() []step {
	return []step{
		{given, `^order management does not tell (delivery methods|orders, and therefore tries nothing else)$`, w.hides},
		{when, `^the shopper looks at the order in the (storefront|app)$`, w.lookAtOrder},
		{when, `^the login of the shopper expires$`, w.loginExpires},
		{when, `^the shopper logs in again$`, w.comeBack},
		{then, `^the order is shown as the shop has it, with the note that order management may answer later$`, w.shownByShop},
		{then, `^the order is shown as "([^"]+)"$`, w.shownAs},
		{then, `^no action is offered$`, w.nothingOffered},
		{then, `^the action "([^"]+)" is offered$`, w.offered},
		{then, `^the order is shown without delivery methods, which are named as missing because of "([^"]+)"$`, w.methodsMissing},
		{then, `^only the first cause "([^"]+)" is told, for everything that is missing$`, w.firstCause},
		{then, `^the order names "([^"]+)" as the one that took its place$`, w.namesSuccessor},
		{then, `^the order is shown as not yet in order management$`, w.shownWaiting},
	}
}

// The part of a question that asks for delivery methods, and one that only the question for orders has.
const (
	methodsPart = "OrderDeliveryMethod.Name"
	ordersPart  = "OrderItemSummaries"
)

// hide has order management refuse a part of what it is asked.
func (w *world) hide(ctx context.Context, part, code string) error {
	return w.control.arm(ctx, fault{
		Name: "hidden " + code, Match: faultMatch{System: "som", Operation: "query", Contains: part}, Effect: faultEffect{Kind: "vendor_error", Code: code},
	})
}

func (w *world) hides(ctx context.Context, what string) error {
	if what == "delivery methods" {
		return w.hide(ctx, methodsPart, "INSUFFICIENT_ACCESS_OR_READONLY")
	}
	return errors.Join(w.hide(ctx, ordersPart, "INVALID_FIELD"), w.hide(ctx, methodsPart, "PROCESSING_HALTED"))
}

// lookAtOrder opens the page of the order.
func (w *world) lookAtOrder(ctx context.Context, where string) error {
	if err := w.lookFromNow(ctx); err != nil {
		return err
	}
	got := w.shopper.look(ctx, channelOf(where), w.orderNo)
	w.answers = append(w.answers, got)
	return got.lost
}

// expiry is longer than a login of a shopper lasts.
const expiry = 40 * time.Minute

// loginExpires lets the time of a login pass; only those who work in the systems log in again.
func (w *world) loginExpires(ctx context.Context) error {
	if _, err := w.control.advance(ctx, expiry); err != nil {
		return err
	}
	return errors.Join(w.auditor.logIn(ctx), w.office.logIn(ctx))
}

// shownDetails is the page of an order, in either channel.
type shownDetails struct {
	shownEntry
	SOM    *shownOrder `json:"som_order"`
	SOM2   *shownOrder `json:"c_somOrder"`
	Error  *shownError `json:"som_error"`
	Error2 *shownError `json:"c_somError"`
	Parts  []shownPart `json:"errors"`
	Parts2 []shownPart `json:"c_somPartErrors"`
	// Source2 and Current2 are the storefront's.
	Source2  string `json:"c_somSource"`
	Current2 string `json:"c_currentOrderNo"`
}

type shownError struct {
	Code      string `json:"code"`
	Retriable bool   `json:"retriable"`
}

type shownPart struct {
	Part string `json:"reference_id"`
	Code string `json:"code"`
}

// details reads the last answer as a page.
func (w *world) details() (shownDetails, error) {
	last, err := w.latest()
	if err != nil {
		return shownDetails{}, err
	}
	var d shownDetails
	if err := json.Unmarshal(last.body, &d); err != nil || last.status != http.StatusOK {
		return d, fmt.Errorf("the order is not shown: %s", last)
	}
	if d.SOM == nil {
		d.SOM = d.SOM2
	}
	if d.Error == nil {
		d.Error = d.Error2
	}
	d.Parts = append(d.Parts, d.Parts2...)
	d.Source, d.Current = d.Source+d.Source2, d.Current+d.Current2
	if d.SOM != nil {
		d.Allowed = d.SOM.Allowed
	}
	return d, nil
}

func (w *world) shownByShop(context.Context) error {
	d, err := w.details()
	if err == nil && (d.SOM != nil || d.Error == nil || d.Error.Code != "OMS_UNAVAILABLE" || !d.Error.Retriable || d.OrderNo != w.orderNo || d.Source != "commerce") {
		err = fmt.Errorf("it is shown as %+v", d)
	}
	return err
}

func (w *world) shownAs(_ context.Context, words string) error {
	status := strings.ReplaceAll(words, " ", "_")
	d, err := w.details()
	if err == nil && d.Status != status && (d.SOM == nil || d.SOM.Status != status) {
		err = fmt.Errorf("it is shown as %+v", d)
	}
	return err
}

func (w *world) nothingOffered(context.Context) error {
	d, err := w.details()
	if err == nil && len(d.Allowed) > 0 {
		err = fmt.Errorf("%v are offered", d.Allowed)
	}
	return err
}

func (w *world) offered(_ context.Context, action string) error {
	d, err := w.details()
	if err == nil && !strings.Contains(strings.Join(d.Allowed, " "), action) {
		err = fmt.Errorf("%v are offered", d.Allowed)
	}
	return err
}

// reasonCode is order management's word for why it does not tell something.
func reasonCode(words string) string {
	return map[string]string{"they may not be seen": "INSUFFICIENT_ACCESS_OR_READONLY", "a field is not known": "INVALID_FIELD"}[words]
}

func (w *world) methodsMissing(_ context.Context, why string) error {
	code := reasonCode(why)
	d, err := w.details()
	if err != nil {
		return err
	}
	if d.SOM == nil || len(d.SOM.Items) == 0 || d.SOM.Groups != nil || len(d.Parts) != 1 || d.Parts[0] != (shownPart{"deliveryMethods", code}) {
		return fmt.Errorf("it is shown as %+v", d)
	}
	return nil
}

func (w *world) firstCause(_ context.Context, why string) error {
	code := reasonCode(why)
	d, err := w.details()
	if err != nil {
		return err
	}
	for _, p := range d.Parts {
		if p.Code != code {
			return fmt.Errorf("%+v are told", d.Parts)
		}
	}
	if len(d.Parts) != 2 || d.SOM != nil || d.Error == nil {
		return fmt.Errorf("it is shown as %+v", d)
	}
	return nil
}

func (w *world) namesSuccessor(_ context.Context, newest string) error {
	d, err := w.details()
	if err == nil && (d.Current != newest || d.OrderNo != w.orderNo) {
		err = fmt.Errorf("it is shown as %+v", d)
	}
	return err
}

func (w *world) shownWaiting(context.Context) error {
	d, err := w.details()
	if err == nil && (d.Source != "commerce" || d.SOM != nil || d.Error != nil) {
		err = fmt.Errorf("it is shown as %+v", d)
	}
	return err
}

package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/somsim/somsim/orderops"
)

func (w *world) detailSteps() []step {
	return []step{
		{given, `^order management does not tell (delivery methods|orders, and therefore tries nothing else)$`, w.hides},
		{then, `^the order is shown as ` + oneOf("status", looks()) + `$`, w.shownAs},
		{then, `^the order is shown without ` + oneOf("part", missingParts()) + `, because ` + oneOf("cause", hiddenFor()) + `$`, w.shownWithout},
		{then, `^` + oneOf("offer", offers()) + ` is offered$`, w.offered},
		{then, `^the order names "([^"]+)" as the one that took its place$`, w.namesSuccessor},
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

// looks are as what the page of an order may show it, by the words of scenarios: its status, or that order management has
// nothing to do with it.
func looks() map[string]func(shownDetails, string) bool {
	all := map[string]func(shownDetails, string) bool{
		"not yet in order management": func(d shownDetails, _ string) bool {
			return d.Source == "commerce" && d.SOM == nil && d.Error == nil
		},
		"the shop has it, with the note that order management may answer later": func(d shownDetails, orderNo string) bool {
			return d.SOM == nil && d.Error != nil && d.Error.Code == "OMS_UNAVAILABLE" && d.Error.Retriable && d.OrderNo == orderNo &&
				d.Source == "commerce" && len(d.Allowed) == 0
		},
	}
	for _, status := range orderops.Statuses() {
		all[strings.ReplaceAll(string(status), "_", " ")] = func(d shownDetails, _ string) bool {
			return d.Status == string(status) || d.SOM != nil && d.SOM.Status == string(status)
		}
	}
	return all
}

func (w *world) shownAs(_ context.Context, words string) error {
	d, err := w.details()
	if err == nil && !looks()[words](d, w.orderNo) {
		err = fmt.Errorf("it is shown as %+v", d)
	}
	return err
}

// offers are what a page may offer to do, by the words of scenarios.
func offers() map[string]string {
	return map[string]string{"no action": "", "cancelling": "cancel", "modifying": "modify", "confirming": "confirm", "returning": "return"}
}

func (w *world) offered(_ context.Context, words string) error {
	d, err := w.details()
	if err != nil {
		return err
	}
	if action := offers()[words]; action == "" && len(d.Allowed) > 0 || action != "" && !slices.Contains(d.Allowed, action) {
		return fmt.Errorf("%v are offered", d.Allowed)
	}
	return nil
}

// hiddenFor is order management's word for why it does not tell something.
func hiddenFor() map[string]string {
	return map[string]string{"they may not be seen": "INSUFFICIENT_ACCESS_OR_READONLY", "a field is not known": "INVALID_FIELD"}
}

// missingParts are what a page may lack, by the words of scenarios: of all that order management has two parts are named.
func missingParts() map[string]func(shownDetails) bool {
	return map[string]func(shownDetails) bool{
		"delivery methods": func(d shownDetails) bool {
			return d.SOM != nil && len(d.SOM.Items) > 0 && d.SOM.Groups == nil && len(d.Parts) == 1 && d.Parts[0].Part == "deliveryMethods"
		},
		"what order management has": func(d shownDetails) bool { return d.SOM == nil && d.Error != nil && len(d.Parts) == 2 },
	}
}

// shownWithout makes sure of what is missing, and that its first cause is told for every part, and no other.
func (w *world) shownWithout(_ context.Context, what, why string) error {
	d, err := w.details()
	if err != nil {
		return err
	}
	for _, p := range d.Parts {
		if p.Code != hiddenFor()[why] {
			return fmt.Errorf("%+v are told", d.Parts)
		}
	}
	if !missingParts()[what](d) {
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

package history

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/mapping"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/window"
)

// pageOf answers with one page, whatever is asked.
type pageOf struct{ somclient.Page }

func (p pageOf) Orders(context.Context, []string) (somclient.Page, error) { return p.Page, nil }

// broken knows no windows.
type broken struct{ unbounded }

func (broken) Recall(context.Context, []string, time.Time) (window.Recalled, error) { return nil, nil }

func (broken) DecideBy(context.Context, window.Recalled, []window.Order, time.Time) (map[string]returnby.Decision, error) {
	return nil, errors.New("the disk is full")
}

func somPage(failed ...somclient.PartError) somclient.Page {
	o := somclient.OrderSummary{ID: "1Os1", OrderNumber: "1"}
	o.Items.Records = []somclient.OrderItemSummary{{ID: "10u1", TypeCode: somclient.TypeCodeProduct}}
	o.DeliveryGroups.Records = []somclient.OrderDeliveryGroupSummary{{ID: "0ag1"}}
	return somclient.Page{Orders: []somclient.OrderSummary{o}, Failed: failed}
}

func document(t *testing.T, raw string) b2cclient.Document {
	t.Helper()
	var d b2cclient.Document
	if err := json.Unmarshal([]byte(raw), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Cases 80 and 81: what failed is null and named, by its cause where it was merely not tried.
func TestAPartThatFailedIsNullAndNamed(t *testing.T) {
	t.Parallel()
	halted := func(part string) somclient.PartError {
		return somclient.PartError{ReferenceID: part, Status: 400, Code: "PROCESSING_HALTED"}
	}
	cases := []struct {
		name   string
		failed []somclient.PartError
		want   []PartError
	}{
		{"one", []somclient.PartError{{ReferenceID: "deliveryMethods", Status: 403, Code: "INSUFFICIENT_ACCESS"}}, []PartError{{"deliveryMethods", "INSUFFICIENT_ACCESS", 403, ""}}},
		{
			"two, one of them not tried",
			[]somclient.PartError{halted("deliveryMethods"), {ReferenceID: "customFields", Status: 400, Code: "INVALID_FIELD"}},
			[]PartError{{"deliveryMethods", "INVALID_FIELD", 400, "customFields"}, {"customFields", "INVALID_FIELD", 400, ""}},
		},
		{"one that was not tried, and nobody says why", []somclient.PartError{halted("deliveryMethods")}, []PartError{{"deliveryMethods", "PROCESSING_HALTED", 400, ""}}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := historyOf(&shop{})
			h.SOM = pageOf{somPage(tc.failed...)}
			e := h.Enrich(t.Context(), []b2cclient.Document{document(t, `{"order_no":"1"}`)})[0]
			if diff := cmp.Diff(tc.want, e.Errors); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if e.SOMOrder == nil || e.SOMOrder.DeliveryGroups != nil || e.SOMOrder.Items == nil {
				t.Errorf("shown %+v", e.SOMOrder)
			}
		})
	}
}

// An order management that failed as a whole is not one that has no such order.
func TestAMainPartThatFailedIsNoOrderOfCommerce(t *testing.T) {
	t.Parallel()
	for code, status := range map[string]int{"NO_ANSWER": 502, "INVALID_FIELD": 400} {
		h := historyOf(&shop{})
		h.SOM = pageOf{somclient.Page{Failed: []somclient.PartError{{ReferenceID: somclient.PartOrders, Status: status, Code: code}}}}
		e := h.Enrich(t.Context(), []b2cclient.Document{document(t, `{"order_no":"1"}`)})[0]
		if e.SOMError == nil || e.SOMError.Retriable != (status >= 500) || len(e.Errors) != 1 || e.SOMOrder != nil {
			t.Errorf("%s: %+v, errors %+v", code, e.SOMError, e.Errors)
		}
	}
}

func TestWindowsThatAreNotKnownAreNullAndNamed(t *testing.T) {
	t.Parallel()
	h := historyOf(&shop{})
	h.SOM, h.Windows = pageOf{somPage()}, broken{}
	e := h.Enrich(t.Context(), []b2cclient.Document{document(t, `{"order_no":"1"}`)})[0]
	if diff := cmp.Diff([]PartError{{"returnWindows", "INTERNAL_ERROR", 500, ""}}, e.Errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
	if e.SOMOrder == nil || e.SOMOrder.Items[0].ReturnBy != nil {
		t.Errorf("shown %+v", e.SOMOrder)
	}
}

// Custom fields have their names of commerce, wherever they come from.
func TestCustomFieldsAreShown(t *testing.T) {
	t.Parallel()
	table, err := mapping.Parse([]byte(`
order: [{som: Priority__c, commerce: c_priority, as: choice, values: {High: "1"}}]
item: [{som: Engraving__c, commerce: c_engraving}]
`))
	if err != nil {
		t.Fatal(err)
	}
	known := somPage()
	known.Custom = map[string]somclient.CustomRow{"1": {
		Order: somclient.Row{"OrderNumber": json.RawMessage(`"1"`), "Priority__c": json.RawMessage(`"High"`)},
		Items: map[string]somclient.Row{"10u1": {"Id": json.RawMessage(`"10u1"`), "Engraving__c": json.RawMessage(`"For Ann"`)}},
	}}
	odd := somPage()
	odd.Custom = map[string]somclient.CustomRow{"1": {Order: somclient.Row{"Priority__c": json.RawMessage(`"Urgent"`)}}}
	cases := []struct {
		name                string
		page                somclient.Page
		order, item, failed string
	}{
		{"of order management", known, `{"c_priority":"1"}`, `{"c_engraving":"For Ann"}`, "null"},
		{"of commerce, for an order that is not there yet", somclient.Page{}, `{"c_priority":"7"}`, "", "null"},
		{"not read", somPage(somclient.PartError{ReferenceID: somclient.PartCustomFields, Status: 400, Code: "INVALID_FIELD"}), "null", "null", `[{"reference_id":"customFields","code":"INVALID_FIELD","http_status":400}]`},
		{"not understood", odd, "null", "null", `[{"reference_id":"customFields","code":"INTERNAL_ERROR","http_status":500}]`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := historyOf(&shop{})
			h.SOM, h.Mapping = pageOf{tc.page}, table.OnlyCustom()
			e := h.Enrich(t.Context(), []b2cclient.Document{document(t, `{"order_no":"1","c_priority":"7","c_other":"x"}`)})[0]
			if got := text(t, e.Custom); got != tc.order {
				t.Errorf("the order has %s, want %s", got, tc.order)
			}
			if got := text(t, e.Errors); got != tc.failed {
				t.Errorf("errors %s, want %s", got, tc.failed)
			}
			if tc.item == "" {
				return
			}
			if got := text(t, e.SOMOrder.Items[0].Custom); got != tc.item {
				t.Errorf("the item has %s, want %s", got, tc.item)
			}
		})
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestLinksToParcels(t *testing.T) {
	t.Parallel()
	links := DefaultTrackingLinks()
	for _, tc := range []struct {
		s    somclient.Shipment
		want string
	}{
		{somclient.Shipment{Provider: "UPS", TrackingNumber: "1Z 9"}, "https://www.ups.com/track?tracknum=1Z+9"},
		{somclient.Shipment{Provider: "UPS", TrackingNumber: "1Z9", TrackingURL: "https://carrier.test/1"}, "https://carrier.test/1"},
		{somclient.Shipment{Provider: "UPS"}, ""},
		{somclient.Shipment{Provider: "Pigeon", TrackingNumber: "1"}, ""},
		{somclient.Shipment{TrackingNumber: "1"}, ""},
	} {
		if got := links.link(tc.s); got != tc.want {
			t.Errorf("%+v is followed at %q, want %q", tc.s, got, tc.want)
		}
	}
}

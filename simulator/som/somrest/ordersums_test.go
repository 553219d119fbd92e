package somrest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// Whatever is written to and deleted from an order, in any order, its sums are those of the lines that are left.
func TestOrderSumsFollowEveryLine(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	rapid.Check(t, func(rt *rapid.T) {
		o := &orderUnderTest{s: s, rt: rt}
		o.order = s.create("Order", `{"AccountId":"`+accountID+`","EffectiveDate":"2026-03-01","Pricebook2Id":"`+pricebookID+`"}`)
		for range rapid.IntRange(1, 12).Draw(rt, "writes") {
			o.write()
		}
		want, tax := o.sums()
		var got struct{ TotalAmount, TotalTaxAmount decimal.Decimal }
		if err := json.Unmarshal([]byte(s.row("Order", o.order, "TotalAmount,TotalTaxAmount")), &got); err != nil {
			rt.Fatal(err)
		}
		if !got.TotalAmount.Equal(want) || !got.TotalTaxAmount.Equal(tax) {
			rt.Errorf("the order has %s and %s tax, its lines %s and %s", got.TotalAmount, got.TotalTaxAmount, want, tax)
		}
	})
}

type orderUnderTest struct {
	s     *server
	rt    *rapid.T
	order string
	// items, adjustments and taxes are the ids of what was created; some may be gone.
	items, adjustments, taxes []string
}

// write does one thing to the order. What refers to a row that is gone is refused, which is as good.
func (o *orderUnderTest) write() {
	amount := fmt.Sprintf("%d.%02d", rapid.IntRange(0, 200).Draw(o.rt, "euros"), rapid.IntRange(0, 99).Draw(o.rt, "cents"))
	switch rapid.IntRange(0, 6).Draw(o.rt, "what") {
	case 0, 1:
		kind := rapid.SampledFrom([]string{"Order Product", "Delivery Charge", "Fee"}).Draw(o.rt, "type")
		o.add(&o.items, "OrderItem", fmt.Sprintf(`{"OrderId":%q,"PricebookEntryId":%q,"Quantity":%d,"UnitPrice":%s,"Type":%q}`,
			o.order, entryID, rapid.IntRange(1, 5).Draw(o.rt, "quantity"), amount, kind))
	case 2:
		o.add(&o.adjustments, "OrderItemAdjustmentLineItem", fmt.Sprintf(`{"OrderItemId":%q,"Name":"a","Amount":-%s}`, o.one(o.items), amount))
	case 3:
		o.add(&o.taxes, "OrderItemTaxLineItem", fmt.Sprintf(`{"OrderItemId":%q,"Name":"t","Amount":%s,"TaxEffectiveDate":"2026-03-01","Type":"Actual"}`, o.one(o.items), amount))
	case 4:
		o.send("PATCH", "OrderItem", o.one(o.items), fmt.Sprintf(`{"Quantity":%d}`, rapid.IntRange(1, 9).Draw(o.rt, "quantity")))
	case 5:
		o.send("PATCH", "OrderItemTaxLineItem", o.one(o.taxes), `{"Amount":`+amount+`}`)
	case 6:
		object := rapid.SampledFrom([]string{"OrderItem", "OrderItemAdjustmentLineItem", "OrderItemTaxLineItem"}).Draw(o.rt, "object")
		o.send("DELETE", object, o.one(map[string][]string{"OrderItem": o.items, "OrderItemAdjustmentLineItem": o.adjustments, "OrderItemTaxLineItem": o.taxes}[object]), "")
	}
}

func (o *orderUnderTest) one(ids []string) string {
	if len(ids) == 0 {
		return "none"
	}
	return rapid.SampledFrom(ids).Draw(o.rt, "row")
}

func (o *orderUnderTest) add(ids *[]string, object, body string) {
	w := o.s.do("POST", base+"/sobjects/"+object, body)
	if w.Code == http.StatusCreated {
		*ids = append(*ids, o.s.id(w))
	}
}

func (o *orderUnderTest) send(method, object, id, body string) {
	if w := o.s.do(method, base+"/sobjects/"+object+"/"+id, body); w.Code >= http.StatusInternalServerError {
		o.rt.Fatalf("%d %s", w.Code, w.Body)
	}
}

// sums adds up the lines that a query finds, as a reader with a pencil would.
func (o *orderUnderTest) sums() (amount, tax decimal.Decimal) {
	for _, item := range o.rows("SELECT Quantity, UnitPrice FROM OrderItem WHERE OrderId = '" + o.order + "'") {
		amount = amount.Add(item["Quantity"].Mul(item["UnitPrice"]).Round(2))
	}
	for _, line := range o.rows("SELECT Amount FROM OrderItemAdjustmentLineItem WHERE OrderId = '" + o.order + "'") {
		amount = amount.Add(line["Amount"])
	}
	for _, line := range o.rows("SELECT Amount FROM OrderItemTaxLineItem WHERE OrderId = '" + o.order + "'") {
		tax = tax.Add(line["Amount"])
	}
	return amount, tax
}

func (o *orderUnderTest) rows(soql string) []map[string]decimal.Decimal {
	var out struct {
		Records []map[string]json.RawMessage
	}
	w := o.s.soql(soql)
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		o.rt.Fatalf("%d %s", w.Code, w.Body)
	}
	rows := make([]map[string]decimal.Decimal, len(out.Records))
	for i, record := range out.Records {
		rows[i] = map[string]decimal.Decimal{}
		for name, raw := range record {
			if n, err := decimal.NewFromString(string(raw)); err == nil {
				rows[i][name] = n
			}
		}
	}
	return rows
}

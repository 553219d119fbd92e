package som

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

func TestOwnFieldsAreCopiedToTheSummaryWhereTheirTypesMatch(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	o := newTestOrg(t, fstest.MapFS{
		"order.yaml": file("extends: Order\nfields:\n  - {name: Channel__c, type: string, length: 40}\n" +
			"  - {name: Points__c, type: string, length: 40}\n  - {name: Note__c, type: string, length: 40}\n  - {name: Slot__c, type: datetime}\n  - {name: Sum__c, type: double}\n"),
		"summary.yaml": file("extends: OrderSummary\nfields:\n  - {name: Channel__c, type: string, length: 40}\n" +
			"  - {name: Points__c, type: double}\n  - {name: Note__c, type: string, length: 5}\n  - {name: Slot__c, type: string, length: 40}\n  - {name: Sum__c, type: double}\n"),
	})
	order := o.activatedOrder(func(r *row) {
		r.Set("Channel__c", "App")
		r.Set("Points__c", "12")
		r.Set("Note__c", "too long for five")
		r.Set("Slot__c", time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
		r.Set("Sum__c", decimal.NewFromInt(7))
	})
	var id string
	o.write(func(tx *sandbox.Tx) (err error) {
		id, err = o.CreateOrderSummary(tx, NewOrderSummary{OrderID: order})
		return err
	})
	tx := o.world.Read()
	defer tx.Abort()
	r, _ := o.find(tx, objOrderSummary, id)
	for field, want := range map[string]sobject.Value{"Channel__c": "App", "Points__c": nil, "Note__c": nil, "Slot__c": nil, "Sum__c": decimal.NewFromInt(7)} {
		if got := r.Get(field); !same(got, want) {
			t.Errorf("%s is %v, want %v", field, got, want)
		}
	}
}

// activatedOrder is an activated order without a summary, edited before it is stored.
func (o *testOrg) activatedOrder(edit func(*row)) string {
	o.t.Helper()
	var id string
	o.write(func(tx *sandbox.Tx) (err error) {
		id, _, err = o.insertOrder(tx, NewOrder{OrderNumber: "00001002", AccountID: o.account, DeliveryGroups: []NewDeliveryGroup{{
			Name: "Erika Muster", DeliveryMethodID: o.method, Items: []NewItem{{ProductID: o.product, UnitPrice: dec("50")}},
		}}})
		if err != nil {
			return err
		}
		stored, _ := o.find(tx, objOrder, id)
		r := tracked(stored)
		edit(r)
		o.records.Put(tx.Tx, r.Record)
		return nil
	})
	return id
}

package som

import (
	"errors"
	crc "hash/crc64"
	"io/fs"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/specs"
)

// testOrg is a sandbox with an empty org and what orders need around them.
type testOrg struct {
	*SOM
	t                                            *testing.T
	worlds                                       *sandbox.Worlds
	world                                        *sandbox.World
	account, product, cheap, shipping, warehouse string
	method                                       string
	rules                                        map[string]bool
}

// newTestOrg is an org with the objects of the simulation, and the fields that own files add.
func newTestOrg(t *testing.T, own ...fs.FS) *testOrg {
	t.Helper()
	objects, err := fs.Sub(specs.FS, "som/sobjects")
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := sobject.Load(objects, own...)
	if err != nil {
		t.Fatal(err)
	}
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	o := &testOrg{t: t, SOM: Declare(schema, catalog)}
	o.worlds = sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), Log: slog.New(slog.DiscardHandler),
		Redactor: journal.NewRedactor(), Presets: map[string]sandbox.Preset{"test": o.furnish}, Runners: o.Runners(),
	})
	if o.world, err = o.worlds.Create("default", sandbox.Options{From: "test", Mode: clock.ModeManual}); err != nil {
		t.Fatal(err)
	}
	text, err := specs.FS.ReadFile("som/rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if o.rules, err = binding.LoadRules(text); err != nil {
		t.Fatal(err)
	}
	return o
}

// fork is the same org in a sandbox of its own, for a case of a table: reading the metadata again would take longer.
func (o *testOrg) fork(t *testing.T) *testOrg {
	t.Helper()
	forked := *o
	forked.t = t
	name := "case-" + strconv.FormatUint(crc64(t.Name()), 36)
	var err error
	if forked.world, err = o.worlds.Create(name, sandbox.Options{From: "default"}); err != nil {
		t.Fatal(err)
	}
	return &forked
}

func crc64(s string) uint64 { return crc.Checksum([]byte(s), crc.MakeTable(crc.ISO)) }

func (o *testOrg) furnish(tx *sandbox.Tx) error {
	if err := o.SetUp(tx); err != nil {
		return err
	}
	var errs [6]error
	o.account, errs[0] = o.Account(tx, NewAccount{Name: "Erika Muster", Number: "c-1"})
	o.product, errs[1] = o.Product(tx, NewProduct{Code: "P-1", Name: "Jacket", Price: dec("50")})
	o.cheap, errs[2] = o.Product(tx, NewProduct{Code: "P-2", Name: "Socks", Price: dec("10")})
	o.shipping, errs[3] = o.Product(tx, NewProduct{Code: "shipping", Name: "Shipping"})
	o.warehouse, errs[4] = o.Location(tx, NewLocation{Name: "Warehouse Leipzig", ExternalReference: "wh-1"})
	o.method, errs[5] = o.DeliveryMethod(tx, NewDeliveryMethod{Name: "Standard", ReferenceNumber: "standard"})
	return errors.Join(errs[:]...)
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// write runs work in a committed transaction and fails the test when it is refused.
func (o *testOrg) write(work func(tx *sandbox.Tx) error) {
	o.t.Helper()
	if err := o.world.Update(work); err != nil {
		o.t.Fatal(err)
	}
}

// try runs work and commits it unless it is refused; it returns the rule of the refusal, or "".
func (o *testOrg) try(work func(tx *sandbox.Tx) error) string {
	o.t.Helper()
	err := o.world.Update(work)
	if err == nil {
		return ""
	}
	var refusal *Error
	if !errors.As(err, &refusal) {
		o.t.Fatalf("not a refusal: %v", err)
	}
	if !o.rules[refusal.Rule] {
		o.t.Errorf("rule %q is not in specs/som/rules.yaml", refusal.Rule)
	}
	return refusal.Rule
}

// order imports an order and returns its graph's ids.
func (o *testOrg) order(n NewOrder) testOrder {
	o.t.Helper()
	n.OrderNumber, n.AccountID = "00001001", o.account
	for i := range n.DeliveryGroups {
		n.DeliveryGroups[i].DeliveryMethodID = o.method
	}
	var id string
	o.write(func(tx *sandbox.Tx) (err error) {
		id, err = o.ImportOrder(tx, n)
		return err
	})
	return testOrder{o, id}
}

// testOrder reads an order back from the store.
type testOrder struct {
	*testOrg
	id string
}

func (o testOrder) read(visit func(tx *sandbox.Tx, s *orderSummary)) {
	tx := o.world.Read()
	defer tx.Abort()
	r, ok := o.find(tx, objOrderSummary, o.id)
	if !ok {
		o.t.Fatalf("no order summary %s", o.id)
	}
	visit(tx, o.loadOrderSummary(tx, r))
}

// item returns the n-th item of the order, from 0.
func (o testOrder) item(n int) *orderItemSummary {
	o.t.Helper()
	var item *orderItemSummary
	o.read(func(_ *sandbox.Tx, s *orderSummary) { item = s.items[n] })
	return item
}

// value is what a reader sees in a field of the order summary or, with n ≥ 0, of its n-th item.
func (o testOrder) value(n int, field string) string {
	o.t.Helper()
	var shown string
	o.read(func(_ *sandbox.Tx, s *orderSummary) {
		r := &s.Record
		if n >= 0 {
			r = &s.items[n].Record
		}
		shown = o.shown(r, field)
	})
	return shown
}

func (o *testOrg) shown(r *sobject.Record, field string) string {
	o.t.Helper()
	object, _ := o.catalog.Object(r.Object)
	f, ok := object.Field(field)
	if !ok {
		o.t.Fatalf("%s has no field %s", r.Object, field)
	}
	switch v := o.catalog.Value(r, f).(type) {
	case decimal.Decimal:
		return v.String()
	case string:
		return v
	default:
		return ""
	}
}

func (o testOrder) cancel(items ...ChangeItem) (result ChangeResult, rule string) {
	o.t.Helper()
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		result, err = o.SubmitCancel(tx, "", o.id, items)
		return err
	})
	o.checkInvariants()
	return result, rule
}

// units asks for units of the n-th item to be cancelled without touching delivery charges.
func (o testOrder) units(n int, quantity string) ChangeItem {
	o.t.Helper()
	return ChangeItem{OrderItemSummaryID: o.item(n).ID, Quantity: dec(quantity), Reason: "Unknown"}
}

func (o testOrder) withShipping(n int, quantity string) ChangeItem {
	o.t.Helper()
	item := o.units(n, quantity)
	item.ReduceShipping = true
	return item
}

// allocate makes a fulfillment order for units of the first item.
func (o testOrder) allocate(quantity string) (id, rule string) {
	o.t.Helper()
	item := o.item(0)
	rule = o.try(func(tx *sandbox.Tx) error {
		ids, err := o.CreateFulfillmentOrders(tx, "", Allocation{
			OrderSummaryID: o.id, OrderDeliveryGroupSummaryID: item.group(),
			Groups: []AllocatedGroup{{LocationID: o.warehouse, Type: "warehouse", Items: []AllocatedItem{{item.ID, dec(quantity)}}}},
		})
		if err == nil {
			id = ids[0]
		}
		return err
	})
	o.checkInvariants()
	return id, rule
}

func (o testOrder) setStatus(fulfillmentOrderID, status string) string {
	o.t.Helper()
	rule := o.try(func(tx *sandbox.Tx) error { return o.SetFulfillmentOrderStatus(tx, "", fulfillmentOrderID, status) })
	o.checkInvariants()
	return rule
}

// line returns the only line of a fulfillment order.
func (o testOrder) line(fulfillmentOrderID string) *sobject.Record {
	o.t.Helper()
	tx := o.world.Read()
	defer tx.Abort()
	lines := o.Rows(tx).children(objFulfillmentLine, "FulfillmentOrderId", fulfillmentOrderID)
	if len(lines) != 1 {
		o.t.Fatalf("%d lines", len(lines))
	}
	return lines[0]
}

func (o testOrder) count(object string) int {
	tx := o.world.Read()
	defer tx.Abort()
	n := 0
	o.Rows(tx).Scan(object, func(*sobject.Record) bool { n++; return true })
	return n
}

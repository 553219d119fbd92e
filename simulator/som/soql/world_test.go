package soql_test

import (
	"fmt"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/som/soql"
)

// rows is a Source over plain maps.
type rows struct {
	catalog *sobject.Catalog
	byID    map[string]*sobject.Record
	byKey   map[string][]*sobject.Record
	scanned atomic.Int64
}

func (s *rows) Get(id string) (*sobject.Record, bool) {
	r, ok := s.byID[id]
	return r, ok
}

func (s *rows) Lookup(object, field, value string) []*sobject.Record {
	return s.byKey[s.catalog.IndexKey(object, field, value)]
}

func (s *rows) Scan(object string, visit func(*sobject.Record) bool) {
	ids := make([]string, 0, len(s.byID))
	for id, r := range s.byID {
		if r.Object == object {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		s.scanned.Add(1)
		if !visit(s.byID[id]) {
			return
		}
	}
}

func loadCatalog(tb testing.TB) *sobject.Catalog {
	tb.Helper()
	c, err := sobject.Load(os.DirFS("../../../specs/som/sobjects"))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// world builds rows under readable numbers: the nth row of an object has id prefix + n.
type world struct {
	tb      testing.TB
	catalog *sobject.Catalog
	rows    *rows
}

func newWorld(tb testing.TB, catalog *sobject.Catalog) *world {
	tb.Helper()
	return &world{tb: tb, catalog: catalog, rows: &rows{catalog: catalog, byID: map[string]*sobject.Record{}, byKey: map[string][]*sobject.Record{}}}
}

func (w *world) id(object string, n int) string {
	w.tb.Helper()
	o, ok := w.catalog.Object(object)
	if !ok {
		w.tb.Fatalf("no object %s", object)
	}
	id, err := sobject.ID15to18(fmt.Sprintf("%s%012d", o.KeyPrefix, n))
	if err != nil {
		w.tb.Fatal(err)
	}
	return id
}

type fields map[string]any

// add stores a row; whole numbers become decimals.
func (w *world) add(object string, n int, values fields) string {
	w.tb.Helper()
	r := sobject.New(object, w.id(object, n))
	for name, v := range values {
		if whole, ok := v.(int); ok {
			v = decimal.NewFromInt(int64(whole))
		}
		r.Set(name, v)
	}
	w.rows.byID[r.ID] = &r
	for _, key := range append(w.catalog.IndexKeys(&r), w.catalog.ReferenceKeys(&r)...) {
		w.rows.byKey[key] = append(w.rows.byKey[key], &r)
	}
	return r.ID
}

func noon(day int) time.Time { return time.Date(2026, 5, day, 12, 0, 0, 0, time.UTC) }

// shop is the world most tests ask about: three orders of two accounts, the last one bare.
func shop(tb testing.TB) (*soql.Engine, *world) {
	tb.Helper()
	catalog := loadCatalog(tb)
	w := newWorld(tb, catalog)
	ann := w.add("Account", 1, fields{"Name": "Ann Lee", "BillingCity": "Ghent"})
	bob := w.add("Account", 2, fields{"Name": "bob"})
	user := w.add("User", 1, fields{"Name": "Integration", "Username": "int@somsim.test"})
	first := w.add("OrderSummary", 1, fields{
		"OrderNumber": "A-1", "Status": "Approved", "AccountId": ann, "TotalAmount": 100, "TotalTaxAmount": 21, "OrderedDate": noon(1),
		"EffectiveDate": "2026-05-01", "IsSuspended": true, "OwnerId": user, "ExternalReferenceIdentifier": "Realm@Site@A-1", "BillingCity": "Ghent",
		"CreatedDate": noon(1), "PoNumber": "50%_off",
	})
	second := w.add("OrderSummary", 2, fields{
		"OrderNumber": "A-2", "Status": "Created", "AccountId": bob, "TotalAmount": 40, "OrderedDate": noon(9), "EffectiveDate": "2026-05-09",
		"CreatedDate": noon(9), "PoNumber": "It's",
	})
	w.add("OrderSummary", 3, fields{"OrderNumber": "b-3", "Status": "Created", "CreatedDate": noon(10)})
	w.add("OrderSummary", 4, fields{"OrderNumber": "gone", "IsDeleted": true})
	w.add("OrderItemSummary", 1, fields{"OrderSummaryId": first, "Name": "Shirt", "QuantityOrdered": 5, "QuantityCanceled": 1, "QuantityAllocated": 2})
	w.add("OrderItemSummary", 2, fields{"OrderSummaryId": first, "Name": "Shoes", "QuantityOrdered": 1})
	w.add("OrderItemSummary", 3, fields{"OrderSummaryId": second, "Name": "Shirt", "QuantityOrdered": 2})
	w.add("OrderItemSummaryChange", 1, fields{
		"OrderSummaryId": first, "OrderItemSummaryId": w.id("OrderItemSummary", 1), "ChangeType": "Cancel", "Reason": "Unknown",
	})
	pay := w.add("OrderPaymentSummary", 1, fields{"OrderSummaryId": first, "Method": "Visa", "AuthorizationAmount": 121, "CapturedAmount": 21})
	auth := w.add("PaymentAuthorization", 1, fields{"OrderPaymentSummaryId": pay, "Amount": 121, "GatewayRefNumber": "WL-1"})
	w.add("Payment", 1, fields{"OrderPaymentSummaryId": pay, "PaymentAuthorizationId": auth, "Amount": 21})
	return soql.NewEngine(catalog), w
}

func run(tb testing.TB, e *soql.Engine, w *world, text string) *soql.Result {
	tb.Helper()
	result, err := e.Run(w.rows, text, soql.Options{Version: 60, Now: noon(10)})
	if err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return result
}

// flat renders a result in one line a row.
func flat(r *soql.Result) []string {
	lines := make([]string, 0, len(r.Rows))
	for _, row := range r.Rows {
		lines = append(lines, line(row))
	}
	return lines
}

func line(row *soql.Row) string {
	text := ""
	for i, c := range row.Columns {
		if i > 0 {
			text += " "
		}
		text += c.Name + "=" + show(c.Value)
	}
	return text
}

func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case *soql.Row:
		return "{" + line(v) + "}"
	case *soql.Result:
		return fmt.Sprintf("%d%v", v.TotalSize, flat(v))
	case time.Time:
		return v.Format(time.RFC3339)
	default:
		return fmt.Sprint(v)
	}
}

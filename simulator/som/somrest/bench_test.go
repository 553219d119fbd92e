package somrest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
)

const (
	benchOrders = 10_000
	benchGoal   = 5 * time.Millisecond
)

// BenchmarkComposite runs composites of ten sub-requests in an org of ten thousand orders, through the whole pipeline
// but the network. It fails where half of them take longer than the project's goal allows.
func BenchmarkComposite(b *testing.B) {
	s := newServer(b)
	s.crowd(b)
	q := func(number int) string {
		return "/query?q=" + url.QueryEscape(fmt.Sprintf(
			"SELECT Id, Account.Name, (SELECT Id, Quantity FROM OrderItemSummaries) FROM OrderSummary WHERE OrderNumber = 'B%d'", number))
	}
	for _, bench := range []struct {
		name  string
		lines func(n int) []string
	}{
		{"ten reads", func(n int) []string {
			var lines []string
			for i := range 5 {
				lines = append(lines, fmt.Sprintf("GET %s q%d", q((n+i)%benchOrders), i),
					fmt.Sprintf("GET /sobjects/OrderSummary/@{q%d.records[0].Id} r%d", i, i))
			}
			return lines
		}},
		{"reads and writes", func(n int) []string {
			return []string{
				"GET " + q(n%benchOrders) + " q",
				`PATCH /sobjects/OrderSummary/@{q.records[0].Id} p1 {"Status":"On Hold"}`,
				`GET /sobjects/OrderSummary/@{q.records[0].Id}?fields=Status,AccountId r`,
				`PATCH /sobjects/Account/@{r.AccountId} p2 {"Phone":"110"}`,
				`POST /sobjects/Contact c {"LastName":"New","AccountId":"@{r.AccountId}"}`,
				`PATCH /sobjects/Contact/@{c.id} p3 {"FirstName":"Erika"}`,
				`GET /sobjects/OrderSummary/@{q.records[0].Id}/OrderItemSummaries i`,
				`POST /composite/sobjects m {"records":[{"attributes":{"type":"Contact"},"LastName":"a"},{"attributes":{"type":"Contact"},"LastName":"b"}]}`,
				`DELETE /sobjects/Contact/@{c.id} d`,
				"GET " + q(n%benchOrders) + " again",
			}
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var times []time.Duration
			for n := 0; b.Loop(); n++ {
				body := `{"allOrNone":true,"compositeRequest":[` + subs(bench.lines(n)...) + `]}`
				start := time.Now()
				w := s.do("POST", base+"/composite", body)
				times = append(times, time.Since(start))
				if w.Code != http.StatusOK || n == 0 && slices.ContainsFunc(s.parts(w), func(p part) bool { return p.HTTPStatusCode >= 300 }) {
					b.Fatalf("%d %.2000s", w.Code, w.Body)
				}
			}
			slices.Sort(times)
			median := times[len(times)/2]
			b.ReportMetric(float64(median.Microseconds()), "p50-µs")
			if len(times) > 50 && median > benchGoal {
				b.Errorf("half of the composites take longer than %s, the goal is %s", median, benchGoal)
			}
		})
	}
}

// crowd imports orders of three items each.
func (s *server) crowd(b *testing.B) {
	b.Helper()
	world, _ := s.worlds.Get("default")
	product := "01t5i0000000001AAA"
	for from := 0; from < benchOrders; from += 1000 {
		err := world.Update(func(tx *sandbox.Tx) error {
			for n := from; n < from+1000; n++ {
				var items []som.NewItem
				for i := range 3 {
					items = append(items, som.NewItem{ProductID: product, Quantity: decimal.NewFromInt(int64(i + 1)), UnitPrice: decimal.NewFromInt(50)})
				}
				_, err := s.domain.ImportOrder(tx, som.NewOrder{
					OrderNumber: fmt.Sprint("B", n), AccountID: accountID, DeliveryGroups: []som.NewDeliveryGroup{{Name: "Erika", Items: items}},
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

package history

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/mapping"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/window"
)

// shop is a commerce with the orders of one customer, in any order, and an order management that has those that were
// exported. It counts what it is asked.
type shop struct {
	orders         []b2cclient.Order
	absent         map[string]bool
	commerce, asks int
	fulfilled      map[string]bool
}

func (s *shop) Order(_ context.Context, _ b2cclient.Shop, _ b2cclient.Caller, no string) (b2cclient.Document, error) {
	s.commerce++
	for _, o := range s.orders {
		if o.OrderNo == no {
			return b2cclient.Document{Order: o}, nil
		}
	}
	return b2cclient.Document{}, fmt.Errorf("no order %s", no)
}

// CustomerOrders answers as OCAPI does: newest first, bounds included.
func (s *shop) CustomerOrders(_ context.Context, at b2cclient.Shop, _ b2cclient.Caller, _ string, q url.Values) (b2cclient.OrderList, error) {
	s.commerce++
	var found []b2cclient.Document
	sorted := slices.Clone(s.orders)
	slices.SortStableFunc(sorted, func(a, b b2cclient.Order) int { return b.CreationDate.Compare(a.CreationDate) })
	for _, o := range sorted {
		from, _ := time.Parse(time.RFC3339, q.Get("from"))
		until, err := time.Parse(time.RFC3339, q.Get("until"))
		if o.CreationDate.Before(from) || err == nil && o.CreationDate.After(until) || q.Get("cross_sites") == "" && o.SiteID != at.Site {
			continue
		}
		found = append(found, b2cclient.Document{Order: o})
	}
	start, _ := strconv.Atoi(q.Get("start"))
	count, _ := strconv.Atoi(q.Get("count"))
	start = min(start, len(found))
	page := found[start:min(start+count, len(found))]
	return b2cclient.OrderList{Data: page, Start: start, Count: len(page), Total: len(found)}, nil
}

func (s *shop) Orders(_ context.Context, numbers []string) (somclient.Page, error) {
	if len(numbers) == 0 {
		return somclient.Page{}, nil
	}
	s.asks++
	page := somclient.Page{DeliveryMethods: map[string]string{}}
	for _, no := range numbers {
		if s.absent[no] {
			continue
		}
		o := somclient.OrderSummary{ID: "1Os" + no, OrderNumber: no}
		item := somclient.OrderItemSummary{ID: "10u" + no, TypeCode: somclient.TypeCodeProduct, QuantityOrdered: decimal.New(1, 0)}
		if s.fulfilled[no] {
			item.QuantityFulfilled = decimal.New(1, 0)
		}
		o.Items.Records = []somclient.OrderItemSummary{item}
		page.Orders = append(page.Orders, o)
	}
	return page, nil
}

type noon struct{}

func (noon) Now(context.Context) time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }

// unbounded decides nothing.
type unbounded struct{}

func (unbounded) Recall(context.Context, []string, time.Time) (window.Recalled, error) {
	return nil, nil
}

func (unbounded) DecideBy(context.Context, window.Recalled, []window.Order, time.Time) (map[string]returnby.Decision, error) {
	return map[string]returnby.Decision{}, nil
}

func (unbounded) Explain(context.Context, window.Order, time.Time) (window.Explanation, error) {
	return window.Explanation{}, nil
}

func historyOf(s *shop) *History {
	return &History{
		Commerce: s, SOM: s, Clock: noon{}, Windows: unbounded{}, Offered: []orderops.Action{orderops.ActionCancel}, Log: slog.New(slog.DiscardHandler),
		Mapping: &mapping.Table{},
	}
}

const here = "RefArch"

func placed(no string, minute int) b2cclient.Order {
	return b2cclient.Order{
		OrderNo: no, Status: "new", SiteID: here, ChannelType: "storefront", CreationDate: noon{}.Now(context.Background()).Add(time.Duration(minute) * time.Minute),
	}
}

// walk follows the cursors to the end; between runs between two pages.
func walk(t fataler, h *History, q Query, between func()) (pages [][]string) {
	t.Helper()
	for {
		list, err := h.List(context.Background(), b2cclient.Shop{Site: here}, b2cclient.Caller{}, "c", q)
		if err != nil {
			t.Fatal(err)
		}
		var page []string
		for _, e := range list.Entries {
			page = append(page, e.Document.Order.OrderNo)
		}
		if pages = append(pages, page); list.Next == "" || len(pages) > 500 {
			return pages
		}
		q.Cursor = list.Next
		between()
	}
}

type fataler interface {
	Helper()
	Fatal(args ...any)
}

func TestPagesOfHistory(t *testing.T) {
	t.Parallel()
	s := &shop{fulfilled: map[string]bool{"2": true, "4": true}, absent: map[string]bool{"7": true}}
	for i := range 7 {
		s.orders = append(s.orders, placed(strconv.Itoa(i+1), i))
	}
	s.orders[0].ChannelType, s.orders[4].ChannelType = "callcenter", "callcenter"
	s.orders[1].SiteID, s.orders[2].SiteID = "Outlet", "Global"
	s.orders[3].Status, s.orders[3].CurrentOrderNo = "replaced", "6"
	s.orders[2].CurrentOrderNo = "4"
	minute := func(n int) time.Time { return placed("", n).CreationDate }
	cases := []struct {
		name  string
		query Query
		want  string
	}{
		{"newest first, replaced ones folded", Query{Limit: 10}, "7 6 5 1"},
		{"two at a time", Query{Limit: 2}, "7 6|5|1"},
		{"with those that were replaced", Query{Limit: 2, Replaced: true}, "7 6|5 4|1"},
		{"those that were replaced alone", Query{Limit: 10, Sites: []string{AllSites}, Statuses: []orderops.Status{orderops.StatusReplaced}}, "4 3"},
		{"by status", Query{Limit: 1, Sites: []string{AllSites}, Statuses: []orderops.Status{orderops.StatusShipped}}, "2"},
		{"by several statuses", Query{Limit: 2, Statuses: []orderops.Status{orderops.StatusConfirmed, orderops.StatusShipped}}, "7 6|5 1"},
		{"by channel", Query{Limit: 10, Channels: []string{"callcenter"}}, "5 1"},
		{"of all sites", Query{Limit: 10, Sites: []string{AllSites}}, "7 6 5 2 1"},
		{"of another site", Query{Limit: 10, Sites: []string{"Outlet"}}, "2"},
		{"by date, both ends included", Query{Limit: 10, From: minute(4), Until: minute(5)}, "6 5"},
		{"until an end, in pages", Query{Limit: 1, Until: minute(5)}, "6|5||1"},
		{"nothing", Query{Limit: 10, Channels: []string{"marketplace"}}, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			mine := *s
			var got []string
			for _, page := range walk(t, historyOf(&mine), tc.query, func() {}) {
				got = append(got, strings.Join(page, " "))
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, "|")); diff != "" {
				t.Errorf("pages (-want +got):\n%s", diff)
			}
			if mine.commerce != len(got) || mine.asks > len(got) {
				t.Errorf("%d calls to commerce and %d to order management for %d pages", mine.commerce, mine.asks, len(got))
			}
		})
	}
}

// The chain is told by its newest order, and an order that only commerce has is marked.
func TestWhatAnEntryOfHistoryTells(t *testing.T) {
	t.Parallel()
	s := &shop{absent: map[string]bool{"4": true}, orders: []b2cclient.Order{placed("1", 1), placed("2", 2), placed("3", 3), placed("4", 4)}}
	s.orders[0].CurrentOrderNo, s.orders[0].Status = "2", "replaced"
	s.orders[1].CurrentOrderNo, s.orders[1].Status = "3", "cancelled" // modified: order-ops linked both
	s.orders[2].ModifiesOrderNo = "2"
	h := historyOf(s)
	list, err := h.List(t.Context(), b2cclient.Shop{Site: here}, b2cclient.Caller{}, "c", Query{Limit: 10})
	if err != nil || len(list.Entries) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	waiting, newest := list.Entries[0], list.Entries[1]
	if waiting.Source != FromCommerce || waiting.SOMOrder != nil || waiting.SOMError != nil || newest.Source != FromSOM {
		t.Errorf("sources %s and %s", waiting.Source, newest.Source)
	}
	if diff := cmp.Diff([]string{"2", "1"}, newest.Replaces); diff != "" {
		t.Errorf("replaces (-want +got):\n%s", diff)
	}
	old, err := h.Order(t.Context(), b2cclient.Shop{Site: here}, b2cclient.Caller{}, "1")
	if err != nil || old.CurrentOrderNo != "3" || old.Status != orderops.StatusReplaced || len(old.SOMOrder.AllowedActions) != 0 {
		t.Errorf("the first order is %s, now %s, %v", old.Status, old.CurrentOrderNo, err)
	}
}

func TestCursorsThatNoPageGave(t *testing.T) {
	t.Parallel()
	s := &shop{orders: []b2cclient.Order{placed("1", 1), placed("2", 2)}}
	h := historyOf(s)
	first, err := h.List(t.Context(), b2cclient.Shop{Site: here}, b2cclient.Caller{}, "c", Query{Limit: 1})
	if err != nil || first.Next == "" {
		t.Fatal(first, err)
	}
	for name, q := range map[string]Query{
		"no base64": {Limit: 1, Cursor: "§"}, "no JSON": {Limit: 1, Cursor: "AAAA"}, "empty": {Limit: 1, Cursor: "e30"},
		"other filters": {Limit: 1, Cursor: first.Next, Channels: []string{"storefront"}},
	} {
		_, err := h.List(t.Context(), b2cclient.Shop{Site: here}, b2cclient.Caller{}, "c", q)
		if refusal, ok := orderops.AsRefusal(err); !ok || refusal.Code != orderops.InvalidRequest {
			t.Errorf("%s: %v", name, err)
		}
	}
	if other, err := h.List(t.Context(), b2cclient.Shop{Site: here}, b2cclient.Caller{}, "c", Query{Limit: 50, Cursor: first.Next}); err != nil || len(other.Entries) != 1 {
		t.Errorf("another limit: %+v, %v", other, err)
	}
}

// Whatever is placed while somebody turns the pages, each order that was there at first is on one page, in order, and
// none is on two.
func TestPagesAreStableUnderInsertions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := &shop{absent: map[string]bool{}}
		next, last := 0, 0
		place := func(minute int) {
			next++
			s.orders = append(s.orders, placed(strconv.Itoa(next), minute))
		}
		for range rapid.IntRange(0, 120).Draw(r, "orders") {
			last += rapid.IntRange(0, 2).Draw(r, "later") // several at the same instant
			place(last)
		}
		before, _ := s.CustomerOrders(t.Context(), b2cclient.Shop{Site: here}, b2cclient.Caller{}, "c", url.Values{"count": {"1000"}})
		var want, got []string
		for _, d := range before.Data {
			want = append(want, d.Order.OrderNo)
		}
		for _, page := range walk(r, historyOf(s), Query{Limit: rapid.IntRange(1, 50).Draw(r, "limit")}, func() {
			last++
			for range rapid.IntRange(0, 3).Draw(r, "placed") {
				place(last)
			}
		}) {
			got = append(got, page...)
		}
		if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
			r.Fatalf("pages (-there at first +shown):\n%s", diff)
		}
	})
}

// In a storefront replaced orders are folded too, unless it asks for statuses.
func TestStorefrontPagesFoldWhatWasReplaced(t *testing.T) {
	t.Parallel()
	s := &shop{orders: []b2cclient.Order{placed("1", 1), placed("2", 2)}}
	s.orders[0].CurrentOrderNo, s.orders[0].Status = "2", "cancelled"
	for status, want := range map[string]int{"": 1, "cancelled,new": 2} {
		page, err := historyOf(s).Orders(t.Context(), b2cclient.Shop{Site: here}, b2cclient.Caller{}, "c", url.Values{"status": {status}, "count": {"10"}})
		if err != nil || len(page.Entries) != want {
			t.Errorf("status %q shows %d orders, %v, want %d", status, len(page.Entries), err, want)
		}
	}
}

package history

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// Query selects orders of a customer. What is left out selects all.
type Query struct {
	// Limit is how many orders a page has at most.
	Limit int
	// Cursor is the one that the page before gave; empty for the first page.
	Cursor   string
	Statuses []orderops.Status
	// From and Until bound when orders were placed, both included.
	From, Until time.Time
	// Sites are those that orders were placed on; empty for the one that is asked, AllSites for all.
	Sites []string
	// Channels are commerce's channel types, such as storefront or callcenter.
	Channels []string
	// Replaced shows orders that were replaced too, which are folded into their successors otherwise.
	Replaced bool
}

// AllSites as the only site of a query stands for every site of the customer.
const AllSites = "all"

// List is a page of a customer's orders, newest first.
type List struct {
	Entries []Entry
	// Next is the cursor of the page that follows; empty after the last.
	Next string
}

// MaxLimit is the most orders of a page: what one call to order management brings.
const MaxLimit = somclient.MaxOrders

// List shows a page of a customer's orders to a caller: one call to commerce and one to order management. Where something
// is filtered by what only order management knows a page may hold fewer orders than its limit, even none; Next tells
// whether there are more. A page does not depend on what was placed since the page before: the cursor says after which
// order it begins.
func (h *History) List(ctx context.Context, shop b2cclient.Shop, caller b2cclient.Caller, customerID string, q Query) (List, error) {
	from, err := q.cursor()
	if err != nil {
		return List{}, err
	}
	list, err := h.Commerce.CustomerOrders(ctx, shop, caller, customerID, q.commerce(from))
	if err != nil {
		return List{}, err
	}
	fresh := slices.DeleteFunc(slices.Clone(list.Data), from.before)
	more := list.Start+len(list.Data) < list.Total
	if len(fresh) > q.scanned() {
		fresh, more = fresh[:q.scanned()], true
	}
	chains := chainsOf(fresh)
	wanted := slices.DeleteFunc(slices.Clone(fresh), func(d b2cclient.Document) bool { return !q.selects(d.Order) })
	entries := h.Enrich(ctx, wanted)
	for i := range entries {
		entries[i].Replaces = chains[entries[i].Document.Order.OrderNo]
	}
	entries = slices.DeleteFunc(entries, func(e Entry) bool { return len(q.Statuses) > 0 && !slices.Contains(q.Statuses, e.Status) })
	return q.cut(from, fresh, entries, more), nil
}

// commerce is the part of the query that commerce can answer.
func (q Query) commerce(from cursor) url.Values {
	// Those of the cursor's instant are skipped by number, and told by name if some were placed since within the same one.
	values := url.Values{"start": {strconv.Itoa(from.Skip)}, "count": {strconv.Itoa(q.scanned() + spare)}}
	until := q.Until
	if !from.At.IsZero() && (until.IsZero() || from.At.Before(until)) {
		until = from.At.Add(time.Millisecond) // documents tell milliseconds, commerce may know more
	}
	if !until.IsZero() {
		values.Set("until", until.UTC().Format(commerceForm))
	}
	if !q.From.IsZero() {
		values.Set("from", q.From.UTC().Format(commerceForm))
	}
	if len(q.Sites) > 0 {
		values.Set("cross_sites", "true")
	}
	return values
}

// spare is how many orders are asked for beyond those of a page, in the place of some that were there before.
const spare = 5

// commerceForm is how commerce reads instants.
const commerceForm = "2006-01-02T15:04:05.000Z"

// scanned is how many orders are looked at for a page: as many as it has, or as one call brings where some may not match.
func (q Query) scanned() int {
	if len(q.Statuses) > 0 || len(q.Sites) > 0 || len(q.Channels) > 0 {
		return MaxLimit
	}
	return q.Limit
}

// selects says what the commerce document alone can tell.
func (q Query) selects(o b2cclient.Order) bool {
	switch {
	case replaced(o) && !q.Replaced && !slices.Contains(q.Statuses, orderops.StatusReplaced):
		return false
	case len(q.Sites) > 0 && !slices.Contains(q.Sites, AllSites) && !slices.Contains(q.Sites, o.SiteID):
		return false
	case len(q.Channels) > 0 && !slices.Contains(q.Channels, o.ChannelType):
		return false
	}
	return true
}

// replaced says that another order has taken an order's place, in commerce or by a modification.
func replaced(o b2cclient.Order) bool {
	return o.Status == b2cclient.StatusReplaced || o.CurrentOrderNo != ""
}

// chainsOf are the orders that each of the others has taken the place of, newest first, as far as the documents tell.
func chainsOf(docs []b2cclient.Document) map[string][]string {
	newest := map[string]string{}
	for _, d := range docs {
		if by := d.Order.CurrentOrderNo; by != "" {
			newest[d.Order.OrderNo] = by
		} else if old := d.Order.ModifiesOrderNo; old != "" {
			newest[old] = d.Order.OrderNo
		}
	}
	chains := map[string][]string{}
	for _, d := range docs {
		no := d.Order.OrderNo
		for range len(docs) { // a chain is no longer than that
			by, more := newest[no]
			if !more {
				break
			}
			no = by
		}
		if no != d.Order.OrderNo {
			chains[no] = append(chains[no], d.Order.OrderNo)
		}
	}
	return chains
}

// cut takes a page out of what was looked at. Orders behind the last of the page are looked at again for the next one.
func (q Query) cut(from cursor, looked []b2cclient.Document, entries []Entry, more bool) List {
	out := List{Entries: entries}
	last := len(looked)
	if len(entries) > q.Limit {
		out.Entries, more = entries[:q.Limit], true
		no := out.Entries[q.Limit-1].Document.Order.OrderNo
		last = 1 + slices.IndexFunc(looked, func(d b2cclient.Document) bool { return d.Order.OrderNo == no })
	}
	if more && last > 0 {
		out.Next = from.after(looked[:last], q.fingerprint()).String()
	}
	return out
}

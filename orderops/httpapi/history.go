package httpapi

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/history"
)

// orderList is a page of orders. NextCursor is null after the last page.
type orderList struct {
	Orders     []order `json:"orders"`
	Limit      int     `json:"limit"`
	NextCursor *string `json:"next_cursor"`
}

// defaultLimit is the size of a page when the caller names none.
const defaultLimit = 10

func (a *API) listOrders(ctx context.Context, r *http.Request) (answer, error) {
	caller := a.Gate.Caller(r)
	customer, err := caller.Customer(r.URL.Query().Get("customer_id"))
	if err != nil {
		return answer{}, err
	}
	q, err := queryOf(r.URL.Query())
	if err != nil {
		return answer{}, err
	}
	page, err := a.Desk.List(ctx, a.shop(r), caller, customer, q)
	if err != nil {
		return answer{}, err
	}
	list := orderList{Orders: []order{}, Limit: q.Limit}
	if page.Next != "" {
		list.NextCursor = &page.Next
	}
	for _, e := range page.Entries {
		list.Orders = append(list.Orders, orderOf(e))
	}
	return answer{Status: http.StatusOK, Body: list}, nil
}

// queryOf reads what a page is asked for.
func queryOf(in url.Values) (q history.Query, err error) {
	if q.Limit, err = limitOf(in.Get("limit")); err != nil {
		return q, err
	}
	for _, word := range words(in, "status") {
		if !slices.Contains(orderops.Statuses(), orderops.Status(word)) {
			return q, orderops.Refuse(orderops.InvalidRequest, "status %q is none of %v", word, orderops.Statuses())
		}
		q.Statuses = append(q.Statuses, orderops.Status(word))
	}
	if q.From, err = instantOf(in, "from"); err != nil {
		return q, err
	}
	if q.Until, err = instantOf(in, "until"); err != nil {
		return q, err
	}
	if !q.From.IsZero() && !q.Until.IsZero() && q.From.After(q.Until) {
		return q, orderops.Refuse(orderops.InvalidRequest, "from is after until")
	}
	switch shown := in.Get("replaced"); shown {
	case "", "fold", "show":
		q.Replaced = shown == "show"
	default:
		return q, orderops.Refuse(orderops.InvalidRequest, "replaced %q is neither fold nor show", shown)
	}
	q.Cursor, q.Sites, q.Channels = in.Get("cursor"), words(in, "order_site"), words(in, "channel")
	return q, nil
}

func limitOf(text string) (int, error) {
	if text == "" {
		return defaultLimit, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > history.MaxLimit {
		return 0, orderops.Refuse(orderops.InvalidRequest, "limit must be a whole number from 1 to %d", history.MaxLimit)
	}
	return n, nil
}

// words are the values of a parameter, separated by commas or repeated.
func words(in url.Values, name string) []string {
	var list []string
	for _, value := range in[name] {
		for _, word := range strings.Split(value, ",") {
			if word = strings.TrimSpace(word); word != "" {
				list = append(list, word)
			}
		}
	}
	return list
}

func instantOf(in url.Values, name string) (time.Time, error) {
	text := in.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, orderops.Refuse(orderops.InvalidRequest, "%s %q is not an instant like 2026-03-01T15:00:00Z", name, text)
	}
	return t, nil
}

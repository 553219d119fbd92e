package ocapi

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// defaultCount is the size of a page when the caller names none.
const defaultCount = 10

type customerOrdersInput struct {
	Site       string `path:"site"`
	Version    string `path:"version"`
	CustomerID string `path:"customer_id"`
	Expand     string `query:"expand"`
	Start      int    `query:"start"`
	Count      int    `query:"count"`
	From       string `query:"from"`
	Until      string `query:"until"`
	Status     string `query:"status"`
	CrossSites bool   `query:"cross_sites"`
}

type customerOrderResult struct {
	Version  string          `json:"_v"`
	Type     string          `json:"_type"`
	Count    int             `json:"count"`
	Data     []renderedOrder `json:"data"`
	Next     string          `json:"next,omitempty"`
	Previous string          `json:"previous,omitempty"`
	Start    int             `json:"start"`
	Total    int             `json:"total"`
}

// AnswerBody writes the page as json.Marshal would, without going over each document, which is JSON already.
func (r customerOrderResult) AnswerBody() ([]byte, error) {
	whole := r
	whole.Data = []renderedOrder{}
	text, err := jsonv1.Marshal(whole)
	if err != nil || len(r.Data) == 0 {
		return text, err
	}
	head, tail, _ := bytes.Cut(text, []byte(`"data":[`)) // no other member can hold that: quotation marks are escaped in them
	size := len(text)
	for _, doc := range r.Data {
		size += len(doc.RawMessage) + 1
	}
	out := append(make([]byte, 0, size+len(`"data":[`)), head...)
	out = append(out, `"data":[`...)
	for i, doc := range r.Data {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, doc.RawMessage...)
	}
	return append(out, tail...), nil
}

func (a *API) getCustomerOrders(c *binding.Call, in customerOrdersInput) (customerOrderResult, error) {
	if err := mayExpand(in.Expand); err != nil {
		return customerOrderResult{}, err
	}
	filter, err := in.filter()
	if err != nil {
		return customerOrderResult{}, err
	}
	r := reader(c, in.Site)
	if in.CrossSites {
		r.SiteID = ""
	}
	orders, err := a.domain.CustomerOrders(c.Tx, r, in.CustomerID, filter)
	if err != nil {
		return customerOrderResult{}, err
	}
	return a.page(c, in, orders)
}

func (in customerOrdersInput) filter() (b2c.OrderFilter, error) {
	var f b2c.OrderFilter
	var err error
	if f.From, err = parseInstant("from", in.From); err != nil {
		return f, err
	}
	if f.Until, err = parseInstant("until", in.Until); err != nil {
		return f, err
	}
	if !f.From.IsZero() && !f.Until.IsZero() && f.From.After(f.Until) {
		return f, Refuse("b2c.orders.period", "StartAfterEnd",
			fmt.Sprintf("The period starts at '%s', after its end '%s'.", in.From, in.Until), "start", in.From, "end", in.Until)
	}
	for _, name := range strings.FieldsFunc(in.Status, func(r rune) bool { return r == ',' }) {
		status := b2c.Status(strings.TrimSpace(name))
		if !slices.Contains(b2c.Statuses(), status) {
			return f, &fault{
				status: http.StatusBadRequest, name: "InvalidOrderStatus", rule: "b2c.orders.status-filter",
				message: fmt.Sprintf("The order status '%s' is invalid.", status), arguments: map[string]string{"status": string(status)},
			}
		}
		f.Statuses = append(f.Statuses, status)
	}
	return f, nil
}

// parseInstant reads ISO 8601 as the API writes it, with or without seconds.
func parseInstant(parameter, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &fault{
		status: http.StatusBadRequest, name: "MalformedParameter", rule: "b2c.orders.instant",
		message:   fmt.Sprintf("The value '%s' of parameter '%s' is no instant.", text, parameter),
		arguments: map[string]string{"parameter": parameter, "value": text},
	}
}

func (a *API) page(c *binding.Call, in customerOrdersInput, orders []*b2c.Order) (customerOrderResult, error) {
	size := in.Count
	if size == 0 {
		size = defaultCount
	}
	from := min(in.Start, len(orders))
	to := min(from+size, len(orders))
	result := customerOrderResult{
		Version: documentVersion(in.Version), Type: "customer_order_result", Count: to - from, Start: in.Start, Total: len(orders),
		Data: []renderedOrder{},
	}
	for _, o := range orders[from:to] {
		doc, err := a.render(in.Version, *o)
		if err != nil {
			return customerOrderResult{}, err
		}
		result.Data = append(result.Data, doc)
	}
	if to < len(orders) {
		result.Next = pageURL(c, to, size)
	}
	if from > 0 {
		result.Previous = pageURL(c, max(0, from-size), size)
	}
	return result, nil
}

// pageURL is the URL of another page of the same list.
func pageURL(c *binding.Call, start, count int) string {
	q := url.Values{}
	for name, values := range c.Request.HTTP().URL.Query() {
		if name != "client_id" {
			q[name] = values
		}
	}
	q.Set("start", strconv.Itoa(start))
	q.Set("count", strconv.Itoa(count))
	return c.BaseURL() + (&url.URL{Path: c.Request.Path}).EscapedPath() + "?" + q.Encode()
}

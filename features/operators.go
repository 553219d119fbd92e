package features

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// operators are the people who run order-ops. They see what waits for a person.
type operators struct {
	wire
	base, token, sandbox string
	// before are the items that waited when the scenario began, which are none of its business.
	before map[int64]bool
}

// workItem is something that order-ops could not settle by itself and handed to a person.
type workItem struct {
	OrderNo string `json:"order_no"`
	Entity  string `json:"entity"`
	Reason  string `json:"reason"`
	ID      int64  `json:"id"`
	// Amount is what is at stake; null when it is not money.
	Amount *decimal.Decimal `json:"amount"`
}

// system is the system that the item is about.
func (i workItem) system() string {
	system, _, _ := strings.Cut(i.Entity, ":")
	return system
}

// about is what the item is about, in the words that effects have.
func (i workItem) about() string {
	parts := strings.SplitN(i.Entity, ":", 3)
	if len(parts) < 2 {
		return i.Entity
	}
	if i.system() == "som" && parts[1] == "fulfillmentOrder" {
		parts[1] = "reallocate"
	}
	return effect{System: parts[0], Action: parts[1]}.name()
}

// whole says that the item is about the outcome of the whole request, not about one of its effects.
func (i workItem) whole() bool {
	return strings.HasPrefix(i.Entity, "som:orderSummary:") || strings.HasPrefix(i.Entity, "order-ops:operation:")
}

// open lists what waits for a person in the scenario's sandbox. An order-ops without a listener for operators has nobody
// to wait for.
func (o *operators) open(ctx context.Context) ([]workItem, error) {
	if o.base == "" {
		return nil, nil
	}
	header := map[string]string{}
	if o.token != "" {
		header["Authorization"] = "Bearer " + o.token
	}
	var page struct {
		Items []workItem `json:"work_items"`
	}
	query := url.Values{"sandbox": {o.sandbox}, "state": {"needs_attention"}, "limit": {"500"}}
	err := o.call(ctx, request{http.MethodGet, o.base + "/operator/v1/work-items?" + query.Encode(), header, nil}, &page)
	return slices.DeleteFunc(page.Items, func(i workItem) bool { return o.before[i.ID] }), err
}

// explainReturns reads why each line of an order can or cannot be returned.
func (o *operators) explainReturns(ctx context.Context, orderNo string) ([]explanation, error) {
	header := map[string]string{}
	if o.token != "" {
		header["Authorization"] = "Bearer " + o.token
	}
	var answer struct {
		Lines []explanation `json:"lines"`
	}
	path := o.base + "/operator/v1/orders/" + url.PathEscape(orderNo) + "/return-policy?" + url.Values{"sandbox": {o.sandbox}}.Encode()
	err := o.call(ctx, request{http.MethodGet, path, header, nil}, &answer)
	return answer.Lines, err
}

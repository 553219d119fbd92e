package history

import (
	"context"
	"fmt"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/window"
)

// notYetPause is the wait announced when order management cannot tell yet.
const notYetPause = 30 * time.Second

// ExplainReturns tells a caller why each line of an order may or may not be given back. The error is a refusal, commerce's
// own or order management's: without the latter there is nothing to tell.
func (h *History) ExplainReturns(ctx context.Context, shop b2cclient.Shop, caller b2cclient.Caller, orderNo string) (window.Explanation, error) {
	doc, err := h.Commerce.Order(ctx, shop, caller, orderNo)
	if err != nil {
		return window.Explanation{}, err
	}
	site := doc.Order.SiteID
	if site == "" {
		site = shop.Site
	}
	explanation, found, err := h.ExplainReturnsOf(ctx, site, doc.Order.OrderNo)
	if err == nil && !found {
		err = orderops.RefuseFor(notYetPause, orderops.OrderNotYetInOMS, "")
	}
	return explanation, err
}

// ExplainReturnsOf tells the same without a caller, for operators, and whether order management has the order.
func (h *History) ExplainReturnsOf(ctx context.Context, site, orderNo string) (window.Explanation, bool, error) {
	page, err := h.SOM.Orders(ctx, []string{orderNo})
	if err != nil {
		return window.Explanation{}, false, err
	}
	if failed := page.Failure(somclient.PartOrders); failed != nil {
		return window.Explanation{}, false, orderops.RefuseFor(notYetPause, orderops.OMSUnavailable, "order management answered %s", failed.Code)
	}
	summary, found := page.Find(orderNo)
	if !found {
		return window.Explanation{}, false, nil
	}
	explanation, err := h.Windows.Explain(ctx, window.Order{Site: site, Summary: summary, Methods: page.DeliveryMethods}, h.Clock.Now(ctx))
	if err != nil {
		return window.Explanation{}, true, fmt.Errorf("explain returns of order %s: %w", orderNo, err)
	}
	return explanation, true, nil
}

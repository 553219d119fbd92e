package features

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (w *world) historySteps() []step {
	return []step{
		{given, `^"([^"]+)" is logged in(?: on the site "([^"]+)")?$`, w.loggedInAs},
		{when, `^the (?:shopper|agent) opens the order history( in the storefront)?(?:, of the orders that ` + oneOf("filter", filters("")) + `)?(?:, (\d+) orders to a page)?$`, w.openHistory},
		{when, `^the shopper turns all pages$`, w.turnAll},
		{then, `^the history shows (?:that order|the orders? "([^"]+)")(, and no other)?$`, w.historyShows},
		{then, `^the history does not show (?:that order|the order "([^"]+)")$`, w.historyHides},
		{then, `^the history shows (?:no order|every order once, (\d+) in all)$`, w.historyComplete},
		{then, `^the history says that "([^"]+)" took the place of "([^"]+)"$`, w.historyFolds},
		{then, `^the history shows "([^"]+)" as not yet in order management, with its goods$`, w.historyMarks},
		{then, `^the shop was asked one question and order management one$`, w.oneQuestionEach},
		{given, `^searches in the shop are (\d+) minutes behind and miss "([^"]+)"$`, w.searchesBehind},
	}
}

// shownPage is a page of the app's history.
type shownPage struct {
	Orders []shownEntry `json:"orders"`
	Next   string       `json:"next_cursor"`
}

type shownEntry struct {
	OrderNo  string     `json:"order_no"`
	Status   string     `json:"status"`
	Source   string     `json:"source"`
	Allowed  []string   `json:"allowed_actions"`
	Replaces []string   `json:"replaces"`
	Current  string     `json:"current_order_no"`
	Lines    []struct{} `json:"commerce_items"`
}

func (w *world) loggedInAs(ctx context.Context, name, site string) error {
	if site != "" {
		w.shopper.site = site
	}
	return errors.Join(w.shopper.logIn(ctx, name), w.lookFromNow(ctx))
}

// lookFromNow has later steps look at what happens from now on.
func (w *world) lookFromNow(ctx context.Context) error {
	whole, err := w.control.journal(ctx, w.mark)
	w.mark = max(w.mark, whole.last())
	return err
}

// openHistory opens the first page. A storefront's list is opened whole: it knows neither filters nor small pages.
func (w *world) openHistory(ctx context.Context, storefront, filter, size string) error {
	if storefront != "" {
		if filter != "" || size != "" {
			return errors.New("the history in the storefront is opened whole: only the app asks for some orders, or for so many to a page")
		}
		return w.openStorefrontHistory(ctx)
	}
	now, err := w.control.now(ctx)
	if err != nil {
		return err
	}
	query := url.Values{"limit": {cmp.Or(size, "50")}}
	for name, values := range filters(now.Add(-24 * time.Hour).Format(time.RFC3339))[filter] {
		query[name] = values
	}
	return w.openFirst(ctx, query)
}

// filters are what a shopper may ask for, in words; a day ago is the time, in RFC 3339.
func filters(dayAgo string) map[string]url.Values {
	return map[string]url.Values{
		"were cancelled":                      {"status": {"cancelled"}},
		"were delivered or have shipped":      {"status": {"delivered,shipped"}},
		"were replaced":                       {"status": {"replaced"}},
		"were placed through the storefront":  {"channel": {"storefront"}},
		"were placed through the call center": {"channel": {"callcenter"}},
		"were placed since yesterday":         {"from": {dayAgo}},
		"were placed until yesterday":         {"until": {dayAgo}},
		"were placed on any site":             {"order_site": {"all"}},
		"were placed in the outlet":           {"order_site": {"RefArchOutlet"}},
	}
}

// openFirst opens the first page.
func (w *world) openFirst(ctx context.Context, query url.Values) error {
	w.pages, w.pageQuery = nil, query
	if err := w.lookFromNow(ctx); err != nil {
		return err
	}
	return w.turn(ctx)
}

func (w *world) turnAll(ctx context.Context) error {
	for w.pages[len(w.pages)-1].Next != "" {
		if err := w.turn(ctx); err != nil {
			return err
		}
	}
	return nil
}

// turn reads the page after the last one that was read.
func (w *world) turn(ctx context.Context) error {
	query := url.Values{"site": {w.shopper.site}}
	if w.served != "" {
		query.Set("customer_id", w.served)
	}
	for name, values := range w.pageQuery {
		query[name] = values
	}
	if len(w.pages) > 0 {
		query.Set("cursor", w.pages[len(w.pages)-1].Next)
	}
	var page shownPage
	path := w.shopper.orderOps + orderOpsPath + "/orders?" + query.Encode()
	err := w.shopper.callBy(ctx, app, request{http.MethodGet, path, w.shopper.header(), nil}, &page)
	w.pages = append(w.pages, page)
	return err
}

// openStorefrontHistory asks for the list that storefronts know, of which only the numbers are kept.
func (w *world) openStorefrontHistory(ctx context.Context) error {
	id := w.served
	if id == "" {
		own, err := w.shopper.customerID()
		if err != nil {
			return err
		}
		id = own
	}
	if err := w.lookFromNow(ctx); err != nil {
		return err
	}
	var list struct {
		Data []shownEntry `json:"data"`
	}
	path := w.shopper.orderOps + shopPath(w.shopper.site) + "/customers/" + url.PathEscape(id) + "/orders?count=50"
	err := w.shopper.callBy(ctx, storefront, request{http.MethodGet, path, w.shopper.header(), nil}, &list)
	w.pages = []shownPage{{Orders: list.Data}}
	return err
}

// shownOrders are the numbers of what was shown, on all pages.
func (w *world) shownOrders() []string {
	var numbers []string
	for _, p := range w.pages {
		for _, e := range p.Orders {
			numbers = append(numbers, e.OrderNo)
		}
	}
	return numbers
}

func (w *world) entry(orderNo string) (shownEntry, error) {
	for _, p := range w.pages {
		for _, e := range p.Orders {
			if e.OrderNo == orderNo {
				return e, nil
			}
		}
	}
	return shownEntry{}, fmt.Errorf("%s is not among %v", orderNo, w.shownOrders())
}

func (w *world) historyShows(_ context.Context, list, alone string) error {
	want := strings.Split(cmp.Or(list, w.orderNo), ", ")
	for _, no := range want {
		if _, err := w.entry(no); err != nil {
			return err
		}
	}
	if alone != "" && len(w.shownOrders()) != len(want) {
		return fmt.Errorf("%v are shown", w.shownOrders())
	}
	return nil
}

func (w *world) historyHides(_ context.Context, orderNo string) error {
	if slices.Contains(w.shownOrders(), cmp.Or(orderNo, w.orderNo)) {
		return fmt.Errorf("%v are shown", w.shownOrders())
	}
	return nil
}

// historyComplete is about how many orders there are, none without a number.
func (w *world) historyComplete(_ context.Context, number string) error {
	count, err := strconv.Atoi(cmp.Or(number, "0"))
	if err != nil {
		return err
	}
	numbers := w.shownOrders()
	once := slices.Clone(numbers)
	slices.Sort(once)
	if once = slices.Compact(once); len(once) != count || len(numbers) != count {
		return fmt.Errorf("%d orders are shown, %d of them different: %v", len(numbers), len(once), numbers)
	}
	return nil
}

func (w *world) historyFolds(_ context.Context, newest, old string) error {
	e, err := w.entry(newest)
	if err == nil && !slices.Contains(e.Replaces, old) {
		err = fmt.Errorf("%s is shown to have taken the place of %v", newest, e.Replaces)
	}
	return err
}

func (w *world) historyMarks(_ context.Context, orderNo string) error {
	e, err := w.entry(orderNo)
	if err == nil && (e.Source != "commerce" || len(e.Lines) == 0 || len(e.Allowed) > 0) {
		err = fmt.Errorf("it is shown as %+v", e)
	}
	return err
}

// The questions behind a page.
const (
	listShopOrders operation = "b2c.getCustomerOrders"
	askSummaries   operation = "som.composite"
)

func (w *world) oneQuestionEach(ctx context.Context) error {
	all, err := w.since(ctx)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(e exchange) bool { return strings.Contains(e.Path, "/oauth2/") }) // logins and their keys
	all = all.heard()
	shop, summaries := len(all.of(listShopOrders))+len(all.of(readShopOrder)), len(all.of(askSummaries))
	pages := max(1, len(w.pages))
	if shop != pages || summaries != pages || len(all) != 2*pages {
		return fmt.Errorf("the shop was asked %d questions and order management %d for %d pages:\n%s", shop, summaries, pages, all)
	}
	return nil
}

package scapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
)

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// whole reads a whole number of the query, which the specification has bounded.
func whole(c *binding.Call, name string, otherwise int) int {
	if n, err := strconv.Atoi(c.Request.Query(name)); err == nil {
		return n
	}
	return otherwise
}

// moment reads a time of the query.
func moment(c *binding.Call, name string) (time.Time, error) {
	text := c.Request.Query(name)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, ocapi.Refuse("b2c.scapi.instant", "BadRequest", fmt.Sprintf("The query parameter %s is no time: '%s'.", name, text), "parameterName", name)
	}
	return t, nil
}

// orderFilter reads which orders of a customer are asked for.
func orderFilter(c *binding.Call) (f b2c.OrderFilter, err error) {
	if f.From, err = moment(c, "from"); err != nil {
		return f, err
	}
	if f.Until, err = moment(c, "until"); err != nil {
		return f, err
	}
	for _, name := range strings.FieldsFunc(c.Request.Query("status"), func(r rune) bool { return r == ',' }) {
		f.Statuses = append(f.Statuses, b2c.Status(name))
	}
	return f, nil
}

// site is the reader of all orders of a site.
func site(c *binding.Call) b2c.Reader { return b2c.Reader{SiteID: c.Request.Query("siteId")} }

// getOrders searches the orders of a site.
func (a *API) getOrders(c *binding.Call) (*binding.Response, error) {
	wanted, err := search(c)
	if err != nil {
		return nil, err
	}
	if whole(c, "offset", 0)+whole(c, "limit", 100) > 10_000 {
		return nil, ocapi.Refuse("b2c.scapi.depth", "BadRequest", "offset and limit come to more than 10000.")
	}
	orders := a.domain.SearchOrders(c.Tx, site(c), wanted)
	byDate := func(o b2c.Order) time.Time { return o.CreationDate }
	if by := c.Request.Query("sortBy"); by == "last_modified" || by == "last_modified_date" {
		byDate = func(o b2c.Order) time.Time { return o.LastModified }
	}
	slices.SortStableFunc(orders, func(x, y b2c.Order) int { return byDate(x).Compare(byDate(y)) })
	if c.Request.Query("sortOrder") != "asc" {
		slices.Reverse(orders)
	}
	return a.page(c, orders, 100, a.adminDocument)
}

// maxStatuses is how many order statuses a search takes.
const maxStatuses = 2

// listOf are the values of a query parameter, separated by commas.
func listOf(c *binding.Call, name string) []string {
	return strings.FieldsFunc(c.Request.Query(name), func(r rune) bool { return r == ',' })
}

// adminStatus is a status in the words of this API, which has neither open nor replaced.
func adminStatus(s b2c.Status) b2c.Status {
	if s == b2c.Replaced {
		return b2c.Cancelled
	}
	return shownStatus(s)
}

// search reads which orders are asked for.
func search(c *binding.Call) (func(*b2c.Order) bool, error) {
	bounds := map[string]time.Time{}
	for _, name := range []string{"creationDateFrom", "creationDateTo", "lastModifiedDateFrom", "lastModifiedDateTo"} {
		t, err := moment(c, name)
		if err != nil {
			return nil, err
		}
		bounds[name] = t
	}
	within := func(t time.Time, name string) bool {
		from, to := bounds[name+"From"], bounds[name+"To"]
		return (from.IsZero() || !t.Before(from)) && (to.IsZero() || t.Before(to))
	}
	if len(listOf(c, "status")) > maxStatuses {
		return nil, ocapi.Refuse("b2c.scapi.statuses", "BadRequest", fmt.Sprintf("No more than %d statuses are searched for.", maxStatuses))
	}
	is := func(name, value string) bool {
		wanted := listOf(c, name)
		return len(wanted) == 0 || slices.Contains(wanted, value)
	}
	return func(o *b2c.Order) bool {
		return within(o.CreationDate, "creationDate") && within(o.LastModified, "lastModifiedDate") &&
			is("status", string(adminStatus(o.Status))) && is("confirmationStatus", string(o.ConfirmationStatus)) &&
			is("exportStatus", string(o.ExportStatus)) && is("externalStatus", o.ExternalOrderStatus) &&
			is("paymentStatus", string(o.PaymentStatus)) && is("shippingStatus", string(o.ShippingStatus))
	}, nil
}

func (a *API) getAdminOrder(c *binding.Call) (*binding.Response, error) {
	o, err := a.domain.Order(c.Tx, site(c), c.Request.Vars["orderNo"])
	if err != nil {
		return nil, err
	}
	document, err := a.adminDocument(c, o)
	return &binding.Response{Status: http.StatusOK, Header: http.Header{}, Body: document}, err
}

// adminDocument is an order as systems see it: with what shoppers are not told.
func (a *API) adminDocument(c *binding.Call, o b2c.Order) ([]byte, error) {
	o.Status = adminStatus(o.Status)
	document, err := a.document(c, o, nil)
	if err != nil {
		return nil, err
	}
	locale := ""
	if site, err := a.domain.Site(c.Tx, o.SiteID); err == nil {
		locale = site.Locale
	}
	for _, more := range []struct{ name, value string }{
		{"businessType", "b2c"},
		{"customerLocale", locale},
		{"invoiceNo", o.InvoiceNo},
		{"placeDate", instant(o.PlaceDate)},
		{"cancelCode", o.CancelCode},
		{"cancelDescription", o.CancelDescription},
		{"externalOrderNo", o.ExternalOrderNo},
		{"externalOrderStatus", o.ExternalOrderStatus},
		{"externalOrderText", o.ExternalOrderText},
		{"currentOrderNo", o.CurrentOrderNo},
		{"originalOrderNo", o.OriginalOrderNo},
		{"replacedOrderNo", o.ReplacedOrderNo},
		{"replacementOrderNo", o.ReplacementOrderNo},
	} {
		if more.value != "" {
			if document, err = appended(document, more.name, more.value); err != nil {
				return nil, err
			}
		}
	}
	return document, nil
}

// updateOrder sets custom attributes of an order.
func (a *API) updateOrder(c *binding.Call) (*binding.Response, error) {
	var given map[string]json.RawMessage
	if err := decode(c, &given); err != nil {
		return nil, err
	}
	for name := range given {
		if !strings.HasPrefix(name, custom) {
			delete(given, name)
		}
	}
	body, err := json.Marshal(given)
	if err != nil {
		return nil, &binding.Bug{Err: err}
	}
	if _, err := a.call(c, "patchOrder", body); err != nil {
		return nil, err
	}
	return done(), nil
}

func done() *binding.Response {
	return &binding.Response{Status: http.StatusNoContent, Header: http.Header{}}
}

// wantedStatus reads the body of the status resources.
func wantedStatus(c *binding.Call) (string, error) {
	var in struct {
		Status string `json:"status"`
	}
	err := decode(c, &in)
	return in.Status, err
}

func (a *API) updateOrderStatus(c *binding.Call) (*binding.Response, error) {
	status, err := wantedStatus(c)
	if err != nil {
		return nil, err
	}
	basketID, err := a.domain.PutStatus(c.Tx, site(c), c.Request.Vars["orderNo"], b2c.Status(status))
	if err != nil {
		return nil, err
	}
	return movedOn(c, basketID), nil
}

// update changes one of the statuses of an order that are not its own.
func (a *API) update(c *binding.Call, change func(status string) b2c.OrderUpdate) (*binding.Response, error) {
	status, err := wantedStatus(c)
	if err != nil {
		return nil, err
	}
	return done(), a.domain.UpdateOrder(c.Tx, site(c), c.Request.Vars["orderNo"], change(status))
}

func (a *API) updateOrderConfirmationStatus(c *binding.Call) (*binding.Response, error) {
	return a.update(c, func(s string) b2c.OrderUpdate { return b2c.OrderUpdate{Confirmation: b2c.ConfirmationStatus(s)} })
}

func (a *API) updateOrderExportStatus(c *binding.Call) (*binding.Response, error) {
	return a.update(c, func(s string) b2c.OrderUpdate { return b2c.OrderUpdate{Export: b2c.ExportStatus(s)} })
}

func (a *API) updateOrderPaymentStatus(c *binding.Call) (*binding.Response, error) {
	return a.update(c, func(s string) b2c.OrderUpdate { return b2c.OrderUpdate{Payment: b2c.PaymentStatus(s)} })
}

func (a *API) updateOrderShippingStatus(c *binding.Call) (*binding.Response, error) {
	return a.update(c, func(s string) b2c.OrderUpdate { return b2c.OrderUpdate{Shipping: b2c.ShippingStatus(s)} })
}

func (a *API) updateOrderExternalStatus(c *binding.Call) (*binding.Response, error) {
	return a.update(c, func(s string) b2c.OrderUpdate { return b2c.OrderUpdate{ExternalStatus: s} })
}

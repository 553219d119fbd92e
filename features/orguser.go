package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/shopspring/decimal"
)

// orgUser is somebody who works in order management directly: the warehouse, the back office, the auditor.
type orgUser struct {
	wire
	api, sandbox string
	token        string
}

// dataPath is the version of order management's interface that everybody here uses.
const dataPath = "/services/data/v60.0"

func (u *orgUser) logIn(ctx context.Context) error {
	var out struct {
		Token string `json:"access_token"`
	}
	err := u.call(ctx, request{http.MethodPost, u.api + "/services/oauth2/token", nil, url.Values{
		"grant_type": {"client_credentials"}, "client_id": {wellKnown + "~" + u.sandbox}, "client_secret": {wellKnown},
	}}, &out)
	u.token = out.Token
	return err
}

func (u *orgUser) request(method, path string, body any) request {
	return request{method, u.api + dataPath + path, map[string]string{"Authorization": "Bearer " + u.token}, body}
}

// find runs a query and decodes its records.
func find[T any](ctx context.Context, u *orgUser, soql string) ([]T, error) {
	var found rows[T]
	if err := u.call(ctx, u.request(http.MethodGet, "/query?"+url.Values{"q": {soql}}.Encode(), nil), &found); err != nil {
		return nil, err
	}
	if !found.Done {
		return nil, fmt.Errorf("more rows than one page for %s", soql)
	}
	return found.Records, nil
}

// rows is a query result, at the top or nested; order management writes null for none.
type rows[T any] struct {
	Records []T  `json:"records"`
	Done    bool `json:"done"`
}

// refusal is order management's no.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return r.code + ": " + r.message }

// act does something that may be refused. The refusal is a value; the error is anything else that went wrong.
func (u *orgUser) act(ctx context.Context, r request) (*refusal, error) { return u.actFor(ctx, r, nil) }

// actFor is act for somebody who wants to know what came of it.
func (u *orgUser) actFor(ctx context.Context, r request, into any) (*refusal, error) {
	err := u.call(ctx, r, into)
	var no *unexpected
	if !errors.As(err, &no) || no.reply.status >= http.StatusInternalServerError || no.reply.status == http.StatusUnauthorized {
		return nil, err
	}
	return readRefusal(no.reply.body), nil
}

// readRefusal reads both forms of a refusal: the list of the data interface, and the result of an action.
func readRefusal(body []byte) *refusal {
	type vendorError struct {
		Code    string `json:"errorCode"`
		Message string `json:"message"`
	}
	var list []vendorError
	if json.Unmarshal(body, &list) != nil {
		var result struct {
			Errors []vendorError `json:"errors"`
		}
		_ = json.Unmarshal(body, &result)
		list = result.Errors
	}
	if len(list) == 0 {
		return &refusal{"unreadable", string(body)}
	}
	return &refusal{list[0].Code, list[0].Message}
}

// fulfil reports a fulfillment order as shipped.
func (u *orgUser) fulfil(ctx context.Context, fulfillmentOrderID string) (*refusal, error) {
	return u.act(ctx, u.request(http.MethodPatch, "/sobjects/FulfillmentOrder/"+fulfillmentOrderID, map[string]string{"Status": "Fulfilled"}))
}

// allocate hands units of lines of one delivery to the first warehouse, and has inventory keep them there.
func (u *orgUser) allocate(ctx context.Context, s orderSummary, units map[string]decimal.Decimal) (*refusal, error) {
	locations, err := find[location](ctx, u, "SELECT Id, ExternalReference FROM Location WHERE LocationType = 'Warehouse' ORDER BY Name LIMIT 1")
	if err != nil || len(locations) == 0 {
		return nil, errors.Join(err, errors.New("order management knows no warehouse, or does not say"))
	}
	no, err := u.handTo(ctx, s, locations[0], units)
	if err != nil || no != nil {
		return no, err
	}
	goods := map[string]decimal.Decimal{}
	for _, l := range s.products() {
		if quantity := units[l.ID]; quantity.IsPositive() {
			goods[l.ProductCode] = quantity
		}
	}
	return nil, u.bring(ctx, s.OrderNumber, locations[0].Reference, goods)
}

// handTo hands units of lines of one delivery to a location, where inventory keeps them already.
func (u *orgUser) handTo(ctx context.Context, s orderSummary, place location, units map[string]decimal.Decimal) (*refusal, error) {
	var items []map[string]any
	delivery := ""
	for _, l := range s.products() {
		if quantity := units[l.ID]; quantity.IsPositive() {
			items = append(items, map[string]any{"orderItemSummaryId": l.ID, "quantity": quantity.IntPart()})
			delivery = l.DeliveryID
		}
	}
	return u.act(ctx, u.request(http.MethodPost, "/commerce/fulfillment/fulfillment-orders", map[string]any{
		"orderSummaryId": s.ID, "orderDeliveryGroupSummaryId": delivery,
		"fulfillmentGroups": []map[string]any{{
			"fulfilledFromLocationId": place.ID, "fulfillmentType": "Warehouse", "orderItemSummaries": items,
		}},
	}))
}

// cancel cancels units of lines without asking order-ops.
func (u *orgUser) cancel(ctx context.Context, s orderSummary, units map[string]decimal.Decimal) (*refusal, error) {
	return u.act(ctx, u.request(http.MethodPost, actions(s)+"submit-cancel", map[string]any{"changeItems": changeItems(s, units, true)}))
}

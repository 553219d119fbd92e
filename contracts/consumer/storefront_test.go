//go:build pact

package consumer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// storefront is what an SFRA storefront needs of order-ops: it speaks OCAPI
// with the token of its shopper and looks at nothing but what follows here.
type storefront struct{ base, token string }

// shopOrder is what a storefront shows of an order.
type shopOrder struct {
	OrderNo string `json:"order_no"`
	// SOM is nil while order management cannot be asked; SOMError says why.
	SOM      *somOrder `json:"c_somOrder"`
	SOMError *struct {
		Code      string `json:"code"`
		Retriable bool   `json:"retriable"`
	} `json:"c_somError"`
	Result *struct {
		OperationID  string `json:"operation_id"`
		State        string `json:"state"`
		Cancellation struct {
			AlreadyCancelled bool        `json:"already_cancelled"`
			Refund           json.Number `json:"refund"`
			Currency         string      `json:"currency"`
		} `json:"cancellation"`
	} `json:"c_actionResult"`
}

type somOrder struct {
	UnifiedStatus      string    `json:"unifiedStatus"`
	PartiallyCancelled bool      `json:"partiallyCancelled"`
	OrderedDate        time.Time `json:"orderedDate"`
	Currency           string    `json:"currency"`
	Totals             struct {
		Grand json.Number `json:"grand"`
	} `json:"totals"`
	Items []struct {
		ProductCode         string      `json:"productCode"`
		QuantityOrdered     json.Number `json:"quantityOrdered"`
		QuantityCanceled    json.Number `json:"quantityCanceled"`
		QuantityCancellable json.Number `json:"quantityCancellable"`
	} `json:"items"`
	FulfillmentOrders []struct {
		Shipments []struct {
			Status         string `json:"status"`
			TrackingNumber string `json:"trackingNumber"`
		} `json:"shipments"`
	} `json:"fulfillmentOrders"`
	AllowedActions []string `json:"allowedActions"`
}

// shopPage is a page of the order history.
type shopPage struct {
	Total int         `json:"total"`
	Data  []shopOrder `json:"data"`
}

// shopWish is a cancel; no items means the whole order.
type shopWish struct {
	requestID string
	items     []shopItem
}

type shopItem struct {
	ItemID   string `json:"item_id"`
	Quantity int    `json:"quantity"`
}

// shopFault is a refusal: what happened, and for actions order-ops' own code.
type shopFault struct {
	status    int
	kind      string
	code      string
	retriable bool
}

func (f *shopFault) Error() string {
	return fmt.Sprintf("%d %s %s (retriable: %t)", f.status, f.kind, f.code, f.retriable)
}

func (s storefront) order(ctx context.Context, number string) (order shopOrder, err error) {
	err = s.call(ctx, http.MethodGet, "/orders/"+url.PathEscape(number), nil, &order)
	return order, err
}

func (s storefront) history(ctx context.Context, customer string, count int) (page shopPage, err error) {
	query := url.Values{"start": {"0"}, "count": {strconv.Itoa(count)}}
	err = s.call(ctx, http.MethodGet, "/customers/"+url.PathEscape(customer)+"/orders?"+query.Encode(), nil, &page)
	return page, err
}

func (s storefront) cancel(ctx context.Context, number string, wish shopWish) (order shopOrder, err error) {
	sent := map[string]string{"c_action": "cancel", "c_actionRequestId": wish.requestID}
	if len(wish.items) > 0 {
		items, err := json.Marshal(wish.items)
		if err != nil {
			return order, err
		}
		sent["c_items"] = string(items) // custom attributes of a commerce order hold text
	}
	err = s.call(ctx, http.MethodPatch, "/orders/"+url.PathEscape(number), sent, &order)
	return order, err
}

// call sends a request and reads its answer, or the fault.
func (s storefront) call(ctx context.Context, method, path string, in map[string]string, out any) error {
	var sent []byte
	if in != nil {
		var err error
		if sent, err = json.Marshal(in); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.base+shopPath+path, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("x-dw-client-id", commerceClient)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode < http.StatusBadRequest {
		return json.NewDecoder(resp.Body).Decode(out)
	}
	var answer struct {
		Fault struct {
			Type      string `json:"type"`
			Arguments struct {
				StatusCode    string `json:"statusCode"`
				StatusDetails struct {
					Retriable bool `json:"retriable"`
				} `json:"statusDetails"`
			} `json:"arguments"`
		} `json:"fault"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	arguments := answer.Fault.Arguments
	return &shopFault{resp.StatusCode, answer.Fault.Type, arguments.StatusCode, arguments.StatusDetails.Retriable}
}

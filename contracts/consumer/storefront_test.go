//go:build pact

package consumer_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
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
		Code         string `json:"code"`
		Cancellation struct {
			AlreadyCancelled bool         `json:"already_cancelled"`
			Refund           json.Number  `json:"refund"`
			Currency         string       `json:"currency"`
			Effects          []shopEffect `json:"effects"`
		} `json:"cancellation"`
		Return struct {
			Mode     string      `json:"mode"`
			Refund   json.Number `json:"refund"`
			Currency string      `json:"currency"`
			Items    []struct {
				ProductCode string `json:"product_code"`
			} `json:"items"`
		} `json:"return"`
		Modification struct {
			State   string `json:"state"`
			Policy  string `json:"policy"`
			Resumed bool   `json:"resumed"`
		} `json:"modification"`
		Confirmation struct {
			NewOrderNo string      `json:"new_order_no"`
			Difference json.Number `json:"price_difference"`
		} `json:"confirmation"`
	} `json:"c_actionResult"`
	// NewBasketUUID is the follow-up basket of a modification, Redirect where it is shown.
	NewBasketUUID string `json:"c_newBasketUUID"`
	Redirect      struct {
		Target string `json:"target"`
	} `json:"c_redirect"`
	// PartErrors name what of SOM could not be read.
	PartErrors []struct {
		ReferenceID string `json:"reference_id"`
	} `json:"c_somPartErrors"`
	// AskAt and AskAfter say where and when to ask what became of a wish.
	AskAt, AskAfter string `json:"-"`
}

// shopEffect is what a cancel brings about in one system, as far as it has come.
type shopEffect struct {
	System string `json:"system"`
	State  string `json:"state"`
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
			// ExpectedDeliveryDate is nil when nobody told it.
			ExpectedDeliveryDate *time.Time `json:"expectedDeliveryDate"`
		} `json:"shipments"`
	} `json:"fulfillmentOrders"`
	// DeliveryGroups is nil when they could not be read.
	DeliveryGroups []struct {
		ID string `json:"id"`
	} `json:"deliveryGroups"`
	AllowedActions []string `json:"allowedActions"`
}

// shopPage is a page of the order history.
type shopPage struct {
	Total int         `json:"total"`
	Data  []shopOrder `json:"data"`
}

// shopWish is what a storefront wants done with an order: its cancel, unless it
// says otherwise. No items means the whole order.
type shopWish struct {
	action, requestID, reason, expectedRefund string
	// resourceState is the state of the order that the shopper has seen.
	resourceState string
	partial       bool
	items         []shopItem
	// spoiled sends items that nobody can read.
	spoiled bool
	// onExisting, slot, newOrder, basket and expectedTotal are of modifications and their confirmations.
	onExisting, slot, newOrder, basket, expectedTotal string
	// channel is where the shopper goes on, for channels that say so.
	channel string
	// status is one of commerce's own.
	status string
}

// noAction is a change that is commerce's own business.
const noAction = "-"

type shopItem struct {
	ItemID   string `json:"item_id"`
	Quantity int    `json:"quantity"`
}

// attributes are the wish as custom attributes of an order, which hold text.
func (w shopWish) attributes() (map[string]string, error) {
	if w.action == noAction {
		own := map[string]string{"_resource_state": w.resourceState, "status": w.status}
		maps.DeleteFunc(own, func(_, value string) bool { return value == "" })
		return own, nil
	}
	all := map[string]string{
		"c_action": cmp.Or(w.action, "cancel"), "c_actionRequestId": w.requestID, "c_reasonCode": w.reason,
		"c_expectedRefund": w.expectedRefund, "_resource_state": w.resourceState, "c_onExistingBasket": w.onExisting, "c_slotId": w.slot,
		"c_newOrderNo": w.newOrder, "c_basketUUID": w.basket, "c_expectedTotal": w.expectedTotal,
	}
	if w.partial {
		all["c_partial"] = "allow"
	}
	if w.spoiled {
		all["c_items"] = "two shirts"
	}
	if len(w.items) > 0 {
		items, err := json.Marshal(w.items)
		if err != nil {
			return nil, err
		}
		all["c_items"] = string(items)
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	return all, nil
}

// shopFault is a refusal: what happened, and for actions order-ops' own code
// with what the shopper is told of it.
type shopFault struct {
	status    int
	kind      string
	code      string
	retriable bool
	// retryAfter says that a wait was announced.
	retryAfter bool
	details    shopDetails
}

// shopDetails are what some codes tell besides.
type shopDetails struct {
	Allowed        []string   `json:"allowed"`
	Items          []string   `json:"items"`
	ReasonCodes    []string   `json:"reason_codes"`
	CutoffAt       *time.Time `json:"cutoff_at"`
	ActualRefund   *float64   `json:"actual_refund"`
	CurrentOrderNo string     `json:"current_order_no"`
}

func (f *shopFault) Error() string {
	return fmt.Sprintf("%d %s %s (retriable: %t)", f.status, f.kind, f.code, f.retriable)
}

func (s storefront) order(ctx context.Context, number string) (order shopOrder, err error) {
	_, err = s.call(ctx, http.MethodGet, shopPathOf(number)+"/orders/"+url.PathEscape(number), nil, &order)
	return order, err
}

func (s storefront) history(ctx context.Context, customer string, start, count int) (page shopPage, err error) {
	query := url.Values{"start": {strconv.Itoa(start)}, "count": {strconv.Itoa(count)}}
	_, err = s.call(ctx, http.MethodGet, shopPath+"/customers/"+url.PathEscape(customer)+"/orders?"+query.Encode(), nil, &page)
	return page, err
}

// wish sends a wish. An answer that is not final says where, and when, to ask.
func (s storefront) wish(ctx context.Context, number string, wish shopWish) (order shopOrder, err error) {
	sent, err := wish.attributes()
	if err != nil {
		return order, err
	}
	header, err := s.call(ctx, http.MethodPatch, shopPathOf(number)+"/orders/"+url.PathEscape(number), sent, &order)
	order.AskAt, order.AskAfter = header.Get("Location"), header.Get("Retry-After")
	return order, err
}

// shopPathOf is where the site of an order is.
func shopPathOf(number string) string {
	if number == outletOrder {
		return strings.Replace(shopPath, "RefArch", outlet, 1)
	}
	return shopPath
}

// call sends a request and reads its answer, of which it returns the header, or
// the fault.
func (s storefront) call(ctx context.Context, method, path string, in, out any) (http.Header, error) {
	var sent []byte
	if in != nil {
		var err error
		if sent, err = json.Marshal(in); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(sent))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("x-dw-client-id", commerceClient)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := (&http.Client{Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode < http.StatusBadRequest {
		return resp.Header, json.NewDecoder(resp.Body).Decode(out)
	}
	return nil, faultIn(resp)
}

func faultIn(resp *http.Response) error {
	var answer struct {
		Fault struct {
			Type      string `json:"type"`
			Arguments struct {
				StatusCode    string `json:"statusCode"`
				StatusDetails struct {
					Retriable bool `json:"retriable"`
					shopDetails
				} `json:"statusDetails"`
			} `json:"arguments"`
		} `json:"fault"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	arguments := answer.Fault.Arguments
	return &shopFault{
		status: resp.StatusCode, kind: answer.Fault.Type, code: arguments.StatusCode, retriable: arguments.StatusDetails.Retriable,
		retryAfter: resp.Header.Get("Retry-After") != "", details: arguments.StatusDetails.shopDetails,
	}
}

package features

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// auditor reads every system and changes none.
type auditor struct {
	orgUser
	control *control
	site    string // on which the order was placed
	system  string // the token of the commerce interface
}

// snapshot is an order as every system has it at one moment.
type snapshot struct {
	summary  orderSummary
	payments []payment
	bookings []booking
	// goods is what inventory keeps for the order, stock what there is of its products.
	goods []holding
	stock map[shelf]stockLevel
	shop  shopOrder
}

// booking is the shopper's claim on a window, with the room that the window has.
type booking struct {
	ID     string `json:"booking_id"`
	Status string `json:"status"`
	Window struct {
		ID       string   `json:"slot_id"`
		Type     string   `json:"type"` // delivery or pickup
		Capacity capacity `json:"capacity"`
	} `json:"slot"`
}

type capacity struct {
	Total     int `json:"total"`
	Held      int `json:"held"`
	Booked    int `json:"booked"`
	Available int `json:"available"`
}

// released says that the booking takes no room any more.
func (b booking) released() bool { return b.Status == "released" }

// shopOrder is an order as the shop has it.
type shopOrder struct {
	OrderNo        string `json:"order_no"`
	Status         string `json:"status"`
	ShippingStatus string `json:"shipping_status"`
	Customer       struct {
		Number string `json:"customer_no"`
	} `json:"customer_info"`
}

const shopCancelled = "cancelled"

func (a *auditor) logIn(ctx context.Context) error {
	if err := a.orgUser.logIn(ctx); err != nil {
		return err
	}
	basic := base64.StdEncoding.EncodeToString([]byte(clientID + "~" + a.sandbox + ":" + wellKnown))
	var out struct {
		Token string `json:"access_token"`
	}
	err := a.call(ctx, request{
		http.MethodPost, a.api + "/dwsso/oauth2/access_token",
		map[string]string{"Authorization": "Basic " + basic},
		url.Values{"grant_type": {"client_credentials"}},
	}, &out)
	a.system = out.Token
	return err
}

// order reads one order in every system. An order that order management does not have is read around it.
func (a *auditor) order(ctx context.Context, orderNo string) (snapshot, error) {
	all, err := a.orders(ctx, " WHERE OrderNumber = '"+strings.ReplaceAll(orderNo, "'", `\'`)+"'")
	if err != nil {
		return snapshot{}, err
	}
	if len(all) == 0 {
		return a.around(ctx, orderSummary{OrderNumber: orderNo}, time.Time{})
	}
	if len(all) != 1 {
		return snapshot{}, fmt.Errorf("order management has %d orders of the number %s", len(all), orderNo)
	}
	return all[0], nil
}

// orders reads the orders that order management has under a condition, all without one, in every system.
func (a *auditor) orders(ctx context.Context, where string) ([]snapshot, error) {
	summaries, err := find[orderSummary](ctx, &a.orgUser, summaryQuery+where)
	if err != nil {
		return nil, err
	}
	now, err := a.control.now(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]snapshot, len(summaries))
	for i, s := range summaries {
		if all[i], err = a.around(ctx, s, now); err != nil {
			return nil, fmt.Errorf("read order %s everywhere: %w", s.OrderNumber, err)
		}
	}
	return all, nil
}

// around reads what the other systems know of an order.
func (a *auditor) around(ctx context.Context, s orderSummary, now time.Time) (snapshot, error) {
	out := snapshot{summary: s}
	for _, reference := range s.references() {
		p, err := a.payment(ctx, reference, now)
		if err != nil {
			return out, err
		}
		out.payments = append(out.payments, p)
	}
	var list struct {
		Bookings []booking `json:"bookings"`
	}
	err := a.call(ctx, request{
		http.MethodGet, a.api + "/slots/v1/bookings?order_no=" + url.QueryEscape(s.OrderNumber),
		map[string]string{"Authorization": "Bearer " + wellKnown + "~" + a.sandbox},
		nil,
	}, &list)
	if err != nil {
		return out, err
	}
	out.bookings = list.Bookings
	if out.goods, err = a.holdings(ctx, s.OrderNumber); err != nil {
		return out, err
	}
	var skus []string
	for _, l := range s.products() {
		skus = append(skus, l.ProductCode)
	}
	if len(skus) > 0 {
		if out.stock, err = a.orgUser.stock(ctx, skus); err != nil {
			return out, err
		}
	}
	return out, a.call(ctx, request{
		http.MethodGet, a.api + shopPath(a.site) + "/orders/" + url.PathEscape(s.OrderNumber),
		map[string]string{"Authorization": "Bearer " + a.system},
		nil,
	}, &out.shop)
}

// setShopStatus sets the status of an order in commerce, and returns the word with which that is refused.
func (a *auditor) setShopStatus(ctx context.Context, orderNo, status string) (string, error) {
	err := a.call(ctx, request{
		http.MethodPut, a.api + "/s/-/dw/data/v23_2/sites/" + a.site + "/orders/" + url.PathEscape(orderNo) + "/status",
		map[string]string{"Authorization": "Bearer " + a.system},
		map[string]string{"status": status},
	}, nil)
	var no *unexpected
	if !errors.As(err, &no) || no.reply.status != http.StatusConflict {
		return "", err
	}
	var document struct {
		Fault struct {
			Type string `json:"type"`
		} `json:"fault"`
	}
	err = json.Unmarshal(no.reply.body, &document)
	return document.Fault.Type, err
}

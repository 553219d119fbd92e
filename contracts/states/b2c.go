package states

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// What stands for a living token in the pacts: a shopper's, and a system's.
const (
	pactShopper = "Bearer shopper-token"
	pactSystem  = "Bearer system-token"
	// pactWebShopper is the shopper's as well, of SLAS.
	pactWebShopper = "Bearer slas-token"
)

const (
	commerceClient = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	shopPath       = "/s/RefArch/dw/shop/v23_2"
)

// b2cStates is the vocabulary that consumers may use of B2C Commerce. "The
// shopper" is the one of the preset who is logged in, in every state.
func b2cStates() map[string]prepare {
	states := map[string]prepare{
		"preset omnichannel":                                 nothing,
		"an order is the shopper's":                          (*Stage).ownOrder,
		"an order is another shopper's":                      (*Stage).foreignOrder,
		"the shopper's token has expired":                    (*Stage).expired,
		"the shopper has orders":                             nothing,
		"a basket has a line whose price was lowered before": (*Stage).withLowered,
		"an order was cancelled":                             (*Stage).cancelledOrder,

		"order management controls the status of an order": (*Stage).controlled,

		"the shopper has a basket":                              (*Stage).withBasket,
		"what the shopper's basket holds is kept for it":        (*Stage).withKeptBasket,
		"the shopper has a basket that can be ordered":          (*Stage).withFullBasket,
		"a basket is not shown to its shopper":                  (*Stage).withHiddenBasket,
		"a basket holds what somebody else has taken since":     (*Stage).withTakenBasket,
		"the shopper has a basket beside one that is not shown": (*Stage).withBothBaskets,
		"an order waits for its card":                           waitingFor("4111111111111111"),
		"an order waits for a card that is declined":            waitingFor("4000000000000002"),
	}
	for name, prepare := range states {
		states[name] = withCommerceTokens(prepare)
	}
	return states
}

// withCommerceTokens logs the shopper and a system in first.
func withCommerceTokens(next prepare) prepare {
	return func(s *Stage, number string) (Values, error) {
		customer, err := s.shopper()
		if err != nil {
			return nil, err
		}
		header := as(basic(commerceClient + "~" + s.sandbox()))
		var answer struct {
			AccessToken string `json:"access_token"`
		}
		_, err = s.send(http.MethodPost, s.api+"/dwsso/oauth2/access_token", header, "application/x-www-form-urlencoded", "grant_type=client_credentials", &answer)
		if err != nil {
			return nil, err
		}
		s.stands("Bearer "+answer.AccessToken, pactSystem)
		found, err := next(s, number)
		if found == nil {
			found = Values{}
		}
		found["customerId"] = customer
		return found, err
	}
}

// shopper logs the first shopper in and returns the id of the customer.
func (s *Stage) shopper() (string, error) { return s.logIn(1) }

// logIn makes the nth shopper of the preset the shopper of the pacts.
func (s *Stage) logIn(n int) (string, error) { return s.logInAt("RefArch", n) }

// logInAt does so on a site.
func (s *Stage) logInAt(site string, n int) (string, error) {
	header := as(basic(fmt.Sprintf("shopper-%d@somsim.test", n)))
	header.Set("x-dw-client-id", commerceClient+"~"+s.sandbox())
	var customer struct {
		CustomerID string `json:"customer_id"`
	}
	answered, err := s.send(http.MethodPost, s.api+shopPathOf(site)+"/customers/auth", header, "application/json", `{"type":"credentials"}`, &customer)
	if err != nil {
		return "", err
	}
	s.stands(answered.Get("Authorization"), pactShopper)
	return customer.CustomerID, s.logInBySLAS(site, n)
}

// logInBySLAS has the same shopper come with a token of SLAS too, as a web app
// does; the shop vouches for the shopper, which takes one call.
func (s *Stage) logInBySLAS(site string, n int) error {
	form := url.Values{
		"grant_type": {"client_credentials"}, "hint": {"ts_ext_on_behalf_of"}, "login_id": {fmt.Sprintf("shopper-%d@somsim.test", n)},
		"idp_origin": {"ecom"}, "channel_id": {site},
	}
	const path = "/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2/trusted-system/token"
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	header := as(basic(commerceClient + "~" + s.sandbox()))
	_, err := s.send(http.MethodPost, s.api+path, header, "application/x-www-form-urlencoded", form.Encode(), &answer)
	if err == nil {
		s.stands("Bearer "+answer.AccessToken, pactWebShopper)
	}
	return err
}

// shopPathOf is where OCAPI of a site is.
func shopPathOf(site string) string { return strings.Replace(shopPath, "RefArch", site, 1) }

func basic(user string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":somsim"))
}

func (s *Stage) ownOrder(number string) (Values, error) {
	_, err := s.commerceOrder(number, pactShopper)
	return nil, err
}

func (s *Stage) foreignOrder(number string) (Values, error) {
	if _, err := s.commerceOrder(number, pactSystem); err != nil {
		return nil, err
	}
	if _, err := s.commerceOrder(number, pactShopper); err == nil {
		return nil, errors.New("the order is the shopper's own")
	}
	return nil, nil
}

func (s *Stage) cancelledOrder(number string) (Values, error) {
	order, err := s.commerceOrder(number, pactSystem)
	if err == nil && order.Status != "cancelled" {
		err = fmt.Errorf("the order is %s", order.Status)
	}
	return nil, err
}

// controlled has order management be the one who sets the status of orders.
func (s *Stage) controlled(number string) (Values, error) {
	if _, err := s.ownOrder(number); err != nil {
		return nil, err
	}
	return nil, s.arm(fault{
		"controlled",
		faultMatch{System: "b2c", Operation: "patchOrder"},
		faultEffect{"vendor_error", "OrderIntegrationStatusException", http.StatusConflict},
		0,
	})
}

// shipped is the state of an own order that has been shipped so far.
func shipped(wanted string) prepare {
	return func(s *Stage, number string) (Values, error) {
		order, err := s.commerceOrder(number, pactShopper)
		if err == nil && order.ShippingStatus != wanted {
			err = fmt.Errorf("the order is %s", order.ShippingStatus)
		}
		return nil, err
	}
}

func (s *Stage) expired(string) (Values, error) {
	return nil, s.wait(31 * time.Minute)
}

// commerceOrder is as much of an order as the states are about.
type commerceOrder struct {
	Status         string `json:"status"`
	ShippingStatus string `json:"shipping_status"`
	ResourceState  string `json:"_resource_state"`
	ProductItems   []struct {
		ItemID       string `json:"item_id"`
		BundledItems []struct {
			ItemID string `json:"item_id"`
		} `json:"bundled_product_items"`
	} `json:"product_items"`
}

// commerceOrder reads an order as the caller that inPact stands for.
func (s *Stage) commerceOrder(number, inPact string) (order commerceOrder, err error) {
	err = s.exchange(http.MethodGet, s.api+shopPath+"/orders/"+url.PathEscape(number), s.commerceCaller(inPact), nil, &order)
	return order, err
}

// commerceCaller is the header of the caller that inPact stands for.
func (s *Stage) commerceCaller(inPact string) http.Header {
	header := as(s.real(inPact))
	header.Set("x-dw-client-id", commerceClient)
	return header
}

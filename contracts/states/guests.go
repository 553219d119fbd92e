package states

import (
	"errors"
	"net/http"
	"net/url"
)

// guestOf asks order-ops for something as somebody who is nobody in particular.
func (s *Stage) guestOf(number, action string, sent map[string]string, into any) error {
	header := http.Header{"X-Sandbox": {s.sandbox()}}
	return s.exchange(http.MethodPost, s.orderOps+"/order-ops/v1/orders/"+url.PathEscape(number)+action, header, sent, into)
}

// mailedCode is the code that commerce mails for an order.
func (s *Stage) mailedCode(number string) (Values, error) {
	if err := s.guestOf(number, "/access-code", map[string]string{"email": "shopper-1@somsim.test"}, nil); err != nil {
		return nil, err
	}
	return s.mail()
}

// guestWithCode is a guest to whom commerce has mailed the code of an order.
func (s *Stage) guestWithCode(number string) (Values, error) {
	if _, err := s.guest(number); err != nil {
		return nil, err
	}
	path := "/checkout/shopper-orders/v1/organizations/f_ecom_zzte_053/orders/" + url.PathEscape(number) + "/actions/request-access-code?siteId=RefArch"
	if err := s.exchange(http.MethodPost, s.api+path, as(s.real("Bearer guest-token")), map[string]string{"email": "shopper-1@somsim.test"}, nil); err != nil {
		return nil, err
	}
	return s.mail()
}

// mail is the code in the one mail that commerce has sent.
func (s *Stage) mail() (Values, error) {
	var box struct {
		Mails []struct {
			Code string `json:"code"`
		} `json:"mails"`
	}
	err := s.exchange(http.MethodGet, s.control+"/control/v1/sandboxes/"+s.sandbox()+"/b2c/mailbox", nil, nil, &box)
	if err == nil && len(box.Mails) != 1 {
		err = errors.New("no code was mailed")
	}
	if err != nil {
		return nil, err
	}
	return Values{"accessCode": box.Mails[0].Code}, nil
}

// orderToken is what the shop gave out with an order.
func (s *Stage) orderToken(number string) (Values, error) {
	var order struct {
		Token string `json:"order_token"`
	}
	err := s.exchange(http.MethodGet, s.api+shopPath+"/orders/"+url.PathEscape(number), s.commerceCaller(pactSystem), nil, &order)
	return Values{"orderToken": order.Token}, err
}

// triedCodes has somebody guess.
func (s *Stage) triedCodes(number string) (Values, error) {
	for range 5 {
		if err := s.guestOf(number, "/access", map[string]string{"code": "000000"}, nil); err == nil {
			return nil, errors.New("a guess opened the order")
		}
	}
	return nil, nil
}

// guestLetIn is somebody who has shown the right code.
func (s *Stage) guestLetIn(number string) (Values, error) {
	found, err := s.mailedCode(number)
	if err != nil {
		return nil, err
	}
	code, _ := found["accessCode"].(string)
	var access struct {
		Token string `json:"access_token"`
	}
	err = s.guestOf(number, "/access", map[string]string{"code": code}, &access)
	s.stands("Bearer "+access.Token, "Bearer guest-access")
	return found, err
}

// otherSession is a shopper of the web app who modifies an order, and logs in
// anew meanwhile.
func (s *Stage) otherSession(number string) (Values, error) {
	var answer struct {
		Modification struct {
			Basket string `json:"basket_id"`
		} `json:"modification"`
	}
	header := as(s.real(pactWebShopper))
	header.Set("Idempotency-Key", "tap-1")
	if err := s.exchange(http.MethodPost, s.orderOps+"/order-ops/v1/orders/"+url.PathEscape(number)+"/modifications", header, map[string]string{}, &answer); err != nil {
		return nil, err
	}
	return Values{"basketId": answer.Modification.Basket}, s.logInBySLAS("RefArch", 1)
}

package scapi_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

func (s *shop) change(work func(tx *sandbox.Tx) error) {
	s.T.Helper()
	if err := s.World.Update(work); err != nil {
		s.T.Fatal(err)
	}
}

// agent returns the header of an agent who acts for ada.
func (s *shop) agent() []string { return s.visit(true) }

// visit returns the header of ada's calls, or of an agent's for her, in a visit whose guest has a basket, as she has.
func (s *shop) visit(agent bool) []string {
	s.T.Helper()
	var token string
	s.change(func(tx *sandbox.Tx) error {
		client, err := s.domain.Client(tx, b2c.DefaultClientID)
		ada, unknown := s.domain.Customer(tx, "ada")
		visit := s.domain.GuestVisit(tx, "RefArch", "")
		n := b2c.NewGrant{Client: client, Public: true}
		if agent {
			n.Agent = b2c.DefaultUser
		} else {
			for _, id := range []string{visit.GuestID, "ada"} {
				_, opened := s.domain.OpenBasket(tx, b2c.Editor{Reader: b2c.Reader{SiteID: "RefArch", CustomerID: id}}, b2c.NewBasket{CustomerID: id})
				err = errors.Join(err, opened)
			}
		}
		n.Visit = s.domain.LogInVisit(tx, "RefArch", visit.USID, ada)
		grant, refused := s.domain.Grant(tx, n)
		var unsigned error
		token, unsigned = s.key.Access(tx, grant)
		return errors.Join(err, unknown, refused, unsigned)
	})
	return []string{"Authorization", "Bearer " + token}
}

// basketOf is the id of a customer's storefront basket, or no id.
func (s *shop) basketOf(customerID string) string {
	if b, ok := s.domain.StorefrontBasket(s.World.Read(), "RefArch", customerID); ok {
		return b.BasketID
	}
	return "none"
}

// sellOut makes the failed order SOLD, whose only unit somebody else has bought since.
func (s *shop) sellOut() {
	s.T.Helper()
	s.change(func(tx *sandbox.Tx) error {
		one := decimal.NewFromInt(1)
		who := b2c.Editor{Reader: b2c.Reader{SiteID: "RefArch", CustomerID: "ada"}}
		err := errors.Join(
			s.domain.AddInventoryList(tx, b2c.InventoryList{ID: "stock"}),
			s.domain.AddSite(tx, b2c.Site{ID: "RefArch", Currency: "EUR", TimeZone: "UTC", InventoryListID: "stock"}),
			s.domain.AddProduct(tx, b2c.Product{ID: "last", Name: "Last"}), s.domain.AddPriceBook(tx, b2c.PriceBook{ID: "list", Currency: "EUR"}),
			s.domain.SetPrice(tx, b2c.ProductPrice{PriceBookID: "list", ProductID: "last", Unit: one}),
			s.domain.SetInventory(tx, b2c.InventoryRecord{ListID: "stock", ProductID: "last", Allocation: one}),
			s.domain.AddPaymentMethod(tx, b2c.PaymentMethod{ID: "CASH"}),
			s.domain.AddShippingMethod(tx, b2c.ShippingOffer{ShippingMethod: b2c.ShippingMethod{ID: "ground"}, Default: true, Prices: map[string][]b2c.ShippingPrice{"EUR": {{Price: one}}}}),
		)
		if err != nil {
			return err
		}
		basket, err := s.domain.OpenBasket(tx, who, b2c.NewBasket{CustomerID: "ada"})
		if err != nil {
			return err
		}
		_, err = s.domain.EditBasket(tx, who, b2c.BasketRef{ID: basket.BasketID}, func(e *b2c.BasketEdit) error {
			e.SetBillingAddress(b2c.OrderAddress{LastName: "X", Address1: "Way 1", City: "Town", CountryCode: "DE"}, true)
			return errors.Join(
				e.AddItems([]b2c.NewBasketItem{{ProductID: "last", Quantity: one}}), e.SetCustomer(b2c.CustomerInfo{Email: "ada@somsim.test"}),
				e.SetShippingMethod("me", "ground"), e.AddPayment(b2c.NewBasketPayment{PaymentMethodID: "CASH"}),
			)
		})
		if err != nil {
			return err
		}
		if _, err = s.domain.SubmitBasket(tx, who, b2c.Submission{BasketRef: b2c.BasketRef{ID: basket.BasketID}, OrderNo: "SOLD"}); err != nil {
			return err
		}
		_, err = s.domain.Fail(tx, "SOLD", false)
		return errors.Join(err, s.domain.SetInventory(tx, b2c.InventoryRecord{ListID: "stock", ProductID: "last"}))
	})
}

func TestAShoppersBookOfAddressesAndPayments(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.change(func(tx *sandbox.Tx) error {
		return s.domain.AddPaymentMethod(tx, b2c.PaymentMethod{ID: "CREDIT_CARD", Cards: []string{"Visa"}})
	})
	ada := s.as("ada", b2c.DefaultClientID)
	book := customers + "/ada/addresses"
	home := s.document(s.send(http.MethodPost, book+site, `{"addressId":"home","firstName":"Ada","lastName":"X","address1":"Way 1","city":"Town","countryCode":"DE","preferred":true}`, ada...))
	if home["addressId"] != "home" || home["preferred"] != true || home["fullName"] != "Ada X" {
		t.Errorf("%v", home)
	}
	if moved := s.document(s.send(http.MethodPatch, book+"/home"+site, `{"city":"Village"}`, ada...)); moved["city"] != "Village" || moved["address1"] != "Way 1" {
		t.Errorf("%v", moved)
	}
	card := s.document(s.send(http.MethodPost, customers+"/ada/payment-instruments"+site,
		`{"paymentMethodId":"CREDIT_CARD","paymentCard":{"cardType":"Visa","holder":"Ada","maskedNumber":"************1111","expirationMonth":12,"expirationYear":2030}}`, ada...))
	at := customers + "/ada/payment-instruments/" + card["paymentInstrumentId"].(string)
	if got := s.document(s.send(http.MethodPatch, at+site, `{"default":true}`, ada...)); got["default"] != true {
		t.Errorf("%v", got)
	}
	if got := s.document(s.send(http.MethodGet, at+site, "", ada...)); got["paymentCard"].(map[string]any)["numberLastDigits"] != "1111" {
		t.Errorf("%v", got)
	}

	basket := s.document(s.send(http.MethodPost, baskets+site+"&populateCustomerDetails=true", "", ada...))
	paid := basket["paymentInstruments"].([]any)[0].(map[string]any)
	there := basket["shipments"].([]any)[0].(map[string]any)["shippingAddress"].(map[string]any)
	if basket["billingAddress"].(map[string]any)["city"] != "Village" || there["city"] != "Village" || paid["paymentMethodId"] != "CREDIT_CARD" {
		t.Errorf("the basket does not have what was stored: %v", basket)
	}

	for _, gone := range []string{book + "/home", at} {
		if w := s.send(http.MethodDelete, gone+site, "", ada...); w.Code != http.StatusNoContent {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	s.refused(s.send(http.MethodGet, book+"/home"+site, "", ada...), 404, "customer-address-not-found", "b2c.customer.address")
	s.refused(s.send(http.MethodGet, at+site, "", ada...), 404, "payment-instrument-not-found", "b2c.customer.payment-known")
}

func TestAShoppersPassword(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.as("ada", b2c.DefaultClientID)
	if w := s.send(http.MethodPut, customers+"/ada/password"+site, `{"currentPassword":"somsim","password":"new-password"}`, ada...); w.Code != http.StatusNoContent {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.refused(s.send(http.MethodPut, customers+"/ada/password"+site, `{"currentPassword":"somsim","password":"new-password"}`, ada...), 400, "invalid-password", "b2c.customer.password-known")
	guest := s.as("", b2c.DefaultClientID)
	token := s.document(s.send(http.MethodPost, customers+"/password/actions/create-reset-token"+site, `{"login":"ada@somsim.test"}`, guest...))
	body := `{"login":"ada@somsim.test","resetToken":"` + token["resetToken"].(string) + `","newPassword":"newer-password"}`
	if w := s.send(http.MethodPost, customers+"/password/actions/reset"+site, body, guest...); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	s.refused(s.send(http.MethodPost, customers+"/password/actions/reset"+site, body, guest...), 400, "invalid-password-reset-token", "b2c.customer.reset-token")
	if _, err := s.domain.Login(s.World.Write(), "ada@somsim.test", "newer-password"); err != nil {
		t.Error(err)
	}
}

func TestAgentsWorkOnAShoppersBasket(t *testing.T) {
	t.Parallel()
	s := open(t)
	agent, ada := s.agent(), s.as("ada", b2c.DefaultClientID)
	basket := s.document(s.send(http.MethodPost, baskets+site, "", agent...))
	at := baskets + "/" + basket["basketId"].(string)
	if basket["agentBasket"] != true || basket["customerInfo"].(map[string]any)["customerId"] != "ada" {
		t.Errorf("%v", basket)
	}
	const off = `{"level":"order","discount":{"type":"percentage","value":10}}`
	s.document(s.send(http.MethodPost, at+"/price-adjustments"+site, off, agent...))
	shown := s.document(s.send(http.MethodPut, at+"/storefront"+site, "", agent...))
	if shown["agentBasket"] == true {
		t.Errorf("%v", shown)
	}
	if again := s.document(s.send(http.MethodPut, at+"/agent"+site, "", agent...)); again["agentBasket"] != true {
		t.Errorf("%v", again)
	}
	if w := s.send(http.MethodPost, at+"/price-adjustments"+site, off, ada...); w.Code < 400 {
		t.Errorf("a shopper adjusts prices: %d %s", w.Code, w.Body)
	}
	bob := s.as("bob", b2c.DefaultClientID)
	s.refused(s.send(http.MethodGet, at+site, "", bob...), 404, "basket-not-found", "b2c.basket.own")
}

func TestPriceBooksAndTaxesOfABasket(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.change(func(tx *sandbox.Tx) error {
		return s.domain.AddPriceBook(tx, b2c.PriceBook{ID: "list", Currency: "EUR"})
	})
	ada := s.as("ada", b2c.DefaultClientID)
	at := baskets + "/" + s.document(s.send(http.MethodPost, baskets+site, "", ada...))["basketId"].(string)
	if w := s.send(http.MethodPut, at+"/price-books"+site, `["list"]`, ada...); w.Code != http.StatusNoContent {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.send(http.MethodGet, at+"/price-books"+site, "", ada...); w.Body.String() != `["list"]` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	const taxes = `{"taxItems":[{"id":"vat","rate":0.2}]}`
	s.refused(s.send(http.MethodGet, at+"/taxes"+site, "", ada...), 409, "invalid-tax-mode", "b2c.scapi.tax-mode")
	s.refused(s.send(http.MethodPut, at+"/taxes"+site, `{"taxes":{"x":`+taxes+`}}`, ada...), 409, "invalid-tax-mode", "b2c.scapi.tax-mode")
	s.refused(s.send(http.MethodPut, at+"/items/x/taxes"+site, taxes, ada...), 409, "invalid-tax-mode", "b2c.scapi.tax-mode")
	s.refused(s.send(http.MethodPut, baskets+"/none/taxes"+site, `{"taxes":{}}`, ada...), 404, "basket-not-found", "b2c.basket.own")
	s.refused(s.send(http.MethodPost, baskets+site+"&taxMode=external", "", ada...), 409, "invalid-tax-mode", "b2c.scapi.tax-mode")
}

func TestBasketsAreTakenOver(t *testing.T) {
	t.Parallel()
	s := open(t)
	transfer := baskets + "/actions/transfer" + site
	ada := s.visit(false)
	own := s.basketOf("ada")
	s.refused(s.send(http.MethodPost, transfer, "", ada...), 409, "basket-transfer-basket-already-exists-exception", "b2c.basket.source")
	taken := s.document(s.send(http.MethodPost, transfer+"&merge=true", "", ada...))
	if taken["basketId"] == own || taken["customerInfo"].(map[string]any)["customerId"] != "ada" {
		t.Errorf("%v", taken)
	}
	if kept := s.document(s.send(http.MethodPost, transfer+"&merge=true", "", ada...)); kept["basketId"] != taken["basketId"] {
		t.Errorf("%v", kept)
	}
	bob := s.as("bob", b2c.DefaultClientID)
	if w := s.send(http.MethodPost, transfer+"&merge=true", "", bob...); w.Code != http.StatusNoContent {
		t.Errorf("there is nothing to merge: %d %s", w.Code, w.Body)
	}
}

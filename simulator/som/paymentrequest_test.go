package som

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
)

// shop is an org with a provider and an activated order of 116.59 EUR that nobody has paid.
type shop struct {
	testOrder
	gateway, orderID string
}

func newShop(t *testing.T, g *till) shop {
	t.Helper()
	s := shop{testOrder: newTestOrg(t).workedExample()}
	s.UseGateway(g)
	s.write(func(tx *sandbox.Tx) error {
		s.gateway = s.PaymentGateway(tx, NewPaymentGateway{Name: "Till"})
		return nil
	})
	s.orderID = s.rows(objOrder, "Id")[0]
	return s
}

func (s shop) card() PaymentMethod {
	return PaymentMethod{Card: &Card{
		Category: "CreditCard", Type: "MasterCard", HolderName: "Erika Müller", Number: "4111 1111 1111 1111", ExpiryMonth: 4, ExpiryYear: 28,
	}, Address: Address{City: "Leipzig"}}
}

func (s shop) request(change func(*PaymentRequest)) PaymentRequest {
	in := PaymentRequest{AccountID: s.account, Amount: dec("116.59"), GatewayID: s.gateway, Method: s.card(), Comments: "first try", Audit: Audit{IPAddress: "127.0.0.1"}}
	if change != nil {
		change(&in)
	}
	return in
}

func TestPurchasesThatAreRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t, &till{})
	cases := []struct {
		name, rule string
		change     func(*PaymentRequest)
	}{
		{"without a provider", "som.payments.gateway-exists", func(in *PaymentRequest) { in.GatewayID = s.account }},
		{"of an account that is none", "som.payments.account-exists", func(in *PaymentRequest) { in.AccountID = s.gateway }},
		{"of nothing", "som.payments.amount-positive", func(in *PaymentRequest) { in.Amount = dec("0") }},
		{"of less than a cent", "som.payments.amount-digits", func(in *PaymentRequest) { in.Amount = dec("1.005") }},
		{"of a part of a yen", "som.payments.amount-digits", func(in *PaymentRequest) { in.Amount, in.Currency = dec("1.5"), "JPY" }},
		{"of more than a field holds", "som.payments.amount-most", func(in *PaymentRequest) { in.Amount = dec("10000000000000001") }},
		{"in no currency", "som.payments.currency-known", func(in *PaymentRequest) { in.Currency = "euro" }},
		{"in a currency that the org does not have", "som.payments.currency-known", func(in *PaymentRequest) { in.Currency = "ZZZ" }},
		{"in another currency than the order's", "som.payments.currency", func(in *PaymentRequest) {
			in.Currency, in.Group = "USD", PaymentGroup{Create: true, SourceObjectID: s.orderID}
		}},
		{"for an order that is none", "som.payments.source-exists", func(in *PaymentRequest) { in.Group = PaymentGroup{Create: true, SourceObjectID: s.account} }},
		{"in a group that is none", "som.payments.group-exists", func(in *PaymentRequest) { in.Group = PaymentGroup{ID: s.orderID} }},
		{"in a group that is there and to be made", "som.payments.one-group", func(in *PaymentRequest) { in.Group = PaymentGroup{ID: "9zx000000000001AAA", Create: true} }},
		{"with no method", "som.payments.one-method", func(in *PaymentRequest) { in.Method = PaymentMethod{} }},
		{"with two methods", "som.payments.one-method", func(in *PaymentRequest) { in.Method.ID = "03O000000000001AAA" }},
		{"with a method of another kind", "som.payments.one-method", func(in *PaymentRequest) { in.Method = PaymentMethod{Alternative: &Alternative{Token: "w-1"}} }},
		{"with a method that is none", "som.payments.method-exists", func(in *PaymentRequest) { in.Method = PaymentMethod{ID: s.account} }},
		{"with no card number", "som.payments.card-number", func(in *PaymentRequest) { in.Method.Card.Number = "4111 1111 111x 1111" }},
		{"with a short card number", "som.payments.card-number", func(in *PaymentRequest) { in.Method.Card.Number = "41111111111" }},
		{"with a thirteenth month", "som.payments.card-expiry", func(in *PaymentRequest) { in.Method.Card.ExpiryMonth = 13 }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			of := s
			of.testOrg = s.fork(t)
			in := s.request(c.change)
			if rule := of.try(func(tx *sandbox.Tx) error { _, err := of.AuthorizePayment(tx, "", in); return err }); rule != c.rule {
				t.Errorf("refused by %q, not by %q", rule, c.rule)
			}
			if left := append(of.rows(objAuthorization, "Id"), of.rows(objCard, "Id")...); len(left) > 0 {
				t.Errorf("it left %q", left)
			}
		})
	}
}

func TestAnAuthorizationIsTiedToTheOrderAndCaptured(t *testing.T) {
	t.Parallel()
	s := newShop(t, &till{})
	var id string
	s.write(func(tx *sandbox.Tx) error {
		moved, err := s.AuthorizePayment(tx, "", s.request(func(in *PaymentRequest) {
			in.Group = PaymentGroup{Create: true, SourceObjectID: s.orderID}
			in.Method.Save = true
		}))
		id = moved.Row.ID
		return err
	})
	want := []string{"116.59 Processed Success a-1111 EUR first try 127.0.0.1 Salesforce"}
	if diff := cmp.Diff(want, s.rows(objAuthorization, "Amount", "Status", "SfResultCode", "GatewayAuthCode", "CurrencyIsoCode", "Comments", "IpAddress", "ProcessingMode")); diff != "" {
		t.Errorf("authorization (-want +got):\n%s", diff)
	}
	card := []string{"411111 1111 ************1111 Master Card MasterCard 4 2028 Active t-1111 Leipzig"}
	if diff := cmp.Diff(card, s.rows(objCard, "CardBin", "CardLastFour", "InputCardNumber", "CardType", "CardTypeCategory", "ExpiryMonth", "ExpiryYear", "Status", "GatewayToken", "PaymentMethodCity")); diff != "" {
		t.Errorf("card (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Authorization Success " + id}, s.rows(objGatewayLog, "InteractionType", "InteractionStatus", "ReferencedEntityId")); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	s.write(func(tx *sandbox.Tx) error {
		_, err := s.CreateOrderPaymentSummary(tx, "", NewPaymentSummary{OrderSummaryID: s.id, PaymentAuthorizationID: id})
		if err == nil {
			_, err = s.CapturePayment(tx, "", MoveMoney{ID: id, Amount: dec("16.59")})
		}
		return err
	})
	if diff := cmp.Diff([]string{"Master Card 116.59 16.59 100"}, s.rows(objOrderPaymentSummary, "Method", "AuthorizationAmount", "CapturedAmount", "AvailableToCaptureAmount")); diff != "" {
		t.Errorf("order payment summary (-want +got):\n%s", diff)
	}
}

func TestWaysOfAskingForNewMoney(t *testing.T) {
	t.Parallel()
	post := func(in *PaymentRequest) { in.Method = PaymentMethod{Alternative: &Alternative{Token: "w-7_0"}} }
	cases := []struct {
		name   string
		till   till
		way    func(*SOM, *sandbox.Tx, string, PaymentRequest) (MoneyMoved, error)
		change func(*PaymentRequest)
		times  int
		rows   map[string][]string
	}{
		{"a sale is a payment without authorization", till{}, (*SOM).SellPayment, nil, 1, map[string][]string{
			objPayment: {"Sale 116.59 Processed"}, objAuthorization: nil, objCard: {"InActive"}, objGatewayLog: {"Sale Success Success"},
		}},
		{"a declined sale is a failed payment", till{declines: true}, (*SOM).SellPayment, nil, 1, map[string][]string{
			objPayment: {"Sale 116.59 Failed"}, objAuthorization: nil, objCard: {"InActive"}, objGatewayLog: {"Sale Failed Decline"},
		}},
		{"a declined card is not kept", till{declines: true}, (*SOM).AuthorizePayment, func(in *PaymentRequest) { in.Method.Save = true }, 1, map[string][]string{
			objPayment: nil, objAuthorization: {"116.59 Failed"}, objCard: {"InActive"}, objGatewayLog: {"Authorization Failed Decline"},
		}},
		{"one key authorizes once", till{}, (*SOM).AuthorizePayment, func(in *PaymentRequest) { in.IdempotencyKey = "k" }, 2, map[string][]string{
			objPayment: nil, objAuthorization: {"116.59 Processed"}, objCard: {"InActive"}, objGatewayLog: {"Authorization Success Success"},
		}},
		{"no key authorizes as often as asked", till{}, (*SOM).AuthorizePayment, nil, 2, map[string][]string{
			objPayment: nil, objAuthorization: {"116.59 Processed", "116.59 Processed"}, objCard: {"InActive", "InActive"},
			objGatewayLog: {"Authorization Success Success", "Authorization Success Success"},
		}},
		{"what the shopper agreed to is taken over", till{}, (*SOM).PostAuthorizePayment, post, 1, map[string][]string{
			objPayment: nil, objAuthorization: {"116.59 Processed"}, objCard: nil, objGatewayLog: {"PostAuth Success Success"},
		}},
	}
	fields := map[string][]string{
		objPayment: {"Type", "Amount", "Status"}, objAuthorization: {"Amount", "Status"}, objCard: {"Status"},
		objGatewayLog: {"InteractionType", "InteractionStatus", "SfResultCode"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, &c.till)
			for range c.times {
				s.write(func(tx *sandbox.Tx) error { _, err := c.way(s.SOM, tx, "", s.request(c.change)); return err })
			}
			for object, want := range c.rows {
				if diff := cmp.Diff(want, s.rows(object, fields[object]...)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", object, diff)
				}
			}
		})
	}
}

func TestWhatTheShopperAgreedToIsTakenOverOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t, &till{})
	take := func(token string) string {
		return s.try(func(tx *sandbox.Tx) error {
			_, err := s.PostAuthorizePayment(tx, "", s.request(func(in *PaymentRequest) { in.Method = PaymentMethod{Alternative: &Alternative{Token: token}} }))
			return err
		})
	}
	if rules := []string{take("w-7_0"), take("w-7_0"), take("w-8_0"), take("")}; strings.Join(rules, " ") != " som.payments.post-auth-once  som.payments.token" {
		t.Errorf("refused by %q", rules)
	}
}

func TestACardIsGivenANameAndUsedByIt(t *testing.T) {
	t.Parallel()
	s := newShop(t, &till{})
	var method string
	s.write(func(tx *sandbox.Tx) error {
		for range 2 {
			moved, err := s.TokenizePaymentMethod(tx, "", NewToken{GatewayID: s.gateway, Method: s.card(), IdempotencyKey: "k"})
			if err != nil {
				return err
			}
			method = moved.Row.ID
		}
		_, err := s.AuthorizePayment(tx, "", s.request(func(in *PaymentRequest) { in.Method = PaymentMethod{ID: method} }))
		return err
	})
	if diff := cmp.Diff([]string{"Active t-1111 Success"}, s.rows(objCard, "Status", "GatewayToken", "SfResultCode")); diff != "" {
		t.Errorf("card (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{method}, s.rows(objAuthorization, "PaymentMethodId")); diff != "" {
		t.Errorf("paid with (-want +got):\n%s", diff)
	}
	other := ""
	s.write(func(tx *sandbox.Tx) error { other = s.PaymentGateway(tx, NewPaymentGateway{Name: "Other"}); return nil })
	rule := s.try(func(tx *sandbox.Tx) error {
		_, err := s.AuthorizePayment(tx, "", s.request(func(in *PaymentRequest) { in.GatewayID, in.Method = other, PaymentMethod{ID: method} }))
		return err
	})
	if rule != "som.payments.method-gateway" {
		t.Errorf("a card of another provider is refused by %q", rule)
	}
}

package som

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// PaymentRequest asks a provider for money that no authorization of the org holds yet.
type PaymentRequest struct {
	// AccountID is who pays. It may be empty where the resource lets it.
	AccountID string
	Amount    decimal.Decimal
	// Currency is an ISO 4217 code; empty means that of the order the payment group is for, else the org's.
	Currency  string
	GatewayID string
	Method    PaymentMethod
	Group     PaymentGroup
	// EffectiveDate is now when it is zero.
	EffectiveDate time.Time
	Comments      string
	Audit         Audit
	// IdempotencyKey makes a second request give the answer of the first; empty for none.
	IdempotencyKey string
}

// Audit is what a request tells of the client behind it; kept with the row, never checked.
type Audit struct{ Email, IPAddress, MACAddress, Phone string }

// PaymentGroup is the group that a payment belongs to: one that exists, or a new one for an order.
type PaymentGroup struct {
	ID string
	// Create makes a group; SourceObjectID is the order it is for, Currency that of the group.
	Create                   bool
	SourceObjectID, Currency string
}

// purchase is one of the ways of asking for new money.
type purchase struct {
	// kind is the name of the way in idempotency keys, interaction that in the log, object the row it makes.
	kind, interaction, object string
	// alternatives says that methods other than cards are taken.
	alternatives bool
	call         func(Gateway, *sandbox.Tx, GatewayPurchase) GatewayAnswer
}

// AuthorizePayment has a provider set money aside. Source: Connect REST API Developer Guide, "Authorization".
func (d *SOM) AuthorizePayment(tx *sandbox.Tx, user string, in PaymentRequest) (MoneyMoved, error) {
	return d.purchase(tx, user, in, purchase{kind: "authorize", interaction: "Authorization", object: objAuthorization, call: Gateway.Authorize})
}

// PostAuthorizePayment takes over what a shopper has authorised at the provider by himself, so that it can be captured.
// Source: Connect REST API Developer Guide, "Post Authorization".
func (d *SOM) PostAuthorizePayment(tx *sandbox.Tx, user string, in PaymentRequest) (MoneyMoved, error) {
	return d.purchase(tx, user, in, purchase{
		kind: "postAuth", interaction: "PostAuth", object: objAuthorization, alternatives: true, call: Gateway.PostAuth,
	})
}

// SellPayment takes money at once, without an authorization. Source: Connect REST API Developer Guide, "Sale".
func (d *SOM) SellPayment(tx *sandbox.Tx, user string, in PaymentRequest) (MoneyMoved, error) {
	return d.purchase(tx, user, in, purchase{kind: "sale", interaction: "Sale", object: objPayment, call: Gateway.Sale})
}

func (d *SOM) purchase(tx *sandbox.Tx, user string, in PaymentRequest, p purchase) (MoneyMoved, error) {
	key := p.kind + " " + in.IdempotencyKey
	if before, ok := d.paymentKeys.Get(tx.Tx, key); ok && in.IdempotencyKey != "" {
		return d.moved(tx, before), nil
	}
	order, err := d.checkPurchase(tx, &in)
	if err != nil {
		return MoneyMoved{}, err
	}
	methodID, card, err := d.paidWith(tx, in.Method, methodPayer{in.AccountID, in.GatewayID, user, in.Audit}, p.alternatives)
	if err != nil {
		return MoneyMoved{}, err
	}
	if p.alternatives && d.takenOver(tx, card.Token) {
		return MoneyMoved{}, refuse("som.payments.post-auth-once", CodeInvalidInput, "The payment %s has an authorization already.", card.Token).on("paymentMethod")
	}
	answer := d.asked(tx, p, GatewayPurchase{Amount: in.Amount, Currency: in.Currency, OrderNumber: order.Text("OrderReferenceNumber"), Card: card})
	id := d.insertPurchase(tx, user, in, p, methodID, answer)
	answer.logID = d.logInteraction(tx, user, p.interaction, d.row(tx, id), answer)
	if answer.Result == ResultSuccess && in.Method.Save {
		d.keep(tx, user, methodID, answer)
	}
	done := paymentKey{Key: key, RowID: id, LogID: answer.logID}
	if in.IdempotencyKey != "" {
		d.paymentKeys.Put(tx.Tx, done)
	}
	return d.moved(tx, done), nil
}

// asked calls the provider.
func (d *SOM) asked(tx *sandbox.Tx, p purchase, what GatewayPurchase) GatewayAnswer {
	if d.gateway == nil {
		return noGateway()
	}
	return p.call(d.gateway, tx, what)
}

// checkPurchase applies the rules that need no provider, and fills in currency and group. It returns the order that the
// money is for, an empty row when the request does not tell.
func (d *SOM) checkPurchase(tx *sandbox.Tx, in *PaymentRequest) (*sobject.Record, error) {
	if err := d.checkGateway(tx, &in.GatewayID); err != nil {
		return nil, err
	}
	if in.AccountID != "" {
		account, ok := d.find(tx, objAccount, in.AccountID)
		if !ok {
			return nil, refuse("som.payments.account-exists", CodeInvalidInput, "There is no account %q.", in.AccountID).on("accountId")
		}
		in.AccountID = account.ID
	}
	order, err := d.checkGroup(tx, &in.Group)
	if err != nil {
		return nil, err
	}
	of := firstText(order.Text("CurrencyIsoCode"), in.Group.Currency)
	in.Currency = firstText(in.Currency, of, defaultCurrency)
	switch {
	case !d.hasCurrency(in.Currency):
		return nil, refuse("som.payments.currency-known", CodeInvalidInput, "%q is no currency of this org.", in.Currency).on("currencyIsoCode")
	case of != "" && of != in.Currency:
		return nil, refuse("som.payments.currency", CodeInvalidInput, "What is paid is in %s, not in %s.", of, in.Currency).on("currencyIsoCode")
	}
	return order, checkAmount(in.Amount, in.Currency)
}

// checkGateway wants a provider that is connected, and gives its id its long form.
func (d *SOM) checkGateway(tx *sandbox.Tx, id *string) error {
	gateway, ok := d.find(tx, objPaymentGateway, *id)
	switch {
	case !ok:
		return refuse("som.payments.gateway-exists", CodeInvalidInput, "There is no payment gateway %q.", *id).on("paymentGatewayId")
	case gateway.Text("Status") != "Active":
		return refuse("som.payments.gateway-active", CodeInvalidInput, "The payment gateway %s is not active.", gateway.ID).on("paymentGatewayId")
	}
	*id = gateway.ID
	return nil
}

// checkGroup finds the order behind a payment group.
func (d *SOM) checkGroup(tx *sandbox.Tx, g *PaymentGroup) (*sobject.Record, error) {
	source := g.SourceObjectID
	if g.ID != "" {
		if g.Create {
			return nil, refuse("som.payments.one-group", CodeInvalidInput, "Give the id of a payment group, or have one made.").on("paymentGroup")
		}
		group, ok := d.find(tx, objPaymentGroup, g.ID)
		if !ok {
			return nil, refuse("som.payments.group-exists", CodeInvalidInput, "There is no payment group %q.", g.ID).on("paymentGroup")
		}
		g.ID, source = group.ID, group.Text("SourceObjectId")
	}
	if source == "" {
		return &sobject.Record{}, nil
	}
	order, ok := d.find(tx, objOrder, source)
	if !ok {
		return nil, refuse("som.payments.source-exists", CodeInvalidInput, "There is no order %q.", source).on("paymentGroup")
	}
	g.SourceObjectID = order.ID
	return order, nil
}

// takenOver reports whether an authorization stands for a payment already.
func (d *SOM) takenOver(tx *sandbox.Tx, reference string) bool {
	for _, r := range d.Rows(tx).children(objAuthorization, "GatewayRefNumber", reference) {
		if r.Text("Status") == statusProcessed {
			return true
		}
	}
	return false
}

// insertPurchase makes the row of a request, whatever became of it.
func (d *SOM) insertPurchase(tx *sandbox.Tx, user string, in PaymentRequest, p purchase, methodID string, answer GatewayAnswer) string {
	if in.Group.Create {
		in.Group.ID = d.insert(tx, user, objPaymentGroup, values{"SourceObjectId": in.Group.SourceObjectID, "CurrencyIsoCode": in.Currency})
	}
	v := answer.noted(tx, &sobject.Record{}, values{
		"AccountId": in.AccountID, "Amount": in.Amount, "PaymentMethodId": methodID, "PaymentGroupId": in.Group.ID, "Comments": in.Comments,
		"Email": in.Audit.Email, "IpAddress": in.Audit.IPAddress, "MacAddress": in.Audit.MACAddress, "Phone": in.Audit.Phone,
	})
	v["PaymentGatewayId"], v["CurrencyIsoCode"] = in.GatewayID, in.Currency
	if !in.EffectiveDate.IsZero() {
		v["EffectiveDate"] = in.EffectiveDate
	}
	if p.object == objPayment {
		v["Type"], v["ImpactAmount"] = "Sale", in.Amount
	} else {
		v["GatewayAuthCode"] = answer.AuthCode
		if !answer.ExpiresAt.IsZero() {
			v["ExpirationDate"] = answer.ExpiresAt
		}
	}
	return d.insert(tx, user, p.object, v)
}

// NewToken asks a provider to give a card a name.
type NewToken struct {
	GatewayID string
	// Method holds a new card.
	Method         PaymentMethod
	Audit          Audit
	IdempotencyKey string
}

// TokenizePaymentMethod makes a payment method that can be used again. Source: Connect REST API Developer Guide,
// "Payment Method Tokenization".
func (d *SOM) TokenizePaymentMethod(tx *sandbox.Tx, user string, in NewToken) (MoneyMoved, error) {
	key := "tokenize " + in.IdempotencyKey
	if before, ok := d.paymentKeys.Get(tx.Tx, key); ok && in.IdempotencyKey != "" {
		return d.moved(tx, before), nil
	}
	if err := d.checkGateway(tx, &in.GatewayID); err != nil {
		return MoneyMoved{}, err
	}
	if card := in.Method.Card; card != nil && card.AccountID != "" {
		if _, ok := d.find(tx, objAccount, card.AccountID); !ok {
			return MoneyMoved{}, refuse("som.payments.account-exists", CodeInvalidInput, "There is no account %q.", card.AccountID).on("accountId")
		}
	}
	id, card, err := d.paidWith(tx, in.Method, methodPayer{gatewayID: in.GatewayID, user: user, audit: in.Audit}, false)
	if err != nil {
		return MoneyMoved{}, err
	}
	answer := noGateway()
	if d.gateway != nil {
		answer = d.gateway.Tokenize(tx, card)
	}
	method := tracked(d.row(tx, id))
	method.put("SfResultCode", string(answer.Result))
	method.put("GatewayResultCode", answer.Code)
	method.put("GatewayResultCodeDescription", answer.Message)
	method.put("GatewayDate", tx.Now())
	d.save(tx, user, method)
	if answer.Result == ResultSuccess {
		d.keep(tx, user, id, answer)
	}
	done := paymentKey{Key: key, RowID: id, LogID: d.logInteraction(tx, user, "Tokenize", d.row(tx, id), answer)}
	if in.IdempotencyKey != "" {
		d.paymentKeys.Put(tx.Tx, done)
	}
	return d.moved(tx, done), nil
}

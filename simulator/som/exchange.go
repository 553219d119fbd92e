package som

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Exchange asks for goods of a cart in exchange for those of a return order.
type Exchange struct {
	OrderSummaryID, ReturnOrderID, CartID string
	// ReservationType is Full or None, or empty; it is about stock, which is not reserved here.
	ReservationType string
	// OrderNumber is that of the exchange order; empty means one of its own.
	OrderNumber string
	// Payments are what the shopper pays beside what the returned goods are worth.
	Payments []ExchangePayment
	// Sequences say of which order payment summaries a balance is reserved, and how much; without them the rule of refunds
	// chooses.
	Sequences []Sequence
}

// ExchangePayment is an authorization, payments of one method, or both.
type ExchangePayment struct {
	PaymentAuthorizationID string
	PaymentIDs             []string
	// Name becomes the Method that people read.
	Name                                   string
	PaymentMethodID, LastPaymentGatewayLog string
}

// ExchangeResult is the outcome of an exchange. ExchangeOrderSummaryID is empty for a preview.
type ExchangeResult struct {
	OrderSummaryID, ExchangeOrderSummaryID string
	// Balances tell what comes back less what goes out: positive in the shopper's favour.
	Balances ChangeBalances
	// Cart, Original and Return are the totals of the three.
	Cart, Original, Return BalanceState
}

// BalanceState are the totals of an order, a cart or a return order.
type BalanceState struct {
	GrandTotal, Total, Tax, Adjustment, AdjustmentWithTax, Delivery, DeliveryWithTax, Fee, FeeWithTax decimal.Decimal
}

func balanceState(t totals) BalanceState {
	all := t.all()
	adjustment, onIt := all.Adjustment.Add(all.Dist), all.AdjustmentTax.Add(all.DistTax)
	return BalanceState{
		GrandTotal: all.withTax(), Total: all.price(), Tax: all.tax(), Adjustment: adjustment, AdjustmentWithTax: adjustment.Add(onIt),
		Delivery: t.Delivery.price(), DeliveryWithTax: t.Delivery.withTax(), Fee: t.Fee.price(), FeeWithTax: t.Fee.withTax(),
	}
}

// PreviewExchange tells what [SOM.SubmitExchange] would do, and writes nothing.
func (d *SOM) PreviewExchange(tx *sandbox.Tx, in Exchange) (ExchangeResult, error) {
	e, err := d.planExchange(tx, in)
	if err != nil {
		return ExchangeResult{}, fmt.Errorf("preview exchange for order summary %s: %w", in.OrderSummaryID, err)
	}
	return e.result(decimal.Zero), nil
}

// SubmitExchange makes an order and its summary of the cart, tied to the original order summary, and reserves of that
// one's payments what pays for it: at most what the return order is worth. The cart is closed. The user is who creates
// the rows; empty means the integration user.
// Source: Connect REST API Developer Guide, "Submit Cart to Exchange Order".
func (d *SOM) SubmitExchange(tx *sandbox.Tx, user string, in Exchange) (ExchangeResult, error) {
	e, err := d.planExchange(tx, in)
	if err == nil {
		err = e.write(user)
	}
	if err != nil {
		return ExchangeResult{}, fmt.Errorf("submit exchange for order summary %s: %w", in.OrderSummaryID, err)
	}
	result := e.result(e.paid)
	result.ExchangeOrderSummaryID = e.id
	return result, nil
}

// exchange is an exchange while it is planned and written.
type exchange struct {
	d  *SOM
	tx *sandbox.Tx
	in Exchange
	// summary is the order summary that goods come back to, returned the return order.
	summary  *orderSummary
	returned *sobject.Record
	cart     *sobject.Record
	order    NewOrder
	// coming and going are the totals of the return order and of the cart.
	coming, going totals
	// id is the exchange order summary, paid what was authorised or captured for it.
	id   string
	paid decimal.Decimal
}

func (d *SOM) planExchange(tx *sandbox.Tx, in Exchange) (*exchange, error) {
	s, err := d.managedSummary(tx, in.OrderSummaryID)
	if err != nil {
		return nil, err
	}
	if in.ReservationType != "" && in.ReservationType != "Full" && in.ReservationType != "None" {
		return nil, exchangeAction().refuse("reservation-type", "%q is not a reservation type.", in.ReservationType).on("reservationType")
	}
	e := &exchange{d: d, tx: tx, in: in, summary: s}
	if err := e.findReturnOrder(); err != nil {
		return nil, err
	}
	if err := e.findCart(); err != nil {
		return nil, err
	}
	return e, e.checkSequences()
}

// exchangeAction names the rules of exchanges.
func exchangeAction() unitAction { return unitAction{name: "exchange"} }

// row finds a row by an id of the caller, which must be of the object.
func (e *exchange) row(object, id string) (*sobject.Record, error) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return nil, refuse("som.connect.id-form", CodeInvalidID, "Invalid identifier: %s", id)
	}
	if o, ok := e.d.catalog.ByPrefix(long); !ok || o.Name != object {
		return nil, refuse("som.connect.id-object", CodeInvalidID, "The identifier %s is not of %s.", id, object)
	}
	r, ok := e.d.find(e.tx, object, long)
	if !ok {
		return nil, refuse("som.connect.record-exists", CodeNotFound, "The requested resource does not exist")
	}
	return r, nil
}

// findReturnOrder finds what the shopper gives back: a managed return order of the order summary that is under way.
func (e *exchange) findReturnOrder() (err error) {
	if e.returned, err = e.row(objReturnOrder, e.in.ReturnOrderID); err != nil {
		return err
	}
	if e.returned.Text("OrderSummaryId") != e.summary.ID {
		return exchangeAction().refuse("return-order-belongs",
			"The return order %s does not belong to the order summary %s.", e.returned.ID, e.summary.ID).on("referenceId")
	}
	category := e.returned.Text("StatusCategory")
	if category == returnCanceled || category == returnDraft || e.returned.Text("LifeCycleType") != string(Managed) {
		return exchangeAction().refuse("return-order-status",
			"The return order %s is %s and in the status category %s; goods are exchanged for a managed one that is under way or closed.",
			e.returned.ID, e.returned.Text("LifeCycleType"), category).on("referenceId")
	}
	for _, line := range e.d.Rows(e.tx).children(objReturnLine, "ReturnOrderId", e.returned.ID) {
		a := amounts{
			Line: line.Decimal("TotalLineAmount"), LineTax: line.Decimal("TotalLineTaxAmount"),
			Adjustment: line.Decimal("TotalAdjustmentAmount"), AdjustmentTax: line.Decimal("TotalAdjustmentTaxAmount"),
		}
		if kind := ItemType(line.Text("Type")); kind == TypeFee {
			e.coming.add(kind, a.negated())
		} else {
			e.coming.add(kind, a)
		}
	}
	return nil
}

// returnDraft is the category of return orders that are not under way yet.
const returnDraft = "Draft"

// most is what may be reserved for the exchange: what the cart costs, and no more than what of the return order's worth
// is not reserved for another exchange, and not more than the shopper will have in credit once the goods are back.
func (e *exchange) most() decimal.Decimal {
	worth, credit := e.coming.all().withTax(), e.summary.grandTotal().Neg()
	for _, s := range e.d.stakes(e.tx, e.summary.ID) {
		credit = credit.Add(s.amount)
	}
	handed := e.handed()
	worth = worth.Sub(handed[e.returned.ID])
	for id, reserved := range handed {
		if id != e.returned.ID {
			credit = credit.Add(decimal.Min(reserved, e.expected(id)))
		}
	}
	credit = credit.Add(e.expected(e.returned.ID))
	return decimal.Max(decimal.Zero, decimal.Min(worth, credit, e.going.all().withTax()))
}

// handed adds up what was reserved for exchanges by the return orders they are for.
func (e *exchange) handed() map[string]decimal.Decimal {
	sums, rows := map[string]decimal.Decimal{}, e.d.Rows(e.tx)
	for _, relation := range rows.children(objRelationship, "MainOrderSummaryId", e.summary.ID) {
		returned := relation.Text("MainAttachedToId")
		for _, reference := range rows.children(objPaymentReference, "OrderSummaryId", relation.Text("AssociatedOrderSummaryId")) {
			sums[returned] = sums[returned].Add(reference.Decimal("ReservedBalanceAmount"))
		}
	}
	return sums
}

// expected is what a return order will still give back: the worth of its lines that are not processed.
func (e *exchange) expected(returnOrderID string) decimal.Decimal {
	sum := decimal.Zero
	for _, line := range e.d.Rows(e.tx).children(objReturnLine, "ReturnOrderId", returnOrderID) {
		if line.Text("ChangeOrderItemId") != "" || returnedForGood(e.d.parent(e.tx, objReturnOrder, returnOrderID)) {
			continue
		}
		if worth := e.d.number(line, "TotalAmount"); ItemType(line.Text("Type")) == TypeFee {
			sum = sum.Sub(worth)
		} else {
			sum = sum.Add(worth)
		}
	}
	return sum
}

// returnedForGood tells that nothing more comes back of a return order.
func returnedForGood(r *sobject.Record) bool {
	return r.Text("StatusCategory") == returnClosed || r.Text("StatusCategory") == returnCanceled
}

func (e *exchange) checkSequences() error {
	stakes := e.d.stakes(e.tx, e.summary.ID)
	for _, step := range sequencesOf(e.in.Sequences) {
		of, ok := stakeIn(stakes, step.OrderPaymentSummaryID)
		switch {
		case !ok:
			return exchangeAction().refuse("sequence-belongs",
				"The order payment summary %s is neither of the order summary %s nor shared with it.", step.OrderPaymentSummaryID, e.summary.ID).on("sequences")
		case step.Amount.IsNegative():
			return exchangeAction().refuse("sequence-amount", "The amount of a sequence must not be less than 0.").on("sequences")
		case step.Amount.GreaterThan(of.amount):
			return exchangeAction().refuse("sequence-balance",
				"Of the order payment summary %s, %s can be reserved.", step.OrderPaymentSummaryID, of.amount).on("sequences")
		}
	}
	return nil
}

// reservations chooses what is reserved of which order payment summary.
func (e *exchange) reservations() []taking {
	var funds []fund
	for _, s := range e.d.stakes(e.tx, e.summary.ID) {
		funds = append(funds, fund{s.ops.ID, decimal.Max(decimal.Zero, s.amount)})
	}
	return inSequence(funds, e.most(), sequencesOf(e.in.Sequences), true, smallestSufficient)
}

// result tells the outcome; paid is what the shopper has paid on top already.
func (e *exchange) result(paid decimal.Decimal) ExchangeResult {
	t := totals{
		e.coming.Product.plus(e.going.Product.negated()), e.coming.Delivery.plus(e.going.Delivery.negated()), e.coming.Fee.plus(e.going.Fee.negated()),
	}
	all, reserved := t.all(), e.most()
	left := decimal.Max(decimal.Zero, e.coming.all().withTax().Sub(reserved))
	missing := decimal.Max(decimal.Zero, e.going.all().withTax().Sub(reserved).Sub(paid))
	if e.id != "" { // the reservation is made, and most counts it against the return order
		reserved = e.reserved()
		left = decimal.Max(decimal.Zero, e.coming.all().withTax().Sub(reserved))
		missing = decimal.Max(decimal.Zero, e.going.all().withTax().Sub(reserved).Sub(paid))
	}
	b := changeTotals(t, all)
	b.TotalRefundableAmount, b.TotalRequiredFundsAmount = left, missing
	return ExchangeResult{
		OrderSummaryID: e.summary.ID, Balances: b, Cart: balanceState(e.going), Original: balanceState(e.summary.totals()), Return: balanceState(e.coming),
	}
}

// reserved is what was reserved for the exchange order.
func (e *exchange) reserved() decimal.Decimal {
	sum := decimal.Zero
	for _, reference := range e.d.Rows(e.tx).children(objPaymentReference, "OrderSummaryId", e.id) {
		sum = sum.Add(reference.Decimal("ReservedBalanceAmount"))
	}
	return sum
}

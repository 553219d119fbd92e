package som

import (
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/simulator/sandbox"
)

// exchanges orders something for what comes back, and pays on top what that does not cover.
func (w walk) exchanges() {
	returned := w.pick(objReturnOrder)
	if returned.ID == "" {
		return
	}
	price, tax := w.number("price in cents", 9999).Shift(-2), w.number("tax in cents", 999).Shift(-2)
	w.counts("exchange", w.tries(func(tx *sandbox.Tx) error {
		store := w.insert(tx, "", objWebStore, values{"Name": "Shop"})
		cart := w.insert(tx, "", objCart, values{"Name": "Exchange", "WebStoreId": store, "CurrencyIsoCode": "EUR"})
		group := w.insert(tx, "", objCartGroup, values{"Name": "Shipment1", "CartId": cart})
		item := w.insert(tx, "", objCartItem, values{
			"Name": "Socks", "CartId": cart, "CartDeliveryGroupId": group, "Product2Id": w.cheap, "Quantity": dec("1"), "TotalLineAmount": price, "Type": "Product",
		})
		w.insert(tx, "", objCartTax, values{"Name": "VAT", "CartId": cart, "CartItemId": item, "Amount": tax})
		r, err := w.SubmitExchange(tx, "", Exchange{OrderSummaryID: returned.Text("OrderSummaryId"), ReturnOrderID: returned.ID, CartID: cart})
		if err == nil {
			w.paysOnTop(tx, r.ExchangeOrderSummaryID, r.Balances.TotalRequiredFundsAmount)
		}
		return err
	}))
}

// counts notes a step that was not refused.
func (w walk) counts(step, rule string) {
	if rule == "" {
		w.done[step]++
	}
}

// paysOnTop captures another amount for an order.
func (w walk) paysOnTop(tx *sandbox.Tx, summaryID string, amount decimal.Decimal) {
	if amount.IsPositive() {
		w.importPayment(tx, NewOrder{AccountID: w.account}, summaryID, NewPayment{
			Method: "Visa", Type: "Credit Card", GatewayRefNumber: "more", GatewayID: w.PaymentGateway(tx, NewPaymentGateway{Name: "Till"}), Authorized: amount, Captured: amount,
		})
	}
}

// changesRows changes units, price and tax of an item, adds another, or both, and pays for what that costs more.
func (w walk) changesRows() {
	in := SummaryChange{OrderSummaryID: w.id, Reason: "Unknown"}
	item := w.pick(objOrderItemSummary)
	quantity := w.number("units", 4)
	in.Items = []SummaryRow{rowChange(item.ID, field("Quantity", quantity), field("UnitPrice", w.number("price in cents", 9999).Shift(-2)))}
	if w.id != item.Text("OrderSummaryId") {
		return
	}
	w.read(func(_ *sandbox.Tx, s *orderSummary) {
		i, _ := s.item(item.ID)
		for _, tax := range i.taxes {
			in.Taxes = append(in.Taxes, rowChange(tax.ID, field("Amount", w.number("tax in cents", 999).Shift(-2))))
		}
		for _, a := range i.adjustments {
			in.Adjustments = append(in.Adjustments, rowChange(a.ID, field("Amount", w.number("discount in cents", 99).Shift(-2).Neg())))
		}
	})
	if rapid.Bool().Draw(w.rapid, "with another") {
		in.Items = append(in.Items, newSummaryRow("new", field("Product2Id", w.cheap), field("Quantity", quantity), field("UnitPrice", dec("3.33")),
			field("OrderDeliveryGroupSummaryId", item.Text("OrderDeliveryGroupSummaryId"))))
		in.Taxes = append(in.Taxes, newSummaryRow("", field("OrderItemSummaryId", "@{new.id}"), field("Amount", dec("0.77"))))
	}
	w.counts("change", w.tries(func(tx *sandbox.Tx) error {
		r, err := w.SubmitChange(tx, "", in)
		if err == nil {
			w.paysOnTop(tx, w.id, r.Balances.GrandTotalAmount.Neg())
		}
		return err
	}))
}

// takesIn lets another order wait, and come about, paid.
func (w walk) takesIn() {
	w.counts("pending", w.tries(func(tx *sandbox.Tx) error {
		gateway := w.PaymentGateway(tx, NewPaymentGateway{Name: "Till"})
		_, err := w.CreatePendingOrderSummary(tx, "", waitingOrder(func(g *OrderGraph) {
			for i, n := range g.Purchase {
				if n.Object == objAuthorization {
					g.Purchase[i] = node("payment", objPayment, "Amount", dec("93"), "ProcessingMode", "Salesforce", "Status", "Processed", "Type", "Sale",
						"PaymentGatewayId", gateway, "GatewayRefNumber", "pending", "CurrencyIsoCode", "EUR", "OrderPaymentSummaryId", "@{purse.id}")
				}
			}
			g.Purchase = g.Purchase[:len(g.Purchase)-1] // the log is of the authorization
		}))
		return err
	}))
	if _, err := w.world.Advance(w.t.Context(), time.Minute); err != nil {
		w.rapid.Fatal(err)
	}
	for _, event := range w.told(EventPendingOrdSumProc) {
		if event["IsSuccess"] != true {
			w.rapid.Fatalf("the order was not made: %v", event)
		}
	}
}

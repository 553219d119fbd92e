package som

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// ChangeFee is a fee for the cancel or the return of some units (Connect API 56.0 and later).
type ChangeFee struct {
	// ProductID is the product the fee is booked on, PricebookEntryID its price, which may be empty.
	ProductID, PricebookEntryID string
	Amount                      decimal.Decimal
	AmountType                  FeeAmountType
	Description                 string
	// Reason is an active value of OrderItemSummaryChange.Reason; empty takes over the reason of the units.
	Reason string
}

// FeeAmountType says what the amount of a fee means.
type FeeAmountType string

// The vendor's amount types of fees.
const (
	// FeeWithTax is an amount that holds its tax, FeeWithoutTax one to which tax is added; both at the rate of the line.
	FeeWithTax    FeeAmountType = "AmountWithTax"
	FeeWithoutTax FeeAmountType = "AmountWithoutTax"
	// FeePercentage is a percentage of TotalPrice and of TotalTaxAmount of the changed units, FeePercentageGross one of
	// their TotalLineAmountWithTax.
	FeePercentage      FeeAmountType = "Percentage"
	FeePercentageGross FeeAmountType = "PercentageGross"
)

// planFees makes the lines of the fees for units that are still on their line.
func (d *SOM) planFees(tx *sandbox.Tx, a unitAction, item *orderItemSummary, in ChangeItem) ([]*lineChange, error) {
	var lines []*lineChange
	for _, fee := range in.Fees {
		if err := d.checkFee(tx, a, fee); err != nil {
			return nil, err
		}
		price, tax, err := item.feeOf(fee, in.Quantity)
		if err != nil {
			return nil, err
		}
		lines = append(lines, d.feeLine(tx, a, item, in, fee, amounts{Line: price, LineTax: tax}))
	}
	return lines, nil
}

func (d *SOM) checkFee(tx *sandbox.Tx, a unitAction, fee ChangeFee) error {
	if !fee.Amount.IsPositive() {
		return refuse("som.fee.amount-positive", CodeInvalidInput, "The amount of a fee must be greater than 0.").on("amount")
	}
	if _, ok := d.find(tx, objProduct, fee.ProductID); !ok {
		return refuse("som.fee.product-exists", CodeInvalidInput, "There is no product %q for the fee.", fee.ProductID).on("product2Id")
	}
	if fee.Reason == "" {
		return nil
	}
	return d.checkReason(a, fee.Reason, "")
}

// feeOf works out price and tax of a fee, rounded to the currency.
func (i *orderItemSummary) feeOf(fee ChangeFee, units decimal.Decimal) (price, tax decimal.Decimal, err error) {
	digits, now := i.digits(), i.amounts()
	of := i.quantities().quantity()
	percent := func(amount decimal.Decimal) decimal.Decimal {
		return i.rounding().div(amount.Mul(units).Mul(fee.Amount), of.Mul(decimal.NewFromInt(100)), digits)
	}
	switch fee.AmountType {
	case FeeWithTax:
		price, tax = i.splitGross(i.rounding().round(fee.Amount, digits), digits)
	case FeeWithoutTax:
		price = i.rounding().round(fee.Amount, digits)
		tax = i.taxOn(price, digits)
	case FeePercentage:
		price, tax = percent(now.price()), percent(now.tax())
	case FeePercentageGross:
		price, tax = i.splitGross(percent(now.Line.Add(now.LineTax)), digits)
	default:
		err = refuse("som.fee.amount-type", CodeInvalidInput, "%q is not an amount type of fees.", fee.AmountType).on("amountType")
	}
	return price, tax, err
}

// taxOn is the tax on a price at the rate of the line: what tax the line bears now, or bore without its discounts.
func (i *orderItemSummary) taxOn(price decimal.Decimal, digits int32) decimal.Decimal {
	net, tax := i.taxBase()
	if net.IsZero() {
		return decimal.Zero
	}
	return i.rounding().div(price.Mul(tax), net, digits)
}

// splitGross takes the tax out of an amount that holds it; both parts add up to the amount.
func (i *orderItemSummary) splitGross(gross decimal.Decimal, digits int32) (price, tax decimal.Decimal) {
	net, on := i.taxBase()
	if net.Add(on).IsZero() {
		return gross, decimal.Zero
	}
	tax = i.rounding().div(gross.Mul(on), net.Add(on), digits)
	return gross.Sub(tax), tax
}

func (i *orderItemSummary) taxBase() (net, tax decimal.Decimal) {
	now := i.amounts()
	return now.Line, now.LineTax
}

// feeLine makes the new order item summary of a fee. It is in the delivery group of the units it is for.
func (d *SOM) feeLine(tx *sandbox.Tx, a unitAction, of *orderItemSummary, in ChangeItem, fee ChangeFee, worth amounts) *lineChange {
	product, _ := d.find(tx, objProduct, fee.ProductID)
	currency := of.Get("CurrencyIsoCode")
	item := &orderItemSummary{how: &d.decided, row: newRow(objOrderItemSummary, values{
		"OrderSummaryId": of.Get("OrderSummaryId"), "OrderDeliveryGroupSummaryId": of.Get("OrderDeliveryGroupSummaryId"),
		"Product2Id": product.ID, "Name": product.Get("Name"), "ProductCode": product.Get("ProductCode"),
		"StockKeepingUnit": product.Get("StockKeepingUnit"), "Description": firstText(fee.Description, product.Text("Name")),
		"PricebookEntryId": d.feePrice(tx, fee), "CurrencyIsoCode": currency,
		"Type": string(TypeFee), "TypeCode": TypeFee.code(), "UnitPrice": worth.Line, "ListPrice": worth.Line,
		"GrossUnitPrice": worth.withTax(), "TotalLineAmount": worth.Line, "QuantityOrdered": decimal.NewFromInt(1),
		"QuantityCanceled": decimal.Zero, "QuantityAllocated": decimal.Zero, "QuantityFulfilled": decimal.Zero,
		"QuantityReturnInitiated": decimal.Zero, "QuantityReturned": decimal.Zero,
	})}
	line := &lineChange{
		item: item, changeType: a.onFees, reason: firstText(fee.Reason, in.Reason), reasonText: in.ReasonText,
		quantity: decimal.NewFromInt(-1), line: worth.Line, delta: worth,
	}
	if !worth.LineTax.IsZero() {
		tax := of.taxTemplate(worth.LineTax)
		item.taxes = append(item.taxes, tax)
		line.taxes = append(line.taxes, taxDelta{tax, worth.LineTax})
	}
	item.rollUp()
	return line
}

// takeIn adds lines that are new on the order summary.
func (s *orderSummary) takeIn(lines []*lineChange) {
	for _, l := range lines {
		s.items = append(s.items, l.item)
	}
}

// feePrice is the price book entry of a fee: the one that was named, or that of its product.
func (d *SOM) feePrice(tx *sandbox.Tx, fee ChangeFee) sobject.Value {
	if fee.PricebookEntryID != "" {
		return fee.PricebookEntryID
	}
	return d.pricebookEntry(tx, fee.ProductID)
}

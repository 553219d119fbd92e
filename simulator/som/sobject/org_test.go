package sobject_test

import (
	"os"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

func orgCatalog(t *testing.T) *sobject.Catalog {
	t.Helper()
	c, err := sobject.Load(os.DirFS("../../../specs/som/sobjects"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOrgHasTheKeyPrefixesOfARealOne(t *testing.T) {
	t.Parallel()
	c := orgCatalog(t)
	for name, prefix := range map[string]string{
		"Account": "001", "Contact": "003", "User": "005", "Product2": "01t", "Pricebook2": "01s", "PricebookEntry": "01u", "Order": "801", "OrderItem": "802",
		"OrderDeliveryGroup": "2Dg", "OrderDeliveryMethod": "2Dm", "OrderSummary": "1Os", "OrderItemSummary": "10u", "OrderItemSummaryChange": "1oc",
		"OrderPaymentSummary": "0bM", "OrderDeliveryGroupSummary": "0ag", "OrderAdjustmentGroupSummary": "0aj", "OrderItemAdjustmentLineSummary": "0ah",
		"OrderItemTaxLineItemSummary": "0ai", "FulfillmentOrder": "0a3", "FulfillmentOrderLineItem": "0a4", "ReturnOrder": "2oN", "ReturnOrderLineItem": "0Sn",
		"Shipment": "0OB", "Location": "131", "SalesChannel": "0bI", "Invoice": "3tt", "CreditMemo": "50g", "Payment": "0aQ", "PaymentAuthorization": "0Xc",
		"PaymentAuthAdjustment": "9tv", "Refund": "0cb", "PaymentGateway": "0b0", "PaymentGatewayLog": "0Xt", "CardPaymentMethod": "03O",
	} {
		if o, ok := c.ByPrefix(prefix); !ok || o.Name != name {
			t.Errorf("prefix %s is not that of %s", prefix, name)
		}
	}
}

func TestEveryReferenceIsIndexed(t *testing.T) {
	t.Parallel()
	c := orgCatalog(t)
	keys := map[string]string{}
	for _, o := range c.Objects() {
		for _, f := range o.Fields {
			if len(f.ReferenceTo) > 0 && !f.Indexed {
				t.Errorf("%s.%s has no index", o.Name, f.Name)
			}
			name, key := o.Name+"."+f.Name, c.IndexKey(o.Name, f.Name, "x")
			if f.Indexed && keys[key] != "" {
				t.Errorf("%s and %s share the key %s", name, keys[key], key)
			}
			keys[key] = name
		}
		for _, child := range o.Children {
			if f := field(t, object(t, c, child.Object), child.Field); f.Children != child.Name || !f.Refers(o.Name) {
				t.Errorf("%s.%s leads to %s.%s, which knows nothing of it or points elsewhere", o.Name, child.Name, child.Object, child.Field)
			}
		}
	}
}

func TestOrgFormulas(t *testing.T) {
	t.Parallel()
	c := orgCatalog(t)
	tests := []struct {
		object string
		stored map[string]string
		want   map[string]string
	}{
		{
			"OrderItemSummary",
			map[string]string{
				"QuantityOrdered": "10", "QuantityCanceled": "2", "QuantityAllocated": "5", "QuantityFulfilled": "4", "QuantityReturnInitiated": "3",
				"QuantityReturned": "1", "QuantityReshipped": "1", "TotalLineAmount": "100", "TotalLineTaxAmount": "21", "TotalLineAdjustmentAmount": "-10",
				"TotalLineAdjustmentTaxAmount": "-2.10", "TotalAdjustmentDistAmount": "-5", "TotalAdjustmentDistTaxAmount": "-1.05",
			},
			map[string]string{
				"Quantity": "7", "QuantityNetOrdered": "8", "QuantityAvailableToCancel": "3", "QuantityAvailableToFulfill": "3", "QuantityAvailableToReturn": "1",
				"QuantityAvailableToReship": "0", "AdjustedLineAmount": "90", "AdjustedLineAmtWithTax": "108.90", "TotalAdjustmentAmount": "-15", "TotalPrice": "85",
				"TotalTaxAmount": "17.85", "TotalAmtWithTax": "102.85", "TotalLineAmountWithTax": "121", "TotalAdjustmentAmtWithTax": "-18.15",
			},
		},
		{
			"OrderPaymentSummary",
			map[string]string{"AuthorizationAmount": "100", "CapturedAmount": "30", "PendingCaptureAmount": "5", "AuthorizationReversalAmount": "10", "RefundedAmount": "12"},
			map[string]string{"AvailableToCaptureAmount": "55", "AvailableToRefundAmount": "23"},
		},
		{
			"OrderPaymentSummary",
			map[string]string{"AuthorizationAmount": "10", "CapturedAmount": "30", "RefundedAmount": "31"},
			map[string]string{"AvailableToCaptureAmount": "0", "AvailableToRefundAmount": "0"},
		},
		{
			"OrderSummary",
			map[string]string{"TotalAmount": "84.99", "TotalTaxAmount": "4.25", "TotalProductAdjDistAmount": "-1", "TotalDeliveryAdjDistAmount": "-2", "TotalFeeAdjDistAmount": "-3"},
			map[string]string{"GrandTotalAmount": "89.24", "TotalAdjDistAmount": "-6"},
		},
		{
			"FulfillmentOrderLineItem",
			map[string]string{"TotalLineAmount": "50", "TotalLineTaxAmount": "5", "TotalAdjustmentAmount": "-10", "TotalAdjustmentTaxAmount": "-1"},
			map[string]string{"TotalPrice": "40", "TotalTaxAmount": "4", "TotalAmount": "44", "TotalLineAmountWithTax": "55"},
		},
		{
			"PaymentAuthorization",
			map[string]string{"Amount": "100", "TotalPaymentCaptureAmount": "60", "TotalAuthReversalAmount": "50"},
			map[string]string{"Balance": "-10"},
		},
	}
	for _, tc := range tests {
		t.Run(tc.object, func(t *testing.T) {
			t.Parallel()
			o := object(t, c, tc.object)
			r := sobject.New(tc.object, o.KeyPrefix+"000000000001AAA")
			for name, text := range tc.stored {
				if field(t, o, name).Formula != nil {
					t.Errorf("%s is computed", name)
				}
				r.Set(name, decimal.RequireFromString(text))
			}
			for name, want := range tc.want {
				got, ok := c.Value(&r, field(t, o, name)).(decimal.Decimal)
				if !ok || !got.Equal(decimal.RequireFromString(want)) {
					t.Errorf("%s is %v, want %s", name, got, want)
				}
			}
		})
	}
}

func TestPicklistsCarryWhatTheDomainNeeds(t *testing.T) {
	t.Parallel()
	c := orgCatalog(t)
	reason := field(t, object(t, c, "OrderItemSummaryChange"), "Reason")
	if reason.DefaultPicklistValue() != "Unknown" || !reason.Restricted {
		t.Errorf("reason: %+v", reason)
	}
	if v, ok := reason.PicklistValue("Store Closed"); !ok || !v.Inactive {
		t.Errorf("inactive reason: %+v", v)
	}
	status := field(t, object(t, c, "FulfillmentOrder"), "Status")
	categories := field(t, object(t, c, "FulfillmentOrder"), "StatusCategory")
	for _, v := range status.Picklist {
		if _, ok := categories.PicklistValue(v.Category); !ok {
			t.Errorf("status %s has the unknown category %q", v.Value, v.Category)
		}
	}
	if v, _ := status.PicklistValue("Fulfilled"); v.Category != "CLOSED" {
		t.Errorf("fulfilled: %+v", v)
	}
	if f := field(t, object(t, c, "OrderItemSummary"), "Status"); f.Formula != nil || f.DefaultPicklistValue() != "ORDERED" {
		t.Errorf("item status: %+v", f)
	}
}

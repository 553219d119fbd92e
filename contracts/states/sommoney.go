package states

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
)

// operationRef is the payment provider's id of an operation in the pacts.
const operationRef = "3000000999_1"

func (s *Stage) authorised(number string) (Values, error) {
	rows, err := s.query("SELECT Id, OrderPaymentSummaryId, OrderPaymentSummary.OrderSummaryId, GatewayRefNumber FROM PaymentAuthorization WHERE OrderPaymentSummary.OrderSummary.OrderNumber = '" + number + "'")
	if err != nil {
		return nil, err
	}
	of, _ := rows[0]["OrderPaymentSummary"].(map[string]any)
	return Values{
		"paymentAuthorizationId": rows[0]["Id"], "orderPaymentSummaryId": rows[0]["OrderPaymentSummaryId"], "orderSummaryId": of["OrderSummaryId"],
	}, nil
}

// cameBack takes a unit of a delivered order back and keeps a fee of it.
func (s *Stage) cameBack(number string) (Values, error) {
	found, err := s.returnableUnits(number)
	if err != nil {
		return nil, err
	}
	products, err := s.query(`SELECT Id FROM Product2 WHERE ProductCode = 'SPENT-POINTS'`)
	if err != nil {
		return nil, err
	}
	var change struct {
		ChangeOrderID    string `json:"changeOrderId"`
		FeeChangeOrderID string `json:"feeChangeOrderId"`
	}
	path := fmt.Sprintf("/services/data/v60.0/commerce/order-management/order-summaries/%s/actions/submit-return", found["orderSummaryId"])
	err = s.exchange(http.MethodPost, s.api+path, as(s.real(pactSession)), map[string]any{"changeItems": []map[string]any{{
		"orderItemSummaryId": found["orderItemSummaryId"], "quantity": 1, "reason": "Unknown", "shippingReductionFlag": false,
		"changeItemFees": []map[string]any{{
			"amount": 10, "amountType": "PercentageGross", "product2Id": products[0]["Id"], "reason": "Unknown", "description": "Restocking fee",
		}},
	}}}, &change)
	found["changeOrderId"], found["feeChangeOrderId"] = change.ChangeOrderID, change.FeeChangeOrderID
	return found, err
}

func (s *Stage) paid(number string) (Values, error) {
	found, err := s.authorised(number)
	if err != nil {
		return nil, err
	}
	rows, err := s.query("SELECT Id FROM Payment WHERE Status = 'Processed' AND OrderPaymentSummary.OrderSummary.OrderNumber = '" + number + "'")
	if err != nil {
		return nil, err
	}
	found["paymentId"] = rows[0]["Id"]
	return found, nil
}

// reversed records the operation of the pacts as a reversal.
func (s *Stage) reversed(number string) (Values, error) {
	found, err := s.paid(number)
	if err != nil {
		return nil, err
	}
	return found, s.create("PaymentAuthAdjustment", processed(map[string]any{
		"PaymentAuthorizationId": found["paymentAuthorizationId"], "Type": "Reversal",
	}), nil)
}

// refunded records the operation of the pacts as a refund of the order's payment.
func (s *Stage) refunded(number string) (Values, error) {
	found, err := s.paid(number)
	if err != nil {
		return nil, err
	}
	var refund struct{ ID string }
	row := processed(map[string]any{"OrderPaymentSummaryId": found["orderPaymentSummaryId"], "Type": "Referenced"})
	if err := s.create("Refund", row, &refund); err != nil {
		return nil, err
	}
	found["refundId"] = refund.ID
	return found, s.create("RefundLinePayment", map[string]any{
		"RefundId": refund.ID, "PaymentId": found["paymentId"], "Amount": 10, "Type": "Applied",
	}, nil)
}

// processed adds what rows of money have that moved outside of Salesforce.
func processed(row map[string]any) map[string]any {
	maps.Copy(row, map[string]any{
		"Amount": 10, "ProcessingMode": "External", "Status": "Processed", "GatewayRefNumber": operationRef,
	})
	return row
}

// longQuery adds as many rows as the smallest page has to those of the preset,
// and asks for the first page.
func (s *Stage) longQuery(string) (Values, error) {
	const smallest = 200
	found, err := s.authorised("00000101")
	if err != nil {
		return nil, err
	}
	var rows []map[string]any
	for range smallest {
		row := processed(map[string]any{"PaymentAuthorizationId": found["paymentAuthorizationId"], "Type": "Reversal"})
		row["Amount"], row["attributes"] = 0.01, map[string]string{"type": "PaymentAuthAdjustment"}
		rows = append(rows, row)
	}
	session := as(s.real(pactSession))
	collection := map[string]any{"allOrNone": true, "records": rows}
	if err := s.exchange(http.MethodPost, s.api+"/services/data/v60.0/composite/sobjects", session, collection, nil); err != nil {
		return nil, err
	}
	var page struct{ NextRecordsURL string }
	session.Set("Sforce-Query-Options", fmt.Sprintf("batchSize=%d", smallest))
	address := s.api + "/services/data/v60.0/query?q=" + url.QueryEscape("SELECT Id FROM PaymentAuthAdjustment")
	if err := s.exchange(http.MethodGet, address, session, nil, &page); err != nil {
		return nil, err
	}
	if page.NextRecordsURL == "" {
		return nil, errors.New("all rows fit a page")
	}
	return Values{"locator": path.Base(page.NextRecordsURL)}, nil
}

func (s *Stage) create(object string, row map[string]any, out any) error {
	return s.exchange(http.MethodPost, s.api+"/services/data/v60.0/sobjects/"+object, as(s.real(pactSession)), row, out)
}

package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/shopspring/decimal"
)

// till is where the retailer takes authorised money, without asking order-ops.
type till struct {
	wire
	api, sandbox string
	bySOM        bool // order management takes the money
	office       *orgUser
	books        *auditor
}

// take captures an amount of the order's payment, all that is open if it is zero, and has order management know of it.
func (t *till) take(ctx context.Context, s orderSummary, p payment, amount int64, now time.Time) error {
	if amount == 0 {
		amount = p.open()
	}
	if t.bySOM {
		return t.takeBySOM(ctx, s, p, decimal.New(amount, -2))
	}
	id, err := t.move(ctx, p, "capture", map[string]any{"amount": amount}, now)
	if err != nil {
		return err
	}
	return t.record(ctx, s, p, id, decimal.New(amount, -2))
}

// takeBySOM has order management capture an amount of the order's payment.
func (t *till) takeBySOM(ctx context.Context, s orderSummary, p payment, amount decimal.Decimal) error {
	for _, summary := range s.Payments.Records {
		for _, authorization := range summary.Authorizations.Records {
			if authorization.Reference != p.id {
				continue
			}
			no, err := t.office.act(ctx, t.office.request(http.MethodPost, "/commerce/payments/authorizations/"+authorization.ID+"/captures",
				map[string]any{"amount": json.Number(amount.String())}))
			if no != nil {
				err = errors.Join(err, no)
			}
			return err
		}
	}
	return fmt.Errorf("order management knows no authorisation of payment %s", p.id)
}

// move has the payment provider move money of a payment and returns the id of that.
func (t *till) move(ctx context.Context, p payment, what string, body any, now time.Time) (string, error) {
	path := "/v2/" + wellKnown + "/payments/" + url.PathEscape(p.id) + "/" + what
	date := now.UTC().Format(http.TimeFormat)
	var moved struct {
		ID string `json:"id"`
	}
	err := t.call(ctx, request{http.MethodPost, t.api + path, map[string]string{
		"Date": date, "Authorization": signed(http.MethodPost, "application/json", date, path, wellKnown+"~"+t.sandbox, wellKnown),
	}, body}, &moved)
	return moved.ID, err
}

// record makes the row of a capture in order management.
func (t *till) record(ctx context.Context, s orderSummary, p payment, operationID string, amount decimal.Decimal) error {
	for _, summary := range s.Payments.Records {
		for _, authorization := range summary.Authorizations.Records {
			if authorization.Reference != p.id {
				continue
			}
			_, err := t.enter(ctx, "Payment", amount, operationID, map[string]any{
				"OrderPaymentSummaryId": summary.ID, "PaymentAuthorizationId": authorization.ID, "Type": "Capture",
			})
			return err
		}
	}
	return fmt.Errorf("order management knows no authorisation of payment %s", p.id)
}

// giveBack pays an amount back, or lets it go of the authorisation when nothing was captured, and has order management know of it.
func (t *till) giveBack(ctx context.Context, s orderSummary, p payment, amount decimal.Decimal, now time.Time) error {
	money := map[string]any{"amountOfMoney": map[string]any{"amount": cents(amount), "currencyCode": "USD"}}
	if p.kept() > 0 {
		id, err := t.move(ctx, p, "refund", money, now)
		if err != nil {
			return err
		}
		return t.recordRefund(ctx, s.Payments.Records[0], id, amount)
	}
	if _, err := t.move(ctx, p, "cancel", money, now); err != nil {
		return err
	}
	// The answer names the payment alone; what happened to it is in the provider's books.
	p, err := t.books.payment(ctx, p.id, now)
	if err != nil {
		return err
	}
	_, err = t.enter(ctx, "PaymentAuthAdjustment", amount, p.operations[len(p.operations)-1].ID, map[string]any{
		"PaymentAuthorizationId": s.Payments.Records[0].Authorizations.Records[0].ID, "Type": "Reversal",
	})
	return err
}

// recordRefund makes the rows of a refund in order management.
func (t *till) recordRefund(ctx context.Context, of paymentSummary, operationID string, amount decimal.Decimal) error {
	refund, err := t.enter(ctx, "Refund", amount, operationID, map[string]any{"OrderPaymentSummaryId": of.ID, "Type": "Referenced"})
	if err != nil {
		return err
	}
	no, err := t.office.act(ctx, t.office.request(http.MethodPost, "/sobjects/RefundLinePayment", map[string]any{
		"RefundId": refund, "PaymentId": of.Captures.Records[0].ID, "Amount": json.Number(amount.String()), "Type": "Applied",
	}))
	if no != nil {
		err = errors.Join(err, no)
	}
	return err
}

// enter makes a row of money that was moved outside of Salesforce, and returns its id.
func (t *till) enter(ctx context.Context, object string, amount decimal.Decimal, operationID string, fields map[string]any) (string, error) {
	fields["Amount"], fields["Status"], fields["ProcessingMode"] = json.Number(amount.String()), "Processed", "External"
	fields["GatewayRefNumber"] = operationID
	var created struct {
		ID string `json:"id"`
	}
	no, err := t.office.actFor(ctx, t.office.request(http.MethodPost, "/sobjects/"+object, fields), &created)
	if no != nil {
		err = errors.Join(err, no)
	}
	return created.ID, err
}

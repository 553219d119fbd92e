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
	office       *orgUser
}

// take captures an amount of the order's payment, all that is open if it is zero, and has order management know of it.
func (t *till) take(ctx context.Context, s orderSummary, p payment, amount int64, now time.Time) error {
	if amount == 0 {
		amount = p.open()
	}
	path := "/v2/" + wellKnown + "/payments/" + url.PathEscape(p.id) + "/capture"
	date := now.UTC().Format(http.TimeFormat)
	var captured struct {
		ID string `json:"id"`
	}
	err := t.call(ctx, request{http.MethodPost, t.api + path, map[string]string{
		"Date": date, "Authorization": signed(http.MethodPost, "application/json", date, path, wellKnown+"~"+t.sandbox, wellKnown),
	}, map[string]any{"amount": amount}}, &captured)
	if err != nil {
		return err
	}
	return t.record(ctx, s, p, captured.ID, decimal.New(amount, -2))
}

// record makes the row of a capture in order management.
func (t *till) record(ctx context.Context, s orderSummary, p payment, operationID string, amount decimal.Decimal) error {
	for _, summary := range s.Payments.Records {
		for _, authorization := range summary.Authorizations.Records {
			if authorization.Reference != p.id {
				continue
			}
			no, err := t.office.act(ctx, t.office.request(http.MethodPost, "/sobjects/Payment", map[string]any{
				"OrderPaymentSummaryId": summary.ID, "PaymentAuthorizationId": authorization.ID, "Amount": json.Number(amount.String()),
				"Type": "Capture", "Status": "Processed", "ProcessingMode": "External", "GatewayRefNumber": operationID,
			}))
			if no != nil {
				err = errors.Join(err, no)
			}
			return err
		}
	}
	return fmt.Errorf("order management knows no authorisation of payment %s", p.id)
}

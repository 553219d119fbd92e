package features

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// payment is what the payment provider has on its books for a payment. Amounts are minor units.
type payment struct {
	id         string
	authorised int64
	operations []paymentOperation
}

// paymentOperation is one entry in those books.
type paymentOperation struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Money  struct {
		Amount int64 `json:"amount"`
	} `json:"amountOfMoney"`
}

// kind is what the operation did; requested and settled count alike.
func (o paymentOperation) kind() string {
	switch o.Status {
	case "CANCELLED":
		return "release"
	case "CAPTURED", "CAPTURE_REQUESTED":
		return "capture"
	case "REFUNDED", "REFUND_REQUESTED":
		return "refund"
	default:
		return "authorisation"
	}
}

func (p payment) sum(kind string) int64 {
	var sum int64
	for _, o := range p.operations {
		if o.kind() == kind {
			sum += o.Money.Amount
		}
	}
	return sum
}

// open is the authorised money that was neither captured nor released.
func (p payment) open() int64 { return p.authorised - p.sum("capture") - p.sum("release") }

// kept is what the shopper has paid and not got back.
func (p payment) kept() int64 { return p.sum("capture") - p.sum("refund") }

// since are the operations that are not in before.
func (p payment) since(before payment) []paymentOperation {
	return p.operations[min(len(before.operations), len(p.operations)):]
}

// cents is an amount in minor units; all orders of the preset are in a currency with two digits.
func cents(amount decimal.Decimal) int64 { return amount.Shift(2).Round(0).IntPart() }

// payment reads a payment with its operations. The provider wants requests signed with the date.
func (a *auditor) payment(ctx context.Context, id string, now time.Time) (payment, error) {
	path := "/v2/" + wellKnown + "/payments/" + url.PathEscape(id) + "/details"
	date := now.UTC().Format(http.TimeFormat)
	var out struct {
		ID     string `json:"id"`
		Output struct {
			Money struct {
				Amount int64 `json:"amount"`
			} `json:"amountOfMoney"`
		} `json:"paymentOutput"`
		Operations []paymentOperation `json:"Operations"`
	}
	err := a.call(ctx, request{http.MethodGet, a.api + path, map[string]string{
		"Date": date, "Authorization": signed(http.MethodGet, "", date, path, wellKnown+"~"+a.sandbox, wellKnown),
	}, nil}, &out)
	return payment{out.ID, out.Output.Money.Amount, out.Operations}, err
}

// paymentID is the id of the payment that an operation belongs to: operations are numbered after it, itself being 0.
func paymentID(operationID string) string {
	number, _, numbered := strings.Cut(operationID, "_")
	if !numbered {
		return operationID
	}
	return number + "_0"
}

// signed is the provider's v1HMAC authorization of a request: verb, content type (empty without a body), date and path,
// each ended by a newline.
func signed(method, contentType, date, path, keyID, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(method + "\n" + contentType + "\n" + date + "\n" + path + "\n")) // a hash never fails to write
	return "GCS v1HMAC:" + keyID + ":" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

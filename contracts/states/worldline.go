package states

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// pactMoveKey is the idempotence key of the pacts with the payment platform.
const pactMoveKey = "3f1b6d0c9a2e4f7785c1d2e3a4b5c6d7"

// pactSigned is how the signature of the merchant's key begins in the pacts.
const pactSigned = "GCS v1HMAC:somsim:"

// worldlineStates is the vocabulary that consumers may use of the payment
// platform. Which payment an order has is known to SOM.
func worldlineStates() map[string]prepare {
	states := map[string]prepare{
		"preset omnichannel":                           nothing,
		"the payment of an order is authorised":        (*Stage).payment,
		"the payment of an order is captured":          (*Stage).payment,
		"the authorisation of an order has lapsed":     (*Stage).lapsed,
		"a refund was accepted":                        nothing, // which comes about as it is told of
		"a refund was accepted and then refused":       nothing,
		"money was captured":                           nothing,
		"money of an order was voided under the key":   moving("cancel"),
		"money of an order was refunded under the key": moving("refund"),
	}
	for name, prepare := range states {
		states[name] = withSession(prepare)
	}
	return states
}

func (s *Stage) payment(number string) (Values, error) {
	rows, err := s.query("SELECT GatewayRefNumber FROM PaymentAuthorization WHERE OrderPaymentSummary.OrderSummary.OrderNumber = '" + number + "'")
	if err != nil {
		return nil, err
	}
	return Values{"paymentId": rows[0]["GatewayRefNumber"]}, nil
}

func (s *Stage) lapsed(number string) (Values, error) {
	found, err := s.payment(number)
	if err != nil {
		return nil, err
	}
	return found, s.wait(8 * 24 * time.Hour)
}

// moving moves money of the order's payment under the key of the pacts.
func moving(action string) prepare {
	return func(s *Stage, number string) (Values, error) {
		found, err := s.payment(number)
		if err != nil {
			return nil, err
		}
		body, err := json.Marshal(map[string]any{
			"amountOfMoney":       map[string]any{"amount": 1000, "currencyCode": "USD"},
			"operationReferences": map[string]string{"merchantReference": pactMoveKey},
		})
		if err != nil {
			return nil, err
		}
		address := fmt.Sprintf("%s/v2/somsim/payments/%s/%s", s.api, url.PathEscape(fmt.Sprint(found["paymentId"])), action)
		req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, address, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		req.Header = http.Header{
			"Content-Type": {"application/json"}, "Date": {"Mon, 01 Jun 2026 10:00:00 GMT"}, "X-Sandbox": {s.sandbox()},
			"X-Gcs-Idempotence-Key": {pactMoveKey},
		}
		req.Header.Set("Authorization", signature(req))
		_, err = s.send(http.MethodPost, address, req.Header, "application/json", string(body), nil)
		return found, err
	}
}

// signature is the header that a merchant's own signature stands in: the
// request may have got other ids than those the pact's was made for.
func signature(r *http.Request) string {
	contentType := ""
	if r.Method != http.MethodGet {
		contentType = r.Header.Get("Content-Type")
	}
	lines := []string{r.Method, contentType, r.Header.Get("Date")}
	var own []string
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-gcs-") {
			own = append(own, lower+":"+r.Header.Get(name))
		}
	}
	slices.Sort(own)
	lines = append(append(lines, own...), r.URL.RequestURI())
	mac := hmac.New(sha256.New, []byte("somsim"))
	_, _ = mac.Write([]byte(strings.Join(lines, "\n") + "\n")) // a hash never fails to write
	return pactSigned + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Package worldlineclient is the consumer side of the Worldline Direct payment API: reading what a payment has come to,
// voiding its uncaptured share and refunding its captured share. Amounts are integer minor units throughout.
package worldlineclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/somsim/somsim/orderops/remote"
)

// System is the name of this remote system in errors, effects and metrics.
const System = "worldline"

// Credentials are the merchant and the API key.
type Credentials struct{ MerchantID, KeyID, Secret string }

// Client calls Worldline for one merchant.
type Client struct {
	caller      remote.Caller
	credentials Credentials
	clock       remote.Clock
}

// New makes a client over a caller and credentials. The clock dates the signed requests.
func New(caller remote.Caller, credentials Credentials, clock remote.Clock) *Client {
	caller.System, caller.Explain = System, explain
	return &Client{caller: caller, credentials: credentials, clock: clock}
}

// money is an amount on the wire.
type money struct {
	Amount       int64  `json:"amount"`
	CurrencyCode string `json:"currencyCode"`
}

// Movement is money to be moved. The same key never moves it twice; the operation carries it as its reference.
type Movement struct {
	Amount   int64 // minor units
	Currency string
	Key      string // at most 40 characters
	// Final says that nothing else of the authorisation will be captured.
	Final bool
}

// references are the merchant's own names of an operation.
type references struct {
	MerchantReference string `json:"merchantReference"`
}

// Void gives back the uncaptured share of an authorisation. The answer does not name the operation: Payment finds it by
// the key.
func (c *Client) Void(ctx context.Context, paymentID string, m Movement) error {
	body, err := json.Marshal(struct {
		AmountOfMoney       money      `json:"amountOfMoney"`
		IsFinal             bool       `json:"isFinal"`
		OperationReferences references `json:"operationReferences"`
	}{money{m.Amount, m.Currency}, m.Final, references{m.Key}})
	if err != nil {
		return fmt.Errorf("encode void: %w", err)
	}
	_, err = c.do(ctx, "cancelPayment", http.MethodPost, "/payments/"+url.PathEscape(paymentID)+"/cancel", body, m.Key)
	return err
}

// Refund pays back captured money and returns the operation.
func (c *Client) Refund(ctx context.Context, paymentID string, m Movement) (Operation, error) {
	body, err := json.Marshal(struct {
		AmountOfMoney       money      `json:"amountOfMoney"`
		OperationReferences references `json:"operationReferences"`
	}{money{m.Amount, m.Currency}, references{m.Key}})
	if err != nil {
		return Operation{}, fmt.Errorf("encode refund: %w", err)
	}
	reply, err := c.do(ctx, "refundPayment", http.MethodPost, "/payments/"+url.PathEscape(paymentID)+"/refund", body, m.Key)
	if err != nil {
		return Operation{}, err
	}
	var refund operation
	if err := json.Unmarshal(reply.Body, &refund); err != nil || refund.ID == "" {
		return Operation{}, c.caller.Unreadable(remote.Call{Operation: "refundPayment", Method: http.MethodPost}, err)
	}
	out := refund.read()
	out.Amount, out.Reference = m.Amount, m.Key
	return out, nil
}

// do signs and sends a call. With an idempotence key a write is repeatable.
func (c *Client) do(ctx context.Context, operation, method, path string, body []byte, key string) (*remote.Reply, error) {
	call := remote.Call{
		Operation: operation, Method: method, Path: "/v2/" + url.PathEscape(c.credentials.MerchantID) + path,
		Body: body, Repeatable: key != "", Header: http.Header{},
	}
	if len(body) > 0 {
		call.ContentType = "application/json"
	}
	if key != "" {
		call.Header.Set(idempotenceHeader, key)
	}
	call.Header.Set("Date", c.clock.Now(ctx).UTC().Format(http.TimeFormat))
	call.Header.Set("Authorization", c.authorization(ctx, call))
	return c.caller.Do(ctx, call)
}

// OperationNotPossible is the error id of an operation that the payment's state does not allow.
const OperationNotPossible = "OPERATION_NOT_POSSIBLE"

func explain(status int, body []byte) (string, string, remote.Class) {
	var envelope struct {
		Errors []struct {
			ID        string `json:"id"`
			ErrorCode string `json:"errorCode"`
			Message   string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &envelope) != nil || len(envelope.Errors) == 0 {
		return "", "", ""
	}
	first := envelope.Errors[0]
	switch {
	case first.ID == OperationNotPossible:
		return OperationNotPossible, first.Message, remote.Conflict
	case status == http.StatusForbidden: // a key that is unknown or not the merchant's, or a signature that is wrong
		return first.ID, first.Message, remote.Unauthorized
	case status == http.StatusConflict: // the first use of the idempotence key is still running
		return first.ID, first.Message, remote.Unavailable
	case first.ID == "":
		return first.ErrorCode, first.Message, ""
	default:
		return first.ID, first.Message, ""
	}
}

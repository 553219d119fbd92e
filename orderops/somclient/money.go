package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

// Reversal is authorised money that was given back outside of Salesforce.
type Reversal struct {
	AuthorizationID string // of the PaymentAuthorization
	Amount          decimal.Decimal
	Reference       string // the payment provider's id of the operation
	At              time.Time
}

// RecordReversal makes the PaymentAuthAdjustment of a reversal and returns its id. The vendor has no idempotency key for
// it: after an ambiguous answer look with Recorded.
func (c *Client) RecordReversal(ctx context.Context, r Reversal) (string, error) {
	body, err := json.Marshal(struct {
		PaymentAuthorizationID string `json:"PaymentAuthorizationId"`
		processed
	}{r.AuthorizationID, newProcessed("Reversal", r.Amount, r.Reference, r.At)})
	if err != nil {
		return "", fmt.Errorf("encode reversal: %w", err)
	}
	call := remote.Call{Operation: "createRow", Method: http.MethodPost, Path: resource("/sobjects/PaymentAuthAdjustment"), Body: body}
	created, err := do[createdRow](ctx, c, call)
	if err != nil {
		return "", err
	}
	return created.ID, created.check(call)
}

// RefundLine is the share of a refund that one payment gives back.
type RefundLine struct {
	PaymentID string
	Amount    decimal.Decimal
}

// Refund is captured money that was paid back outside of Salesforce.
type Refund struct {
	OrderPaymentSummaryID string
	Amount                decimal.Decimal
	Reference             string // the payment provider's id of the operation
	At                    time.Time
	Lines                 []RefundLine
}

// RecordRefund makes the Refund and its RefundLinePayments, all or none, and returns the refund's id. The vendor has no
// idempotency key for it: after an ambiguous answer look with Recorded.
func (c *Client) RecordRefund(ctx context.Context, r Refund) (string, error) {
	in := writeRequest{AllOrNone: true, CompositeRequest: []writeSubRequest{{
		Method: http.MethodPost, URL: resource("/sobjects/Refund"), ReferenceID: "refund",
		Body: refundRow{r.OrderPaymentSummaryID, newProcessed("Referenced", r.Amount, r.Reference, r.At)},
	}}}
	for i, line := range r.Lines {
		in.CompositeRequest = append(in.CompositeRequest, writeSubRequest{
			Method: http.MethodPost, URL: resource("/sobjects/RefundLinePayment"), ReferenceID: fmt.Sprintf("line%d", i+1),
			Body: refundLineRow{"@{refund.id}", line.PaymentID, json.Number(line.Amount.String()), "Applied"},
		})
	}
	body, err := json.Marshal(in)
	if err != nil {
		return "", fmt.Errorf("encode refund: %w", err)
	}
	call := remote.Call{Operation: "composite", Method: http.MethodPost, Path: resource("/composite"), Body: body}
	answer, err := do[compositeResponse](ctx, c, call)
	if err != nil {
		return "", err
	}
	return c.refundID(call, answer)
}

// refundID reads the new refund out of the answer, or finds the part that failed and had all rolled back.
func (c *Client) refundID(call remote.Call, answer compositeResponse) (string, error) {
	id := ""
	for _, part := range answer.CompositeResponse {
		if part.HTTPStatusCode >= http.StatusBadRequest {
			code, message, class := explain(part.HTTPStatusCode, part.Body)
			if code == halted {
				continue
			}
			if class == "" {
				class = classOfPart(part.HTTPStatusCode)
			}
			return "", &remote.Error{
				System: System, Operation: call.Operation, Status: part.HTTPStatusCode, Class: class, VendorCode: code, Message: message,
			}
		}
		if part.ReferenceID == "refund" {
			var created createdRow
			if err := json.Unmarshal(part.Body, &created); err != nil {
				return "", c.caller.Unreadable(call, err)
			}
			id = created.ID
		}
	}
	if id == "" {
		return "", c.caller.Unreadable(call, fmt.Errorf("no refund id"))
	}
	return id, nil
}

// halted is the code of parts that were rolled back because another one failed.
const halted = "PROCESSING_HALTED"

// classOfPart is the class of a part of a composite that failed and took all others with it: nothing changed.
func classOfPart(status int) remote.Class {
	switch {
	case status == http.StatusUnauthorized:
		return remote.Unauthorized
	case status == http.StatusNotFound, status == http.StatusGone:
		return remote.NotFound
	case status == http.StatusConflict, status == http.StatusPreconditionFailed:
		return remote.Conflict
	case status == http.StatusTooManyRequests:
		return remote.Throttled
	case status >= http.StatusInternalServerError:
		return remote.Unavailable
	default:
		return remote.Rejected
	}
}

// Record is what the org knows of one of the payment provider's operations.
type Record struct {
	// ID is the id of the row that records the operation; empty when there is none.
	ID string
	// Captures are the processed payments of the order payment summary, with what of each was not refunded yet.
	Captures []Capture
}

// Capture is a payment that can be given back.
type Capture struct {
	PaymentID string
	Left      decimal.Decimal
}

// The parts of the composite call of Recorded.
const (
	partAdjustments = "adjustments"
	partRefunds     = "refunds"
	partPayments    = "payments"
)

// Recorded looks whether an operation of the payment provider is on record, and what of the order payment summary's
// payments can be refunded. summaryID may be empty; then no payments are read.
func (c *Client) Recorded(ctx context.Context, reference, summaryID string) (Record, error) {
	in := inList([]string{reference})
	parts := []subRequest{
		query(partAdjustments, "SELECT Id FROM PaymentAuthAdjustment WHERE GatewayRefNumber = "+in),
		query(partRefunds, "SELECT Id FROM Refund WHERE GatewayRefNumber = "+in),
	}
	if summaryID != "" {
		parts = append(parts, query(partPayments, "SELECT Id, Amount, NetRefundApplied FROM Payment WHERE Status = 'Processed' AND "+
			"OrderPaymentSummaryId = "+inList([]string{summaryID})+" ORDER BY Id"))
	}
	body, err := json.Marshal(compositeRequest{CompositeRequest: parts})
	if err != nil {
		return Record{}, fmt.Errorf("encode composite: %w", err)
	}
	call := remote.Call{Operation: "composite", Method: http.MethodPost, Path: resource("/composite"), Body: body, Repeatable: true}
	answer, err := do[compositeResponse](ctx, c, call)
	if err != nil {
		return Record{}, asRead(err)
	}
	return c.record(call, answer)
}

// RenameRefund has a refund on record name another operation of the payment provider: the one that was made in the place of
// one that came to nothing. Renaming it again changes nothing.
func (c *Client) RenameRefund(ctx context.Context, refundID, reference string) error {
	body, err := json.Marshal(struct{ GatewayRefNumber string }{reference})
	if err != nil {
		return fmt.Errorf("encode reference of refund %s: %w", refundID, err)
	}
	return send(ctx, c, remote.Call{
		Operation: "updateRow", Method: http.MethodPatch, Path: resource("/sobjects/Refund/%s", refundID), Body: body, Repeatable: true,
	})
}

func (c *Client) record(call remote.Call, answer compositeResponse) (Record, error) {
	var out Record
	for _, part := range answer.CompositeResponse {
		if part.HTTPStatusCode >= http.StatusBadRequest {
			return Record{}, lookFailed(call, part.HTTPStatusCode, part.Body)
		}
		var rows Rows[paymentRow]
		if err := json.Unmarshal(part.Body, &rows); err != nil {
			return Record{}, asRead(c.caller.Unreadable(call, err))
		}
		for _, r := range rows.Records {
			switch part.ReferenceID {
			case partPayments:
				out.Captures = append(out.Captures, Capture{r.ID, r.Amount.Sub(r.NetRefundApplied)})
			case partAdjustments, partRefunds:
				out.ID = r.ID
			}
		}
	}
	return out, nil
}

// lookFailed is the error of a look of which a part failed. It changes nothing and may succeed later, whatever kept it
// from it.
func lookFailed(call remote.Call, status int, body json.RawMessage) error {
	code, message, class := explain(status, body)
	if !class.Passing() {
		class = remote.Unavailable
	}
	return &remote.Error{System: System, Operation: call.Operation, Class: class, Status: status, VendorCode: code, Message: message}
}

// paymentRow is a row of any of the queries of Recorded.
type paymentRow struct {
	ID               string `json:"Id"`
	Amount           decimal.Decimal
	NetRefundApplied decimal.Decimal
}

// processed are the fields of every row for money that has moved already. The currency is left to the org, since orgs
// with a single one have no such field.
type processed struct {
	Amount           json.Number
	ProcessingMode   string
	Status           string
	Type             string
	GatewayRefNumber string
	SfResultCode     string
	GatewayDate      *string `json:",omitempty"`
	Date             *string `json:",omitempty"`
	EffectiveDate    *string `json:",omitempty"`
}

func newProcessed(kind string, amount decimal.Decimal, reference string, at time.Time) processed {
	p := processed{
		Amount: json.Number(amount.String()), ProcessingMode: "External", Status: "Processed", Type: kind,
		GatewayRefNumber: reference, SfResultCode: "Success",
	}
	if !at.IsZero() {
		text := at.UTC().Format("2006-01-02T15:04:05.000Z")
		p.GatewayDate, p.Date, p.EffectiveDate = &text, &text, &text
	}
	return p
}

type refundRow struct {
	OrderPaymentSummaryID string `json:"OrderPaymentSummaryId"`
	processed
}

type refundLineRow struct {
	RefundID  string `json:"RefundId"`
	PaymentID string `json:"PaymentId"`
	Amount    json.Number
	Type      string
}

// row is a body of a write inside a composite call.
type row interface{ row() }

func (refundRow) row()     {}
func (refundLineRow) row() {}

type writeRequest struct {
	AllOrNone        bool              `json:"allOrNone"`
	CompositeRequest []writeSubRequest `json:"compositeRequest"`
}

type writeSubRequest struct {
	Method      string `json:"method"`
	URL         string `json:"url"`
	ReferenceID string `json:"referenceId"`
	Body        row    `json:"body"`
}

type createdRow struct {
	outputErrors
	ID string `json:"id"`
}

func (r createdRow) check(call remote.Call) error {
	if err := r.outputErrors.check(call); err != nil {
		return err
	}
	if r.ID == "" {
		return (&remote.Caller{System: System}).Unreadable(call, fmt.Errorf("no id of the new row"))
	}
	return nil
}

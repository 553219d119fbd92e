package ocijson

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
)

// BatchUpdateInput says what locations have counted.
type BatchUpdateInput struct {
	Body struct {
		Records []echoed[countRecord] `json:"records"`
	}
}

type countRecord struct {
	ActionRequestID    string    `json:"actionRequestId"`
	LocationIdentifier string    `json:"locationIdentifier"`
	StockKeepingUnit   string    `json:"stockKeepingUnit"`
	OnHand             *Quantity `json:"onHand"`
	SafetyStockCount   *Quantity `json:"safetyStockCount"`
	EffectiveDate      string    `json:"effectiveDate"`
	FutureStock        []Future  `json:"futureStock"`
	AttributeSet       struct {
		GroupEligibilityExclusion []string `json:"groupEligibilityExclusion"`
	} `json:"attributeSet"`
}

// Future is stock that is expected at an instant.
type Future struct {
	Quantity     Quantity `json:"quantity"`
	ExpectedDate string   `json:"expectedDate"`
}

// Futures reads what is expected; nil stays nil. The error is a [*Refusal].
func Futures(in []Future) ([]oci.Future, error) {
	if in == nil {
		return nil, nil
	}
	out := make([]oci.Future, len(in))
	for i, f := range in {
		at, err := parsed("expectedDate", f.ExpectedDate)
		if err != nil {
			return nil, err
		}
		out[i] = oci.Future{Quantity: f.Quantity.Decimal, ExpectedDate: at}
	}
	return out, nil
}

// Number is the number, or nil when there is none.
func (q *Quantity) Number() *decimal.Decimal {
	if q == nil {
		return nil
	}
	return &q.Decimal
}

func (r countRecord) count() (oci.Count, error) {
	at, err := parsed("effectiveDate", r.EffectiveDate)
	if err != nil {
		return oci.Count{}, err
	}
	futures, err := Futures(r.FutureStock)
	return oci.Count{
		ActionRequestID: r.ActionRequestID, LocationID: r.LocationIdentifier, SKU: r.StockKeepingUnit,
		OnHand: r.OnHand.Number(), SafetyStock: r.SafetyStockCount.Number(), EffectiveDate: at, Futures: futures,
		ExcludedGroups: r.AttributeSet.GroupEligibilityExclusion,
	}, err
}

// BatchUpdateAvailability takes counts in, record by record.
func (b Bodies) BatchUpdateAvailability(c *binding.Call, in BatchUpdateInput) (BatchOutput, error) {
	out := b.newBatch()
	for _, r := range in.Body.Records {
		count, err := r.record.count()
		if err == nil {
			err = c.Refused(r.raw)
		}
		if err == nil {
			err = b.Domain.UpdateRecord(c.Tx, count)
		}
		if err := out.add(c, err, r.raw); err != nil {
			return BatchOutput{}, err
		}
	}
	return out, nil
}

package som

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// backgroundKind is the kind of due work that runs a BackgroundOperation.
const backgroundKind = "som.background"

// job is what a BackgroundOperation has to do; the vendor's object does not hold it.
type job struct {
	OperationID, OrderSummaryID, UserID string
	// Kind says what it does.
	Kind jobKind
	// InvoiceID is to be paid, CreditMemoID and Excess are to be given back, InvoicesToPay lower what goes back.
	InvoiceID, CreditMemoID string
	Excess                  decimal.Decimal
	InvoicesToPay           []string
	AllowPartial            bool
	Sequences               []Sequence
	// ConsiderReserved pays with balances that are reserved for the order summary, and keeps those that it has reserved.
	ConsiderReserved bool
	// OldSelection chooses payments as ensure funds did before API 52.0.
	OldSelection bool
	// CancelAll is what to cancel.
	CancelAll CancelAll
}

func (j job) clone() job {
	j.InvoicesToPay, j.Sequences = slices.Clone(j.InvoicesToPay), slices.Clone(j.Sequences)
	j.CancelAll = j.CancelAll.clone()
	return j
}

type jobKind string

const (
	jobEnsureFunds   jobKind = "ensure-funds"
	jobEnsureRefunds jobKind = "ensure-refunds"
)

// start enqueues a job and returns the id of its BackgroundOperation.
func (d *SOM) start(tx *sandbox.Tx, name string, j job) string {
	j.OperationID = d.insert(tx, j.UserID, objBackground, values{
		"Name": name, "Status": "New", "SubmittedAt": tx.Now(), "ParentKey": j.OrderSummaryID,
		"RetryCount": decimal.Zero, "RetryLimit": decimal.Zero,
	})
	d.jobs.Put(tx.Tx, j)
	tx.Schedule(sandbox.Due{Kind: backgroundKind, Subject: j.OperationID, At: tx.Now().Add(d.decided.backgroundDelay)})
	return j.OperationID
}

// runBackground carries a job out. A job that is refused ends with the status Error and leaves nothing else behind; what
// a payment provider refuses is no error of the job.
func (d *SOM) runBackground(tx *sandbox.Tx, due sandbox.Due) error {
	j, ok := d.jobs.Get(tx.Tx, due.Subject)
	if !ok {
		return fmt.Errorf("there is no job for the background operation %s", due.Subject)
	}
	mark := tx.Mark()
	err := d.runJob(tx, j)
	if err != nil {
		tx.RollbackTo(mark)
	}
	operation := tracked(d.parent(tx, objBackground, j.OperationID))
	operation.put("StartedAt", tx.Now())
	operation.put("FinishedAt", tx.Now())
	operation.put("Status", "Complete")
	if err != nil {
		operation.put("Status", "Error")
		operation.put("Error", clipped(err.Error(), 255))
		if kind := j.Kind.failure(); kind != "" {
			d.complain(tx, j, kind, j.OrderSummaryID, err.Error())
		}
	}
	d.save(tx, j.UserID, operation)
	return nil
}

func (d *SOM) runJob(tx *sandbox.Tx, j job) error {
	switch j.Kind {
	case jobEnsureFunds:
		return d.runEnsureFunds(tx, j)
	case jobCancelAll:
		return d.runCancelAll(tx, j)
	default:
		return d.runEnsureRefunds(tx, j)
	}
}

// complain publishes what a payment provider refused. Source: object reference, ProcessExceptionEvent.
func (d *SOM) complain(tx *sandbox.Tx, j job, kind, attachedTo, message string) {
	d.publish(tx, j.UserID, EventProcessException,
		field("AttachedToId", attachedTo), field("BackgroundOperationId", j.OperationID), field("ExceptionType", kind),
		field("Message", clipped(message, 255)), field("OrderSummaryId", j.OrderSummaryID), field("Severity", "High"))
}

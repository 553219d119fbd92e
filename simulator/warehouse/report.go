package warehouse

import (
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Report is what the warehouse of a sandbox has to do.
type Report struct {
	// Waiting counts what waits for each stage; stages without are missing.
	Waiting map[Stage]int
	// Backordered are the numbers of the orders that are never allocated, Left what waits for people.
	Backordered []string
	Left        []Left
	// Next is when the warehouse does something next; zero when it stands still.
	Next time.Time
}

// Left is something that the warehouse does not touch any more.
type Left struct {
	OrderNumber, Subject, Why string
	Since                     time.Time
}

// Report tells what the warehouse has to do.
func (w *Warehouse) Report(tx *sandbox.Tx) Report {
	r := Report{Waiting: map[Stage]int{}}
	w.tasks.Scan(tx.Tx, func(t *task) bool {
		if t.Stage == left {
			r.Left = append(r.Left, Left{w.orderNumber(tx, t.SummaryID), t.Subject, t.Why, t.At})
			return true
		}
		r.Waiting[t.Stage]++
		return true
	})
	w.orders.Scan(tx.Tx, func(k *known) bool {
		if k.State == backordered {
			r.Backordered = append(r.Backordered, w.orderNumber(tx, k.SummaryID))
		}
		return true
	})
	slices.Sort(r.Backordered)
	slices.SortFunc(r.Left, func(a, b Left) int {
		if c := a.Since.Compare(b.Since); c != 0 {
			return c
		}
		return strings.Compare(a.Subject, b.Subject)
	})
	for _, d := range tx.Scheduled() {
		if d.Kind == round {
			r.Next = d.At
		}
	}
	return r
}

func (w *Warehouse) orderNumber(tx *sandbox.Tx, summaryID string) string {
	summary, ok := w.get(tx, summaryID)
	if !ok {
		return ""
	}
	return summary.Text("OrderNumber")
}

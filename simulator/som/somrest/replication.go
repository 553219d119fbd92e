package somrest

import (
	"net/http"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// What changed lately, for clients that keep a copy of an object's rows. Source: REST API Developer Guide, sObject Get
// Deleted, sObject Get Updated.

// maxReplication is how far back a client may ask.
const maxReplication = 30 * 24 * time.Hour

// instant is the form of instants in answers.
const instant = "2006-01-02T15:04:05.000-0700"

type deletedRow struct {
	ID          string `json:"id"`
	DeletedDate string `json:"deletedDate"`
}

type deletedRows struct {
	DeletedRecords        []deletedRow `json:"deletedRecords"`
	EarliestDateAvailable string       `json:"earliestDateAvailable"`
	LatestDateCovered     string       `json:"latestDateCovered"`
}

type updatedRows struct {
	IDs               []string `json:"ids"`
	LatestDateCovered string   `json:"latestDateCovered"`
}

// listDeleted answers the rows of an object that were deleted in a span of time.
func (a *API) listDeleted(c *binding.Call) (*binding.Response, error) {
	out := deletedRows{DeletedRecords: []deletedRow{}, EarliestDateAvailable: c.Now().Add(-maxReplication).UTC().Format(instant)}
	end, err := a.changed(c, func(r *sobject.Record, at time.Time) {
		if r.Bool("IsDeleted") {
			out.DeletedRecords = append(out.DeletedRecords, deletedRow{r.ID, at.Format(instant)})
		}
	})
	if err != nil {
		return nil, err
	}
	out.LatestDateCovered = end
	return binding.JSONResponse(http.StatusOK, out), nil
}

// listUpdated answers the rows of an object that were created or changed in a span of time and are still there.
func (a *API) listUpdated(c *binding.Call) (*binding.Response, error) {
	out := updatedRows{IDs: []string{}}
	end, err := a.changed(c, func(r *sobject.Record, _ time.Time) {
		if !r.Bool("IsDeleted") {
			out.IDs = append(out.IDs, r.ID)
		}
	})
	if err != nil {
		return nil, err
	}
	out.LatestDateCovered = end
	return binding.JSONResponse(http.StatusOK, out), nil
}

// changed visits the rows that changed last in the span the caller names, and tells up to when all are covered.
func (a *API) changed(c *binding.Call, visit func(r *sobject.Record, at time.Time)) (covered string, err error) {
	o, err := a.object(c)
	if err != nil {
		return "", err
	}
	start, end, err := span(c)
	if err != nil {
		return "", err
	}
	a.domain.Rows(c.Tx).Scan(o.Name, func(r *sobject.Record) bool {
		if at := r.Time("SystemModstamp"); !at.Before(start) && at.Before(end) {
			visit(r, at)
		}
		return true
	})
	if now := c.Now(); end.After(now) {
		end = now
	}
	return end.UTC().Format(instant), nil
}

// span reads the parameters start and end.
func span(c *binding.Call) (start, end time.Time, err error) {
	bounds := [2]time.Time{}
	for i, name := range []string{"start", "end"} {
		at, ok := readInstant(c.Request.Query(name))
		if !ok {
			return start, end, badSpan(name + " is not a valid date: " + c.Request.Query(name))
		}
		bounds[i], _ = at.(time.Time)
	}
	start, end = bounds[0], bounds[1]
	switch {
	case c.Now().Sub(start) > maxReplication:
		return start, end, badSpan("startDate cannot be more than 30 days ago")
	case end.Sub(start) < time.Minute:
		return start, end, badSpan("endDate must be at least one minute greater than the start date")
	}
	return start, end, nil
}

func badSpan(message string) error {
	return &som.Error{Code: "INVALID_REPLICATION_DATE", Rule: "som.data.replication-span", Message: message}
}

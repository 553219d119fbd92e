package ociclient

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

func serve(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return New(remote.Caller{BaseURL: server.URL}, Credentials{"group/1", "token"})
}

func TestHoldingsOfAnOrder(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.EscapedPath() != "/inventory/reservation/v1/organizations/group%2F1/reservation-documents" || r.URL.Query().Get("externalRefId") != "A 1" ||
			r.Header.Get("Authorization") != "Bearer token" {
			t.Errorf("asked for %s with %v", r.URL, r.Header)
		}
		_, _ = io.WriteString(w, `{"reservations":[
			{"reservationId":"r1","status":"CLOSED","reservationTime":"2026-01-01T00:00:00Z","records":[]},
			{"reservationId":"r2","status":"ACTIVE","reservationTime":"2026-01-01T00:00:00Z","records":[
				{"stockKeepingUnit":"S","quantity":1.5,"locationIdentifier":"W"},{"stockKeepingUnit":"S","quantity":2,"locationGroupIdentifier":"G"}]}]}`)
	})
	got, err := c.Holdings(t.Context(), "A 1")
	want := []Holding{
		{ReservationID: "r2", SKU: "S", Quantity: decimal.RequireFromString("1.5"), Location: "W"},
		{ReservationID: "r2", SKU: "S", Quantity: decimal.RequireFromString("2"), Group: "G"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if want[0].Place() != "W" || want[1].Place() != "G" {
		t.Errorf("places %s and %s", want[0].Place(), want[1].Place())
	}
}

// Records that failed come back as they were echoed, ready to be sent again.
func TestFailedRecordsAreEchoed(t *testing.T) {
	t.Parallel()
	records := []Release{
		{ActionRequestID: "u1", ReservationID: "r2", ExternalRefID: "A1", SKU: "S", Quantity: json.Number("1"), Location: "W"},
		{ActionRequestID: "u2", ReservationID: "r2", ExternalRefID: "A1", SKU: "S", Quantity: json.Number("2"), Group: "G"},
	}
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var in struct{ ReleaseRecords []json.RawMessage }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || len(in.ReleaseRecords) != 2 {
			t.Errorf("sent %v, %v", in, err)
			return
		}
		_, _ = io.WriteString(w, `{"success":false,"errors":[{"errorCode":"RESERVATION_NOT_FOUND","message":"m","details":`+string(in.ReleaseRecords[1])+`}]}`)
	})
	failed, err := c.Release(t.Context(), records)
	if diff := cmp.Diff([]Failed{{"RESERVATION_NOT_FOUND", records[1]}}, failed); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if !failed[0].Moved() || (Failed{Code: "LOCATION_NOT_FOUND"}).Moved() {
		t.Error("what is reserved elsewhere has moved, an unknown location has not")
	}
}

func TestRefusalsAreNamedByTheirType(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]remote.Class{
		400: remote.Rejected, 401: remote.Unauthorized, 403: remote.Rejected, 429: remote.Throttled, 500: remote.Ambiguous, 503: remote.Unavailable,
	} {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"title":"Bad","type":"https://api.commercecloud.salesforce.com/documentation/error/v1/errors/bad-thing","detail":"d"}`)
		})
		_, err := c.Release(t.Context(), nil)
		e, ok := remote.AsError(err)
		if !ok || e.Class != want || e.VendorCode != "bad-thing" {
			t.Errorf("%d is %v, want %s bad-thing", status, err, want)
		}
	}
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"success":false,"errors":[]}`)
	})
	if _, err := c.Release(t.Context(), nil); remote.ClassOf(err) != remote.Ambiguous {
		t.Errorf("neither success nor errors: %v", err)
	}
}

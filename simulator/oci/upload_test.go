package oci_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
)

// start begins an upload of lines and returns its id.
func (w *world) start(entries ...oci.UploadEntry) string {
	w.t.Helper()
	var id string
	w.do(func(tx *sandbox.Tx) error { id = w.oci.UploadAvailability(tx, entries).ID; return nil })
	return id
}

func (w *world) upload(kind oci.UploadKind, id string) oci.Upload {
	w.t.Helper()
	tx := w.Read()
	defer tx.Abort()
	u, err := w.oci.Upload(tx, kind, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

func TestAnUploadIsTakenInAsTheClockMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.start(oci.UploadEntry{Line: 1, Count: oci.Count{LocationID: "WEST", SKU: "MUG", OnHand: counted(20)}})
	for _, want := range []struct {
		status oci.UploadStatus
		west   string
	}{{oci.UploadPending, "10"}, {oci.UploadRunning, "10"}, {oci.UploadCompleted, "20"}} {
		if got := w.upload(oci.AvailabilityUpload, id); got.Status != want.status || w.figures()["WEST"][0] != want.west {
			t.Errorf("it is %s and WEST has %s, want %s and %s", got.Status, w.figures()["WEST"][0], want.status, want.west)
		}
		w.advance(time.Second)
	}
	want := oci.Upload{
		ID: id, Kind: oci.AvailabilityUpload, Status: oci.UploadCompleted, Outcome: oci.WithoutErrors, Read: 1, Processed: 1,
		StartedAt: monday().Add(time.Second), EndedAt: monday().Add(2 * time.Second),
	}
	if diff := cmp.Diff(want, w.upload(oci.AvailabilityUpload, id)); diff != "" {
		t.Error(diff)
	}
}

func TestAnUploadSkipsWhatItCannotUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := oci.UploadEntry{Line: 2, Count: oci.Count{ActionRequestID: "r-1", LocationID: "WEST", SKU: "MUG", OnHand: counted(3)}}
	id := w.start(
		oci.UploadEntry{Line: 1, Problem: "no JSON"}, good,
		oci.UploadEntry{Line: 3, Count: oci.Count{LocationID: "NOWHERE", SKU: "MUG", OnHand: counted(1)}},
	)
	w.advance(2 * time.Second)
	got := w.upload(oci.AvailabilityUpload, id)
	if diff := cmp.Diff([]oci.Failure{{Line: 1, Message: "no JSON"}, {Line: 3, LocationID: "NOWHERE", SKU: "MUG", Message: "there is no location NOWHERE"}}, got.Failures); diff != "" {
		t.Error(diff)
	}
	if got.Status != oci.UploadCompleted || got.Outcome != oci.PartialFailure || got.Read != 3 || got.Processed != 1 || got.Skipped != 2 {
		t.Errorf("got %+v", got)
	}
	if on := w.figures()["WEST"][0]; on != "3" {
		t.Errorf("WEST has %s", on)
	}
}

func TestAnUploadOfWhichNothingCanBeUsedFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var entries []oci.UploadEntry
	for i := range 150 {
		entries = append(entries, oci.UploadEntry{Line: i + 1, Problem: "no JSON"})
	}
	id := w.start(entries...)
	w.advance(2 * time.Second)
	if got := w.upload(oci.AvailabilityUpload, id); got.Status != oci.UploadFailed || got.Outcome != oci.OutcomeFailed || got.Skipped != 150 || len(got.Failures) != 150 {
		t.Errorf("it is %s and %s, with %d errors", got.Status, got.Outcome, len(got.Failures))
	}
}

func TestAPublishedGraphMakesPlacesKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	graph := oci.Graph{
		Locations: []oci.Location{{ID: "NORTH", Name: "North"}, {ID: "EAST", Name: "The new East"}},
		Groups:    []oci.Group{{ID: "COAST", LocationIDs: []string{"NORTH", "EAST"}}, {ID: "EMPTY"}, {ID: "WRONG", LocationIDs: []string{"X"}}},
	}
	var id string
	w.do(func(tx *sandbox.Tx) error { id = w.oci.PublishGraph(tx, graph).ID; return nil })
	w.advance(2 * time.Second)
	if got := w.upload(oci.LocationGraphUpload, id); got.Read != 5 || got.Processed != 3 || got.Skipped != 2 || got.Outcome != oci.PartialFailure {
		t.Errorf("got %+v", got)
	}
	w.do(func(tx *sandbox.Tx) error {
		east, err := w.oci.Location(tx, "EAST")
		coast, groupErr := w.oci.Group(tx, "COAST")
		if east.Name != "The new East" || len(coast.LocationIDs) != 2 {
			t.Errorf("%+v, %+v", east, coast)
		}
		return errors.Join(err, groupErr)
	})
	if got := w.figures()["EAST"]; got != untouched()["EAST"] {
		t.Errorf("its stock is %v", got)
	}
}

func TestAnUploadIsFoundByItsKindAndId(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.start()
	for name, ask := range map[string]struct {
		kind oci.UploadKind
		id   string
	}{"another id": {oci.AvailabilityUpload, "x"}, "another kind": {oci.LocationGraphUpload, id}} {
		t.Run(name, func(*testing.T) {
			w.stays(oci.UploadNotFound, func(tx *sandbox.Tx) error { _, err := w.oci.Upload(tx, ask.kind, ask.id); return err })
		})
	}
}

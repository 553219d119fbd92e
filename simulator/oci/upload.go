package oci

import (
	"fmt"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// uploadStep is the kind of due work that takes an upload to its next status; its subject is the upload's id.
const uploadStep = "oci.upload"

// uploadDelay is how long an upload stays in each of its statuses. The vendor promises no time.
const uploadDelay = time.Second

// UploadKind says what an upload brings.
type UploadKind string

// Uploads bring counts of stock, or the graph of locations and groups.
const (
	AvailabilityUpload  UploadKind = "availability-records"
	LocationGraphUpload UploadKind = "location-graph"
)

// UploadStatus is where the job of an upload stands.
type UploadStatus string

// The statuses of an upload, those of the vendor's import jobs. A job fails when it can use nothing of what it read.
const (
	UploadPending   UploadStatus = "PENDING"
	UploadRunning   UploadStatus = "RUNNING"
	UploadCompleted UploadStatus = "COMPLETED"
	UploadFailed    UploadStatus = "FAILED"
)

// Outcome is what the validation of an upload came to.
type Outcome string

// The outcomes of the vendor's import jobs; a job that has not ended has the outcome PENDING (ours).
const (
	OutcomePending Outcome = "PENDING"
	WithoutErrors  Outcome = "COMPLETED_WITHOUT_ERRORS"
	PartialFailure Outcome = "COMPLETED_WITH_PARTIAL_FAILURES"
	OutcomeFailed  Outcome = "FAILED"
)

// maxUploadErrors is how many mistakes an upload lists at most.
const maxUploadErrors = 100

// Upload is a job that takes in what was sent.
type Upload struct {
	ID     string
	Kind   UploadKind
	Status UploadStatus
	// Outcome tells whether everything that was read could be used; Errors say of each skipped entry why not.
	Outcome                  Outcome
	Errors                   []string
	Read, Processed, Skipped int
	StartedAt, EndedAt       time.Time
	// Entries and Graph are what is to be taken in; they are gone when the job has ended.
	Entries []UploadEntry
	Graph   Graph
}

// UploadEntry is a line of a file of counts.
type UploadEntry struct {
	// Line counts from 1. Problem says why the line cannot be read; then there is no count.
	Line    int
	Problem string
	Count   Count
}

// Graph is which locations there are, and what groups they form.
type Graph struct {
	Locations []Location
	Groups    []Group
}

func (u Upload) clone() Upload {
	u.Errors = slices.Clone(u.Errors)
	u.Entries = slices.Clone(u.Entries)
	for i := range u.Entries {
		u.Entries[i].Count.Futures = slices.Clone(u.Entries[i].Count.Futures)
	}
	u.Graph.Locations = slices.Clone(u.Graph.Locations)
	u.Graph.Groups = slices.Clone(u.Graph.Groups)
	for i := range u.Graph.Groups {
		u.Graph.Groups[i] = u.Graph.Groups[i].clone()
	}
	return u
}

// UploadAvailability starts the job that takes in the lines of a file; the clock carries it out. The lines may be
// mistaken: the job tells.
func (o *OCI) UploadAvailability(tx *sandbox.Tx, entries []UploadEntry) Upload {
	return o.startUpload(tx, Upload{Kind: AvailabilityUpload, Read: len(entries), Entries: entries})
}

// PublishGraph starts the job that makes the locations and groups known to inventory; the clock carries it out. What
// inventory knows beside them stays.
func (o *OCI) PublishGraph(tx *sandbox.Tx, g Graph) Upload {
	return o.startUpload(tx, Upload{Kind: LocationGraphUpload, Read: len(g.Locations) + len(g.Groups), Graph: g})
}

func (o *OCI) startUpload(tx *sandbox.Tx, u Upload) Upload {
	u.ID, u.Status, u.Outcome = tx.UUID("oci.Upload"), UploadPending, OutcomePending
	o.uploads.Put(tx.Tx, u)
	tx.Schedule(sandbox.Due{Kind: uploadStep, Subject: u.ID, At: tx.Now().Add(uploadDelay)})
	return u
}

// Upload returns the job of that kind and id. The error has the code [UploadNotFound].
func (o *OCI) Upload(tx *sandbox.Tx, kind UploadKind, id string) (Upload, error) {
	u, ok := o.uploads.Get(tx.Tx, id)
	if !ok || u.Kind != kind {
		return Upload{}, refuse(UploadNotFound, "oci.upload.known", "there is no upload %s", id)
	}
	return u, nil
}

// runUpload takes a job from pending to running, and from there to its end.
func (o *OCI) runUpload(tx *sandbox.Tx, d sandbox.Due) error {
	u, ok := o.uploads.Get(tx.Tx, d.Subject)
	if !ok {
		return fmt.Errorf("there is no upload %s", d.Subject)
	}
	if u.Status == UploadPending {
		u.Status, u.StartedAt = UploadRunning, tx.Now()
		o.uploads.Put(tx.Tx, u)
		tx.Schedule(sandbox.Due{Kind: uploadStep, Subject: u.ID, At: tx.Now().Add(uploadDelay)})
		return nil
	}
	o.takeIn(tx, &u)
	u.end(tx.Now())
	o.uploads.Put(tx.Tx, u)
	return nil
}

func (o *OCI) takeIn(tx *sandbox.Tx, u *Upload) {
	for _, e := range u.Entries {
		if e.Problem == "" {
			if err := o.UpdateRecord(tx, e.Count); err != nil {
				e.Problem = message(err)
			}
		}
		if e.Problem != "" {
			u.skip(fmt.Sprintf("line %d: %s", e.Line, e.Problem))
			continue
		}
		u.Processed++
	}
	for _, l := range u.Graph.Locations {
		u.took(o.AddLocation(tx, l))
	}
	for _, g := range u.Graph.Groups {
		u.took(o.AddGroup(tx, g))
	}
}

func (u *Upload) took(err error) {
	if err != nil {
		u.skip(err.Error())
		return
	}
	u.Processed++
}

func (u *Upload) skip(why string) {
	u.Skipped++
	if len(u.Errors) < maxUploadErrors {
		u.Errors = append(u.Errors, why)
	}
}

func (u *Upload) end(now time.Time) {
	u.Status, u.Outcome, u.EndedAt = UploadCompleted, WithoutErrors, now
	switch {
	case u.Skipped > 0 && u.Processed == 0:
		u.Status, u.Outcome = UploadFailed, OutcomeFailed
	case u.Skipped > 0:
		u.Outcome = PartialFailure
	}
	u.Entries, u.Graph = nil, Graph{}
}

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

// Uploads bring counts of stock, or the graph of locations and groups. Imports bring counts too, in two steps.
const (
	AvailabilityUpload  UploadKind = "availability-records"
	LocationGraphUpload UploadKind = "location-graph"
	AvailabilityImport  UploadKind = "availability-records-import"
)

// UploadStatus is where the job of an upload stands.
type UploadStatus string

// The statuses of an upload, those of the vendor's import jobs. A job fails when it can use nothing of what it read. The
// first three, and the last two, only imports have, which are announced before their file is sent: see [OCI.StartImport].
const (
	UploadStaging   UploadStatus = "STAGING"
	UploadWaiting   UploadStatus = "WAITING"
	UploadSubmitted UploadStatus = "SUBMITTED"
	UploadPending   UploadStatus = "PENDING"
	UploadRunning   UploadStatus = "RUNNING"
	UploadCompleted UploadStatus = "COMPLETED"
	UploadFailed    UploadStatus = "FAILED"
	UploadStopped   UploadStatus = "STOPPED"
	UploadExpired   UploadStatus = "EXPIRED"
)

// ended reports whether nothing more comes of a job.
func (s UploadStatus) ended() bool {
	return s == UploadCompleted || s == UploadFailed || s == UploadStopped || s == UploadExpired
}

// Outcome is what the validation of an upload came to.
type Outcome string

// The outcomes of the vendor's import jobs; a job that has not ended has the outcome PENDING (ours).
const (
	OutcomePending Outcome = "PENDING"
	WithoutErrors  Outcome = "COMPLETED_WITHOUT_ERRORS"
	PartialFailure Outcome = "COMPLETED_WITH_PARTIAL_FAILURES"
	OutcomeFailed  Outcome = "FAILED"
)

// Upload is a job that takes in what was sent.
type Upload struct {
	ID     string
	Kind   UploadKind
	Status UploadStatus
	// Outcome tells whether everything that was read could be used; Failures say of each skipped entry why not.
	Outcome                  Outcome
	Failures                 []Failure
	Read, Processed, Skipped int
	StartedAt, EndedAt       time.Time
	// Entries and Graph are what is to be taken in; they are gone when the job has ended.
	Entries []UploadEntry
	Graph   Graph
	// Import is what an import was announced with.
	Import Announcement
	// LinkExpiresAt is until when the file of an import may be sent.
	LinkExpiresAt time.Time
}

// UploadEntry is a line of a file of counts.
type UploadEntry struct {
	// Line counts from 1. Problem says why the line cannot be read; of its count there is only what names it, if that.
	Line    int
	Problem string
	Count   Count
}

// Failure is an entry that was skipped, or a whole file when it names none.
type Failure struct {
	// Line is 0 where a file, a location or a group failed.
	Line                      int
	RecordID, LocationID, SKU string
	Message                   string
}

// String is the failure as a list of mistakes shows it.
func (f Failure) String() string {
	if f.Line == 0 {
		return f.Message
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.Message)
}

// Graph is which locations there are, and what groups they form.
type Graph struct {
	Locations []Location
	Groups    []Group
}

func (u Upload) clone() Upload {
	u.Failures = slices.Clone(u.Failures)
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

// runUpload takes a job to its next status.
func (o *OCI) runUpload(tx *sandbox.Tx, d sandbox.Due) error {
	u, ok := o.uploads.Get(tx.Tx, d.Subject)
	if !ok {
		return fmt.Errorf("there is no upload %s", d.Subject)
	}
	next := tx.Now().Add(uploadDelay)
	switch u.Status {
	case UploadStaging:
		u.Status, next = UploadWaiting, u.LinkExpiresAt
	case UploadWaiting:
		u.Status, u.Outcome = UploadExpired, OutcomeFailed
	case UploadSubmitted:
		u.Status = UploadPending
	case UploadPending:
		u.Status, u.StartedAt = UploadRunning, tx.Now()
	default:
		o.takeIn(tx, &u)
		u.end(tx.Now())
	}
	o.uploads.Put(tx.Tx, u)
	if !u.Status.ended() {
		tx.Schedule(sandbox.Due{Kind: uploadStep, Subject: u.ID, At: next})
	}
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
			u.skip(Failure{Line: e.Line, RecordID: e.Count.ActionRequestID, LocationID: e.Count.LocationID, SKU: e.Count.SKU, Message: e.Problem})
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
		u.skip(Failure{Message: err.Error()})
		return
	}
	u.Processed++
}

func (u *Upload) skip(f Failure) {
	u.Skipped++
	u.Failures = append(u.Failures, f)
}

func (u *Upload) end(now time.Time) {
	u.Status, u.Outcome, u.EndedAt = UploadCompleted, WithoutErrors, now
	switch {
	case len(u.Failures) > 0 && u.Processed == 0:
		u.Status, u.Outcome = UploadFailed, OutcomeFailed
	case u.Skipped > 0:
		u.Outcome = PartialFailure
	}
	u.Entries, u.Graph = nil, Graph{}
}

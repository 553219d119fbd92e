package oci

import (
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Announcement is what a caller says about the file of an import before it sends it.
type Announcement struct {
	FileName string
	// CSV tells rows from NDJSON.
	CSV bool
	// Gzip says that the file will be compressed. HashType (SHA-256 or SHA-512) and Hash, in hexadecimal digits, are what
	// it will add up to, as it is sent; empty when the caller did not say.
	Gzip           bool
	HashType, Hash string
	// LinkDuration is for how long the file may be sent.
	LinkDuration time.Duration
}

// StartImport makes a job that waits for its file. The clock takes it from staging to waiting, and lets it expire when no
// file comes.
func (o *OCI) StartImport(tx *sandbox.Tx, a Announcement) Upload {
	u := Upload{
		ID: tx.UUID("oci.Upload"), Kind: AvailabilityImport, Status: UploadStaging, Outcome: OutcomePending, Import: a,
		LinkExpiresAt: tx.Now().Add(a.LinkDuration),
	}
	o.uploads.Put(tx.Tx, u)
	tx.Schedule(sandbox.Due{Kind: uploadStep, Subject: u.ID, At: tx.Now().Add(uploadDelay)})
	return u
}

// ReceiveImport gives an import its file: the lines, or why there are none to read, which fails the job. The clock carries
// it out. Errors have the codes [UploadNotFound] and [ImportNotWaiting].
func (o *OCI) ReceiveImport(tx *sandbox.Tx, id string, entries []UploadEntry, unreadable string) error {
	u, err := o.Upload(tx, AvailabilityImport, id)
	switch {
	case err != nil:
		return err
	case u.Status != UploadStaging && u.Status != UploadWaiting:
		return refuse(ImportNotWaiting, "oci.import.link", "the import %s waits for no file: it is %s", u.ID, u.Status)
	}
	u.Status, u.Entries, u.Read = UploadSubmitted, entries, len(entries)
	if unreadable != "" {
		u.Failures = []Failure{{Message: unreadable}}
	}
	o.uploads.Put(tx.Tx, u)
	tx.Schedule(sandbox.Due{Kind: uploadStep, Subject: u.ID, At: tx.Now().Add(uploadDelay)})
	return nil
}

// Imports returns the ids of the imports, in order.
func (o *OCI) Imports(tx *sandbox.Tx) []string {
	ids := []string{}
	o.uploads.Scan(tx.Tx, func(u *Upload) bool {
		if u.Kind == AvailabilityImport {
			ids = append(ids, u.ID)
		}
		return true
	})
	return ids
}

// Results returns an import that has come to an end by itself. Errors have the codes [UploadNotFound] and
// [ImportNotEnded].
func (o *OCI) Results(tx *sandbox.Tx, id string) (Upload, error) {
	u, err := o.Upload(tx, AvailabilityImport, id)
	if err == nil && u.Status != UploadCompleted && u.Status != UploadFailed {
		err = refuse(ImportNotEnded, "oci.import.results", "the import %s has no results: it is %s", u.ID, u.Status)
	}
	return u, err
}

// DeleteImport stops an import that goes on: what it has read is not taken in. One that has ended is forgotten. The error
// has the code [UploadNotFound].
func (o *OCI) DeleteImport(tx *sandbox.Tx, id string) error {
	u, err := o.Upload(tx, AvailabilityImport, id)
	if err != nil {
		return err
	}
	if u.Status.ended() {
		o.uploads.Delete(tx.Tx, u.ID)
		return nil
	}
	tx.Unschedule(uploadStep, u.ID)
	u.Status, u.Outcome, u.EndedAt, u.Entries = UploadStopped, OutcomeFailed, tx.Now(), nil
	o.uploads.Put(tx.Tx, u)
	return nil
}

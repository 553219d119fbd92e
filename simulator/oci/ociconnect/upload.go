package ociconnect

import (
	"fmt"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/oci/ocijson"
)

// csvSince is the API version that began to take CSV, maxErrors how many mistakes a status lists at most.
const csvSince, maxErrors = 63, 100

type uploadOutput struct {
	UploadID string `json:"uploadId"`
	baseOutput
}

// submitInventoryAvailabilityUpload starts the job that takes the lines of a file in. What is wrong with a line the job
// tells; a file that cannot be read at all is refused.
func (a *API) submitInventoryAvailabilityUpload(c *binding.Call, _ struct{}) (uploadOutput, error) {
	f, err := ocijson.Receive(c.Request)
	if err != nil {
		return uploadOutput{}, err
	}
	if f.CSV && a.version(c.Request) < csvSince {
		return uploadOutput{}, &ocijson.Refusal{Rule: "oci.upload.file", Detail: fmt.Sprintf("A CSV file needs API version %d.0 or later.", csvSince)}
	}
	entries, err := f.Entries()
	if err != nil {
		return uploadOutput{}, err
	}
	return uploadOutput{a.domain.UploadAvailability(c.Tx, entries).ID, a.succeeded()}, nil
}

// publishLocationStructure starts the job that makes the org's locations and groups known to inventory.
func (a *API) publishLocationStructure(c *binding.Call, _ struct{}) (uploadOutput, error) {
	return uploadOutput{a.domain.PublishGraph(c.Tx, a.org.Structure(c.Tx)).ID, a.succeeded()}, nil
}

type uploadInput struct {
	UploadID string `path:"uploadId"`
}

type uploadStatus struct {
	UploadID              string   `json:"uploadId"`
	Status                string   `json:"status"`
	ValidationStatus      string   `json:"validationStatus"`
	ValidationErrors      []string `json:"validationErrors"`
	RecordsReadCount      int      `json:"recordsReadCount"`
	RecordsProcessedCount int      `json:"recordsProcessedCount"`
	RecordsSkippedCount   int      `json:"recordsSkippedCount"`
	StartTimeUTC          *string  `json:"startTimeUTC"`
	EndTimeUTC            *string  `json:"endTimeUTC"`
	baseOutput
}

func (a *API) getInventoryAvailabilityUploadStatus(c *binding.Call, in uploadInput) (uploadStatus, error) {
	return a.uploadStatus(c, oci.AvailabilityUpload, in.UploadID)
}

func (a *API) getPublishLocationStructureStatus(c *binding.Call, in uploadInput) (uploadStatus, error) {
	return a.uploadStatus(c, oci.LocationGraphUpload, in.UploadID)
}

func (a *API) uploadStatus(c *binding.Call, kind oci.UploadKind, id string) (uploadStatus, error) {
	u, err := a.domain.Upload(c.Tx, kind, id)
	if err != nil {
		return uploadStatus{}, err
	}
	out := uploadStatus{
		UploadID: u.ID, Status: string(u.Status), ValidationStatus: string(u.Outcome), ValidationErrors: ocijson.Mistakes(u, maxErrors),
		RecordsReadCount: u.Read, RecordsProcessedCount: u.Processed, RecordsSkippedCount: u.Skipped, baseOutput: a.succeeded(),
	}
	if text := ocijson.Optional(u.StartedAt); text != "" {
		out.StartTimeUTC = &text
	}
	if text := ocijson.Optional(u.EndedAt); text != "" {
		out.EndTimeUTC = &text
	}
	return out, nil
}

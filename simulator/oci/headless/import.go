package headless

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/oci/ocijson"
)

// maxUnpacked is how large a compressed file may become, in bytes.
const maxUnpacked = 64 << 20

type submitImportInput struct {
	OrganizationID string `path:"organizationId"`
	Body           struct {
		FileName     string `json:"fileName"`
		FileFormat   string `json:"fileFormat"`
		FileEncoding string `json:"fileEncoding"`
		FileHashType string `json:"fileHashType"`
		FileHash     string `json:"fileHash"`
		LinkDuration int    `json:"linkDuration"`
	}
}

type submitImportOutput struct {
	ImportID                string `json:"importId"`
	ImportStatusLink        string `json:"importStatusLink"`
	UploadLink              string `json:"uploadLink"`
	UploadMethod            string `json:"uploadMethod"`
	UploadLinkExpirationUTC string `json:"uploadLinkExpirationUTC"`
}

// importsPath is where the imports of a tenant are.
func importsPath(organizationID string) string {
	return "/inventory/impex/v1/organizations/" + organizationID + "/availability-records/imports"
}

// submitInventoryImport announces a file of counts and says where to send it.
func (a *API) submitInventoryImport(c *binding.Call, in submitImportInput) (submitImportOutput, error) {
	hours := max(in.Body.LinkDuration, 1)
	u := a.domain.StartImport(c.Tx, oci.Announcement{
		FileName: in.Body.FileName, CSV: in.Body.FileFormat == "CSV", Gzip: in.Body.FileEncoding == "GZIP",
		HashType: in.Body.FileHashType, Hash: in.Body.FileHash, LinkDuration: time.Duration(hours) * time.Hour,
	})
	path := importsPath(in.OrganizationID)
	return submitImportOutput{
		ImportID: u.ID, ImportStatusLink: path + "/" + u.ID + "/status", UploadLink: path + "/uploadlink/" + u.ID, UploadMethod: http.MethodPost,
		UploadLinkExpirationUTC: ocijson.Instant(u.LinkExpiresAt),
	}, nil
}

type importInput struct {
	ImportID string `path:"importId"`
}

type receivedImport struct {
	ImportID string `json:"importId"`
	Status   string `json:"status"`
}

// uploadInventoryImport takes the file of an import. What is wrong with it the job tells.
func (a *API) uploadInventoryImport(c *binding.Call, in importInput) (receivedImport, error) {
	u, err := a.domain.Upload(c.Tx, oci.AvailabilityImport, in.ImportID)
	if err != nil {
		return receivedImport{}, err
	}
	content, err := sent(c.Request)
	if err != nil {
		return receivedImport{}, err
	}
	var unreadable string
	entries, err := lines(content, u.Import)
	if err != nil {
		unreadable = err.Error()
	}
	err = a.domain.ReceiveImport(c.Tx, u.ID, entries, unreadable)
	return receivedImport{u.ID, string(oci.UploadSubmitted)}, err
}

// sent is the file of a request: what its form holds, or all of it.
func sent(r *binding.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return r.Body, nil
	}
	f, err := ocijson.Receive(r)
	return f.Content, err
}

// lines reads a file as it was announced.
func lines(content []byte, a oci.Announcement) ([]oci.UploadEntry, error) {
	if sum := digest(content, a.HashType); !strings.EqualFold(sum, a.Hash) {
		return nil, fmt.Errorf("the %s of the file is %s, not %s", a.HashType, sum, a.Hash)
	}
	if a.Gzip {
		var err error
		if content, err = unpacked(content); err != nil {
			return nil, err
		}
	}
	return ocijson.File{CSV: a.CSV, Content: content, Undated: true}.Entries()
}

// digest is empty when the caller named no kind of hash; the specification wants both or none.
func digest(content []byte, kind string) string {
	switch kind {
	case "SHA-256":
		sum := sha256.Sum256(content)
		return hex.EncodeToString(sum[:])
	case "SHA-512":
		sum := sha512.Sum512(content)
		return hex.EncodeToString(sum[:])
	}
	return ""
}

func unpacked(content []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, errors.New("the file is not compressed with gzip, as was announced")
	}
	out, err := io.ReadAll(io.LimitReader(r, maxUnpacked+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the compressed file is damaged: %w", err)
	case len(out) > maxUnpacked:
		return nil, fmt.Errorf("the file is larger than %d bytes when unpacked", maxUnpacked)
	}
	return out, nil
}

type importList struct {
	Imports []string `json:"imports"`
}

func (a *API) getInventoryImports(c *binding.Call, _ struct{}) (importList, error) {
	return importList{a.domain.Imports(c.Tx)}, nil
}

type importStatus struct {
	ImportID   string           `json:"importId"`
	Status     string           `json:"status"`
	Validation importValidation `json:"validation"`
	Upload     importUpload     `json:"upload"`
	Import     importProgress   `json:"import"`
}

type importValidation struct {
	Status string   `json:"status"`
	Errors []string `json:"errors"`
}

type importUpload struct {
	FileName string `json:"fileName,omitempty"`
}

type importProgress struct {
	StartTimeUTC          string        `json:"startTimeUTC,omitempty"`
	EndTimeUTC            string        `json:"endTimeUTC,omitempty"`
	RecordsReadCount      int           `json:"recordsReadCount"`
	RecordsProcessedCount int           `json:"recordsProcessedCount"`
	RecordsSkippedCount   int           `json:"recordsSkippedCount"`
	FullResults           *importResult `json:"fullResults,omitempty"`
}

type importResult struct {
	Href string `json:"href"`
}

// maxMistakes is how many mistakes a status lists at most; the results have them all.
const maxMistakes = 100

func (a *API) getAvailabilityImportStatus(c *binding.Call, in importInput) (importStatus, error) {
	u, err := a.domain.Upload(c.Tx, oci.AvailabilityImport, in.ImportID)
	if err != nil {
		return importStatus{}, err
	}
	out := importStatus{
		ImportID: u.ID, Status: string(u.Status), Upload: importUpload{u.Import.FileName},
		Validation: importValidation{string(u.Outcome), ocijson.Mistakes(u, maxMistakes)},
		Import: importProgress{
			StartTimeUTC: ocijson.Optional(u.StartedAt), EndTimeUTC: ocijson.Optional(u.EndedAt),
			RecordsReadCount: u.Read, RecordsProcessedCount: u.Processed, RecordsSkippedCount: u.Skipped,
		},
	}
	if _, err := a.domain.Results(c.Tx, u.ID); err == nil {
		out.Import.FullResults = &importResult{importsPath(c.Request.Vars["organizationId"]) + "/" + u.ID + "/file-content"}
	}
	return out, nil
}

type resultStatus struct {
	Status string `json:"status"`
}

type failedRecord struct {
	RecordID   string `json:"recordId"`
	LocationID string `json:"locationId"`
	SKU        string `json:"sku"`
	Message    string `json:"message"`
}

// getInventoryImportResults is the file of results: a line with the outcome, and one for each record that failed.
func (a *API) getInventoryImportResults(c *binding.Call) (*binding.Response, error) {
	u, err := a.domain.Results(c.Tx, c.Request.Vars["importId"])
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	encoder := json.NewEncoder(&file)
	problems := []error{encoder.Encode(resultStatus{string(u.Outcome)})}
	for _, f := range u.Failures {
		problems = append(problems, encoder.Encode(failedRecord{f.RecordID, f.LocationID, f.SKU, f.Message}))
	}
	header := http.Header{"Content-Type": {"application/octet-stream"}}
	return &binding.Response{Status: http.StatusOK, Header: header, Body: file.Bytes()}, errors.Join(problems...)
}

func (a *API) deleteInventoryImport(c *binding.Call, in importInput) (binding.Empty, error) {
	return binding.Empty{}, a.domain.DeleteImport(c.Tx, in.ImportID)
}

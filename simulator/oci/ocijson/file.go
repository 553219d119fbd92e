package ocijson

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
)

// maxLine is how long a line of NDJSON may be, and a number in a table.
const maxLine, maxNumber = 64 << 10, 32

// partName is the name of the file in the form.
const partName = "fileUpload"

// File is a file of counts as it was sent.
type File struct {
	// CSV tells rows from NDJSON.
	CSV     bool
	Content []byte
	// Undated lets lines go without the date of their count, which is then that of the job.
	Undated bool
}

// Receive takes the file out of the form that the request is. The error is a [*binding.InvalidRequest].
func Receive(r *binding.Request) (File, error) {
	media, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" || parameters["boundary"] == "" {
		return File{}, &binding.InvalidRequest{In: "body", Problem: binding.ProblemMedia, Reason: "it is no multipart/form-data"}
	}
	form := multipart.NewReader(bytes.NewReader(r.Body), parameters["boundary"])
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return File{}, &binding.InvalidRequest{In: "body", Name: partName, Problem: binding.ProblemMissing, Reason: "it is required"}
		case err != nil:
			return File{}, &binding.InvalidRequest{In: "body", Problem: binding.ProblemSyntax, Reason: err.Error()}
		case part.FormName() != partName:
			continue
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return File{}, &binding.InvalidRequest{In: "body", Problem: binding.ProblemSyntax, Reason: err.Error()}
		}
		isCSV := strings.HasSuffix(strings.ToLower(part.FileName()), ".csv") || strings.HasPrefix(part.Header.Get("Content-Type"), "text/csv")
		return File{CSV: isCSV, Content: content}, nil
	}
}

// Entries reads the lines. A file without any is refused, and a table without the columns that it needs; the error is a
// [*Refusal].
func (f File) Entries() ([]oci.UploadEntry, error) {
	read := f.ndjson
	if f.CSV {
		read = f.table
	}
	entries, err := read()
	if err == nil && len(entries) == 0 {
		err = &Refusal{Rule: "oci.upload.file", Detail: "The file holds no inventory record."}
	}
	return entries, err
}

// record is a line of NDJSON: the header of a location, or an inventory record.
type record struct {
	Location         string    `json:"location"`
	LocationID       string    `json:"locationId"`
	Mode             string    `json:"mode"`
	RecordID         string    `json:"recordId"`
	SKU              string    `json:"sku"`
	OnHand           *Quantity `json:"onHand"`
	SafetyStockCount *Quantity `json:"safetyStockCount"`
	EffectiveDate    string    `json:"effectiveDate"`
	Futures          []Future  `json:"futures"`
}

// ndjson reads lines of JSON: records belong to the location that stands in them, or was named last by a header.
func (f File) ndjson() ([]oci.UploadEntry, error) {
	var entries []oci.UploadEntry
	location := ""
	for i, line := range strings.Split(string(f.Content), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		e, r := oci.UploadEntry{Line: i + 1}, record{}
		if len(line) > maxLine {
			e.Problem = fmt.Sprintf("it is longer than %d bytes", maxLine)
			entries = append(entries, e)
			continue
		}
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.DisallowUnknownFields()
		err := decoder.Decode(&r)
		switch {
		case err != nil:
			e.Problem = "it is no inventory record: " + err.Error()
		case r.SKU == "" && r.RecordID == "" && (r.Location != "" || r.Mode != ""):
			if location = r.Location; location == "" || r.Mode != "" && r.Mode != "UPDATE" {
				e.Problem, location = "a header names a location, and the mode UPDATE", ""
				break
			}
			continue
		default:
			r.Location = cmp.Or(r.Location, r.LocationID, location)
			e.Count, e.Problem = r.count(f.Undated)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// count is what a record says; beside a problem it has no more than the names that the record gives.
func (r record) count(undated bool) (oci.Count, string) {
	count := oci.Count{ActionRequestID: r.RecordID, LocationID: r.Location, SKU: r.SKU}
	switch {
	case r.Location == "":
		return count, "no location was named before it"
	case r.RecordID == "":
		return count, "it has no recordId"
	case r.EffectiveDate == "" && !undated:
		return count, "it has no effectiveDate"
	}
	at, err := parsed("effectiveDate", r.EffectiveDate)
	if err != nil {
		return count, err.Error()
	}
	futures, err := Futures(r.Futures)
	if err != nil {
		return count, err.Error()
	}
	count.OnHand, count.SafetyStock, count.EffectiveDate, count.Futures = r.OnHand.Number(), r.SafetyStockCount.Number(), at, futures
	return count, ""
}

// columns are those that a CSV file may have. The first three it must; what a row is known by is made up.
func columns() []string {
	return []string{"location", "sku", "effectiveDate", "onHand", "safetyStockCount", "futureQuantity", "futureExpectedDate"}
}

// table reads CSV, whose first row names the columns.
func (f File) table() ([]oci.UploadEntry, error) {
	reader := csv.NewReader(bytes.NewReader(f.Content))
	reader.FieldsPerRecord = -1
	names, err := reader.Read()
	if err != nil {
		return nil, &Refusal{Rule: "oci.upload.file", Detail: "The file has no row of column names."}
	}
	for _, name := range columns()[:3] {
		if !slices.Contains(names, name) {
			return nil, &Refusal{Rule: "oci.upload.file", Detail: "The file has no column " + name + "."}
		}
	}
	for _, name := range names {
		if !slices.Contains(columns(), name) {
			return nil, &Refusal{Rule: "oci.upload.file", Detail: fmt.Sprintf("There is no column %q; columns are %s.", name, strings.Join(columns(), ", "))}
		}
	}
	var entries []oci.UploadEntry
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return entries, nil
		}
		var e oci.UploadEntry
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			e.Line, e.Problem = wrong.StartLine, wrong.Err.Error()
		} else {
			e.Line, _ = reader.FieldPos(0)
			e.Count, e.Problem = f.rowCount(names, row)
		}
		entries = append(entries, e)
	}
}

func (f File) rowCount(names, row []string) (oci.Count, string) {
	if len(row) != len(names) {
		return oci.Count{}, fmt.Sprintf("it has %d fields, want %d", len(row), len(names))
	}
	r := record{RecordID: "csv"}
	var future Future
	for i, text := range row {
		if text == "" {
			continue
		}
		var err error
		switch names[i] {
		case "location":
			r.Location = text
		case "sku":
			r.SKU = text
		case "effectiveDate":
			r.EffectiveDate = text
		case "onHand":
			r.OnHand, err = number(text)
		case "safetyStockCount":
			r.SafetyStockCount, err = number(text)
		case "futureExpectedDate":
			future.ExpectedDate = text
		case "futureQuantity":
			var n *Quantity
			if n, err = number(text); err == nil {
				future.Quantity = *n
			}
		}
		if err != nil {
			return oci.Count{}, fmt.Sprintf("%s: %q is no number", names[i], text)
		}
	}
	if future != (Future{}) {
		r.Futures = []Future{future}
	}
	count, problem := r.count(f.Undated)
	count.ActionRequestID = ""
	return count, problem
}

func number(text string) (*Quantity, error) {
	if len(text) > maxNumber {
		return nil, errors.New("too long")
	}
	n, err := decimal.NewFromString(text)
	return &Quantity{Decimal: n}, err
}

// Mistakes lists why entries of an upload were skipped, as many as are wanted.
func Mistakes(u oci.Upload, most int) []string {
	texts := []string{}
	for _, f := range u.Failures[:min(most, len(u.Failures))] {
		texts = append(texts, f.String())
	}
	return texts
}

package ociconnect

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/oci/ocijson"
)

// maxLine is how long a line of NDJSON may be, and a number in a table.
const maxLine, maxNumber = 64 << 10, 32

// partName is the name of the file in the form, csvSince the API version that began to take CSV.
const (
	partName = "fileUpload"
	csvSince = 63
)

// file is a file of counts as it was sent.
type file struct {
	csv     bool
	content []byte
}

// receive takes the file out of the form that the request is.
func receive(r *binding.Request) (file, error) {
	media, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" || parameters["boundary"] == "" {
		return file{}, &binding.InvalidRequest{In: "body", Problem: binding.ProblemMedia, Reason: "it is no multipart/form-data"}
	}
	form := multipart.NewReader(bytes.NewReader(r.Body), parameters["boundary"])
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return file{}, &binding.InvalidRequest{In: "body", Name: partName, Problem: binding.ProblemMissing, Reason: "it is required"}
		case err != nil:
			return file{}, &binding.InvalidRequest{In: "body", Problem: binding.ProblemSyntax, Reason: err.Error()}
		case part.FormName() != partName:
			continue
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return file{}, &binding.InvalidRequest{In: "body", Problem: binding.ProblemSyntax, Reason: err.Error()}
		}
		isCSV := strings.HasSuffix(strings.ToLower(part.FileName()), ".csv") || strings.HasPrefix(part.Header.Get("Content-Type"), "text/csv")
		return file{isCSV, content}, nil
	}
}

// entries reads the lines. A file without any is refused, and one whose form the API version does not know.
func (f file) entries(version int) ([]oci.UploadEntry, error) {
	if f.csv && version < csvSince {
		return nil, &ocijson.Refusal{Rule: "oci.upload.file", Detail: fmt.Sprintf("A CSV file needs API version %d.0 or later.", csvSince)}
	}
	read := ndjson
	if f.csv {
		read = table
	}
	entries, err := read(f.content)
	if err == nil && len(entries) == 0 {
		err = &ocijson.Refusal{Rule: "oci.upload.file", Detail: "The file holds no inventory record."}
	}
	return entries, err
}

// record is a line of NDJSON: the header of a location, or an inventory record.
type record struct {
	Location         string            `json:"location"`
	Mode             string            `json:"mode"`
	RecordID         string            `json:"recordId"`
	SKU              string            `json:"sku"`
	OnHand           *ocijson.Quantity `json:"onHand"`
	SafetyStockCount *ocijson.Quantity `json:"safetyStockCount"`
	EffectiveDate    string            `json:"effectiveDate"`
	Futures          []ocijson.Future  `json:"futures"`
}

// ndjson reads lines of JSON: records belong to the location that stands in them, or was named last by a header.
func ndjson(content []byte) ([]oci.UploadEntry, error) {
	var entries []oci.UploadEntry
	location := ""
	for i, line := range strings.Split(string(content), "\n") {
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
			if r.Location == "" {
				r.Location = location
			}
			e.Count, e.Problem = r.count()
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// count is what a record says, or what is missing in it.
func (r record) count() (oci.Count, string) {
	switch {
	case r.Location == "":
		return oci.Count{}, "no location was named before it"
	case r.RecordID == "":
		return oci.Count{}, "it has no recordId"
	case r.EffectiveDate == "":
		return oci.Count{}, "it has no effectiveDate"
	}
	at, err := time.Parse(time.RFC3339, r.EffectiveDate)
	if err != nil {
		return oci.Count{}, "effectiveDate: " + r.EffectiveDate + " is no instant"
	}
	futures, err := ocijson.Futures(r.Futures)
	if err != nil {
		return oci.Count{}, err.Error()
	}
	return oci.Count{
		ActionRequestID: r.RecordID, LocationID: r.Location, SKU: r.SKU, OnHand: r.OnHand.Number(), SafetyStock: r.SafetyStockCount.Number(),
		EffectiveDate: at, Futures: futures,
	}, ""
}

// columns are those that a CSV file may have. The first three it must; what a row is known by is made up.
func columns() []string {
	return []string{"location", "sku", "effectiveDate", "onHand", "safetyStockCount", "futureQuantity", "futureExpectedDate"}
}

// table reads CSV, whose first row names the columns.
func table(content []byte) ([]oci.UploadEntry, error) {
	reader := csv.NewReader(bytes.NewReader(content))
	reader.FieldsPerRecord = -1
	names, err := reader.Read()
	if err != nil {
		return nil, &ocijson.Refusal{Rule: "oci.upload.file", Detail: "The file has no row of column names."}
	}
	for _, name := range columns()[:3] {
		if !slices.Contains(names, name) {
			return nil, &ocijson.Refusal{Rule: "oci.upload.file", Detail: "The file has no column " + name + "."}
		}
	}
	for _, name := range names {
		if !slices.Contains(columns(), name) {
			return nil, &ocijson.Refusal{Rule: "oci.upload.file", Detail: fmt.Sprintf("There is no column %q; columns are %s.", name, strings.Join(columns(), ", "))}
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
			e.Count, e.Problem = rowCount(names, row)
		}
		entries = append(entries, e)
	}
}

func rowCount(names, row []string) (oci.Count, string) {
	if len(row) != len(names) {
		return oci.Count{}, fmt.Sprintf("it has %d fields, want %d", len(row), len(names))
	}
	r := record{RecordID: "csv"}
	var future ocijson.Future
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
			var n *ocijson.Quantity
			if n, err = number(text); err == nil {
				future.Quantity = *n
			}
		}
		if err != nil {
			return oci.Count{}, fmt.Sprintf("%s: %q is no number", names[i], text)
		}
	}
	if future != (ocijson.Future{}) {
		r.Futures = []ocijson.Future{future}
	}
	count, problem := r.count()
	count.ActionRequestID = ""
	return count, problem
}

func number(text string) (*ocijson.Quantity, error) {
	if len(text) > maxNumber {
		return nil, errors.New("too long")
	}
	n, err := decimal.NewFromString(text)
	return &ocijson.Quantity{Decimal: n}, err
}

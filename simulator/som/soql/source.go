package soql

import (
	"time"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// Source gives the rows a query reads. It is implemented by the Order Management domain over one transaction of its store.
type Source interface {
	// Get finds a row of any object by its 18 character id. The row must not be altered.
	Get(id string) (*sobject.Record, bool)
	// Lookup lists the rows under a key of sobject.IndexKey, in the order of their ids.
	Lookup(key string) []*sobject.Record
	// Scan visits every row of an object in the order of ids until visit returns false.
	Scan(object string, visit func(*sobject.Record) bool)
}

// Options are what the answer depends on besides text and rows.
type Options struct {
	// Version is the API version of the request, such as 60; zero means 60.
	Version int
	// Now is the instant that TODAY and its like refer to; days are those of UTC.
	Now time.Time
	// IncludeDeleted answers as queryAll does, with deleted rows.
	IncludeDeleted bool
}

// Result is the answer to a query or to a child subquery.
type Result struct {
	// TotalSize is the number of rows, after LIMIT and OFFSET; for COUNT() the count, with no rows.
	TotalSize int
	// Done is always true: all rows are here, and paging is up to the face.
	Done bool
	Rows []*Row
}

// Row is one row of an answer; Columns are in the order of SELECT.
type Row struct {
	Object, ID string
	Columns    []Column
}

// Column is one value of a row, under the canonical name of the field or relationship.
type Column struct {
	Name string
	// Field describes the value; nil for a relationship.
	Field *sobject.Field
	// Value is a sobject.Value, for a parent a *Row, for children a *Result, or nil where there is none.
	Value any
}

package soql

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// Source gives the rows a query reads. It is implemented by the Order Management domain over one transaction of its store.
type Source interface {
	// Get finds a row of any object by its 18 character id. The row must not be altered.
	Get(id string) (*sobject.Record, bool)
	// Lookup lists the rows of an object whose indexed field has the value, in the order of their ids. Names are in canonical spelling; case
	// of the value is folded as in sobject.Catalog.IndexKey.
	Lookup(object, field, value string) []*sobject.Record
	// Scan visits every row of an object in the order of ids until visit returns false.
	Scan(object string, visit func(*sobject.Record) bool)
}

// Options are what the answer depends on besides text and rows.
type Options struct {
	// Version is the API version of the request, such as 60; zero means 60.
	Version int
	// Now is the instant that TODAY and its like refer to.
	Now time.Time
	// Zone is the time zone of the caller, in whose days named dates are counted; nil means UTC.
	Zone *time.Location
	// User is the id of the caller, for USING SCOPE mine.
	User string
	// Currency is what convertCurrency() converts to: the caller's currency; empty means CorporateCurrency.
	Currency string
	// Rates tell what one unit of CorporateCurrency is worth in other currencies.
	Rates map[string]decimal.Decimal
	// IncludeDeleted answers as queryAll does, with deleted rows.
	IncludeDeleted bool
	// Batch is the number of rows of a page, with the rows of child subqueries counted; zero answers all in one page.
	Batch int
}

// Result is the answer to a query or to a child subquery, or its first page.
type Result struct {
	// TotalSize is the number of rows, after LIMIT and OFFSET; for COUNT() the count, with no rows.
	TotalSize int
	// Done says that all rows are here.
	Done bool
	Rows []*Row
	// Rest are the ids of the rows of later pages, for [Engine.Page].
	Rest []string
	// Viewed says that the caller shows or refers to the rows (FOR VIEW, FOR REFERENCE).
	Viewed bool
	// Place tells which query of the statement this answers: the columns of the subqueries that lead to it, none for the root query.
	Place []int
}

// Row is one row of an answer; Columns are in the order of SELECT.
type Row struct {
	// Object and ID are the row's own; a row of aggregated values has AggregateResult and no id.
	Object, ID string
	// Named marks a parent that is shown as the object Name, since it may be of several objects.
	Named   bool
	Columns []Column
}

// Column is one value of a row, under the canonical name of the field or relationship.
type Column struct {
	Name string
	// Field describes the value; nil for a relationship.
	Field *sobject.Field
	// Value is a sobject.Value, for a parent a *Row, for children a *Result, or nil where there is none.
	Value any
}

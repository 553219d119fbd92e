// Package soql reads and answers the query language of Salesforce over the objects of a sobject.Catalog and the rows of a [Source].
//
// A text goes through three stages: the grammar (grammar.go) makes a tree of it, [Engine] checks the tree against the catalog and makes a plan,
// and the plan is run: candidates come from an index where an equality allows it, every row is checked against the whole WHERE, and rows are
// shaped as SELECT asks. Plans are kept, since clients send the same few texts again and again.
//
// Answered are field lists with parent paths, FIELDS(), COUNT(), nested child subqueries, WHERE with semi-joins, ORDER BY, LIMIT and OFFSET.
// Not simulated: GROUP BY and the other aggregates, TYPEOF, toLabel, FORMAT, USING SCOPE, WITH, FOR, geolocation and currency literals.
// Errors carry the code and, as far as known, the text of the vendor; see specs/som/SOURCES-sobjects.md.
//
// The package knows no HTTP and no JSON. The Order Management domain calls it and the REST face renders its [Result].
package soql

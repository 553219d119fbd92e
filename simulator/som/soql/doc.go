// Package soql reads and answers the query language of Salesforce over the objects of a sobject.Catalog and the rows of a [Source].
//
// A text goes through three stages: the grammar (grammar.go) makes a tree of it, [Engine] checks the tree against the catalog and makes a plan,
// and the plan is run: candidates come from an index where an equality allows it, every row is checked against the whole WHERE, and rows are
// shaped as SELECT asks. Plans are kept, since clients send the same few texts again and again.
//
// Answered is what the vendor's SOQL reference describes for a REST client: aggregates and groups, parents, child subqueries, semi-joins, named dates
// in the caller's time zone, TYPEOF, FIELDS(), pages. WITH, FOR and UPDATE are taken and change nothing.
// Not simulated: geolocation (DISTANCE), data categories, and the scopes of USING SCOPE that need territories, teams or delegates.
// Errors carry the code and, as far as known, the text of the vendor; see specs/som/SOURCES-sobjects.md.
//
// The package knows no HTTP and no JSON. The Order Management domain calls it and the REST face renders its [Result].
package soql

// Package som is Salesforce Order Management as a domain: the objects of one simulated org, the rules by which order
// summaries, fulfillment orders and payments change, and the arithmetic of their quantities and money.
//
// It is not a Salesforce platform: objects come from the catalog of package sobject, queries are answered by package
// soql over [Rows], and HTTP and JSON belong to package somrest, which calls it. It knows nothing of any of them.
//
// Everything is a row of one table. Aggregates wrap the rows of one order for the length of one change; a refused
// change returns an [*Error] that names the rule behind it (specs/som/rules.yaml), and the caller drops the
// transaction. Where the vendor's behaviour is not documented, specs/som/SOURCES.md says what was chosen.
package som

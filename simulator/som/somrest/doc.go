// Package somrest is the HTTP face of the simulated org: OAuth and SOAP log in, and the data API with queries, searches,
// rows and collections. Order Management's own resources are in package connect, which stands on this one; requests that
// hold requests are in package composite. It turns calls of specs/som/openapi.yaml into calls of packages som, soql and
// sosl and dresses the answers as the vendor does.
//
// What the vendor does not document is chosen in one place, choices.go, and can be changed there by who knows better.
package somrest

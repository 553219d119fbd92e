// Package somrest is the HTTP face of the simulated org: OAuth and SOAP log in, and the data API with queries, rows and
// composite. Order Management's own resources are in package connect, which stands on this one. It turns calls of specs/som/openapi.yaml into calls of
// packages som and soql and dresses the answers as the vendor does.
//
// What the vendor does not document is chosen in one place, choices.go, and can be changed there by who knows better.
package somrest

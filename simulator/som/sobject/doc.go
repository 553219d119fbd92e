// Package sobject knows what the objects of a simulated Salesforce org look like and how one row of them is held.
//
// Metadata is data: one YAML file an object (specs/som/sobjects), read once by [Load] into a [Catalog] that describe, validation, SOQL and the
// REST faces share. A [Record] is a stored row: plain values under canonical field names, nothing but what is set.
//
// The package knows no HTTP, no JSON and no store. It is used by the Order Management domain, by package soql and by the REST faces.
package sobject

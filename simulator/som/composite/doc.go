// Package composite runs requests inside requests: the composite, batch and graph resources of the platform. A sub-request
// goes through the request pipeline like any other, in the transaction of the request it came in; this package decides in
// which order, with which values of earlier answers, and what is taken back when one fails.
//
// It knows the form of requests and answers, not what any of them does: that is the face's, package somrest.
package composite

// Package orderops holds the nouns of the order operations service: refusals and their codes, effects, amounts,
// cancellations, the unified order status and the last day of a return. It does no I/O and knows no remote system; the sub-packages do.
//
// Who uses it: the use cases (cancel, history), the faces (httpapi, ocapiface) and the command engine.
package orderops

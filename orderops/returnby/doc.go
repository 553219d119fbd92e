// Package returnby decides until when a line of an order may be given back, and whether it may. It is a function of the
// line, the policies and the time: it reads nothing and keeps nothing. Whoever asks hands in what was captured before and
// keeps what comes out, so that neither a new policy nor a corrected date takes away what a customer was told.
//
// Days are days of the calendar in a named zone, not periods of 24 hours: over a change of clocks fourteen days have 335
// or 337 of them. The last day counts to its last millisecond. The rules are written down in docs/return-by.md.
package returnby

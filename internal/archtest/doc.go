// Package archtest keeps the import law of this module as a test: which part
// may know which other part, where time, the environment and standard output
// may be touched, and what a package may be called.
//
// It reads source files with go/parser and never builds them, so files of
// every build tag are judged on every machine, and the same rules run over
// small modules held in memory that prove each of them can fail. It judges
// what a file imports itself, not what its imports import in turn.
//
// Nothing imports this package; its test is its only user.
package archtest

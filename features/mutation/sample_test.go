//go:build !full

package mutation

// all has only a sample of the mutants run.
const all = false

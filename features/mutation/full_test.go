//go:build full

package mutation

// all has every mutant run.
const all = true

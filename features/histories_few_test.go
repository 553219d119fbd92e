//go:build !full

package features

// histories is how many are played.
const histories = 6

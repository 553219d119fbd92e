//go:build !full

package features

// histories is how many are played for each owner of money.
const histories = 6

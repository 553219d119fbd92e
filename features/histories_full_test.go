//go:build full

package features

// histories is how many are played for each owner of money: two hundred in all, which is a few minutes under the race detector.
const histories = 100

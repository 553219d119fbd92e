//go:build !full

package features_test

// partOfMoney is every other scenario about money: of an outline for two channels, one. The full tests run them all.
const partOfMoney = "1/2"

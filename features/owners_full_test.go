//go:build full

package features_test

// partOfMoney is every scenario about money.
const partOfMoney = ""

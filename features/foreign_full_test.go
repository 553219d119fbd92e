//go:build full

package features_test

// foreign is every scenario.
const foreign = ""

// Package consumer holds the tests that write the pacts by exercising clients.
// They have the build tag pact, since they link a native library; there is no
// code here to import.
package consumer

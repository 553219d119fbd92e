//go:build pact

package provider_test

import (
	"io"
	"log"
	"os"
	"testing"

	pactlog "github.com/pact-foundation/pact-go/v2/log"
)

// TestMain leaves the verifier's report of a failure alone by itself, without
// the library's account of every request. PACT_LOG_LEVEL=DEBUG brings it back.
func TestMain(m *testing.M) {
	if pactlog.LogLevel() == "INFO" { // its default
		log.SetOutput(io.Discard)
		_ = pactlog.SetLogLevel("WARN") // a level that it knows
	}
	if err := os.Setenv("PACT_DO_NOT_TRACK", "true"); err != nil { // the native library would report its use to its makers
		log.Fatal(err)
	}
	m.Run()
}

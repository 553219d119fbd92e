//go:build full || race

package features_test

import (
	"testing"

	"github.com/somsim/somsim/features/report"
)

// noticed leaves it to the package mutation to prove that scenarios can fail, which is no work for the race detector.
func noticed(*testing.T, *report.Run) {}

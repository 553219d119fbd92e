package simulator_test

import (
	"testing"

	"github.com/somsim/somsim/simulator"
)

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := simulator.New(simulator.Config{Preset: "omnichannel"}); err != nil {
			b.Fatal(err)
		}
	}
}

//go:build !unix

package simulator_test

import "time"

// cpuTime is unknown here.
func cpuTime() time.Duration { return 0 }

package control

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// isoDuration is a duration of ISO 8601 without years and months, whose length depends on the date.
var isoDuration = regexp.MustCompile(`^P(?:(\d+)W)?(?:(\d+)D)?(?:T((?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?))?$`)

// duration parses what people write: Go's form, or a plain ISO 8601 one. It does not go back.
func duration(text string) (time.Duration, error) {
	d, ok := parseDuration(text)
	if !ok {
		return 0, refuse(http.StatusBadRequest, "duration: %q is not like 10m, 1h30m, PT10M or P14D", text)
	}
	if d < 0 {
		return 0, refuse(http.StatusBadRequest, "duration: a clock cannot advance by %s", text)
	}
	return d, nil
}

func parseDuration(text string) (time.Duration, bool) {
	if !strings.HasPrefix(text, "P") {
		d, err := time.ParseDuration(text)
		return d, err == nil
	}
	m := isoDuration.FindStringSubmatch(text)
	if m == nil || m[1] == "" && m[2] == "" && m[3] == "" {
		return 0, false
	}
	hours := 0
	for i, unit := range []int{7 * 24, 24} {
		n, err := strconv.Atoi("0" + m[i+1])
		if err != nil || n > maxHours/unit {
			return 0, false
		}
		hours += n * unit
	}
	clock, err := time.ParseDuration("0s" + strings.ToLower(m[3]))
	if err != nil || hours > maxHours || clock > maxHours*time.Hour {
		return 0, false
	}
	return time.Duration(hours)*time.Hour + clock, true
}

// maxHours keeps sums within what a duration can hold.
const maxHours = 1_000_000

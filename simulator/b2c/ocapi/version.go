package ocapi

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
)

// newest is the version of answers to requests that name none.
const newest = "v24_5"

var versionShape = regexp.MustCompile(`^v(\d{2})_(\d{1,2})$`)

// versions are the published ones of the Shop API by year: the first and the last number of each.
func versions() map[int][2]int {
	return map[int][2]int{20: {2, 10}, 21: {1, 10}, 22: {1, 10}, 23: {1, 2}, 24: {1, 5}}
}

// dataVersions are those of the Data API, which has gone on for a while.
func dataVersions() map[int][2]int {
	published := versions()
	published[25] = [2]int{1, 6}
	return published
}

func knownVersion(published map[int][2]int, token string) bool {
	m := versionShape.FindStringSubmatch(token)
	if m == nil || strings.HasPrefix(m[2], "0") {
		return false
	}
	year, _ := strconv.Atoi(m[1])   // two digits
	number, _ := strconv.Atoi(m[2]) // one or two
	bounds, ok := published[year]
	return ok && bounds[0] <= number && number <= bounds[1]
}

// versionOf is the document version of an answer to a request whose path may be none of ours.
func versionOf(r *binding.Request) string {
	for _, segment := range strings.Split(r.Path, "/") {
		if knownVersion(dataVersions(), segment) {
			return documentVersion(segment)
		}
	}
	return documentVersion(newest)
}

// documentVersion is how documents spell the version of a path.
func documentVersion(token string) string {
	return strings.ReplaceAll(strings.TrimPrefix(token, "v"), "_", ".")
}

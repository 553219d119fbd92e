package binding_test

import (
	"strings"
	"testing"
)

// What was checked once is not checked again, so everything that a document can be broken by has to count as a
// difference: each of these is sent right after a request that keeps to the document in all the rest.
func TestWhatDiffersIsCheckedAnew(t *testing.T) {
	t.Parallel()
	const request, body = "POST /toy/strict/a?n=1", `{"by":1}`
	good := []string{"X-Say-Unit: pieces", "X-Level: 1", "Cookie: crumb=1"}
	tests := []struct {
		name, request, body string
		headers             []string
		status              int
		text                string
	}{
		{"the same again", request, body, good, 200, `{"value":0}`},
		{"another path", "POST /toy/strict/c?n=1", body, good, 400, "path kind"},
		{"another query", "POST /toy/strict/a?n=x", body, good, 400, "query n"},
		{"another body", request, `{"by":"x"}`, good, 400, "body by"},
		{"another header", request, body, []string{"X-Say-Unit: pieces", "X-Level: high", "Cookie: crumb=1"}, 400, "header X-Level"},
		{"another cookie", request, body, []string{"X-Say-Unit: pieces", "X-Level: 1", "Cookie: crumb=x"}, 400, "cookie crumb"},
		{"another media type", request, body, append([]string{"Content-Type: text/plain"}, good...), 400, "body"},
		{"an answer without a header it needs", request, body, []string{"X-Level: 1", "Cookie: crumb=1"}, 500, "X-Unit"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			for range 2 {
				if got := b.call(request, body, good...); got.status != 200 {
					t.Fatalf("the good one: %s", got)
				}
			}
			got := b.call(tc.request, tc.body, tc.headers...)
			if got.status != tc.status || !strings.Contains(got.body, tc.text) {
				t.Errorf("got %s, want %d with %q", got, tc.status, tc.text)
			}
		})
	}
}

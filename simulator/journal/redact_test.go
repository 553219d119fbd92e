package journal_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/journal"
)

func TestRedactorText(t *testing.T) {
	t.Parallel()
	r := journal.NewRedactor("holder")
	tests := []struct{ name, in, want string }{
		{"nothing to hide", `{"order_no":"00000101"}`, `{"order_no":"00000101"}`},
		{"a field of JSON", `{"access_token": "abc\"def","x":1}`, `{"access_token": "[redacted]","x":1}`},
		{"a field the document marks", `{"holder":"Ada"}`, `{"holder":"[redacted]"}`},
		{"a form", `grant_type=password&password=hush&x=1`, `grant_type=password&password=[redacted]&x=1`},
		{"XML", `<n1:password>hush</n1:password><sessionId>00D!x</sessionId>`, `<n1:password>[redacted]</n1:password><sessionId>[redacted]</sessionId>`},
		{"a card number", `{"card":"4111 1111 1111 1111"}`, `{"card":"[redacted]"}`},
		{"a long number that is no card's", `{"id":"4111111111111112"}`, `{"id":"4111111111111112"}`},
		{"a card number with hyphens at the end", `4111-1111-1111-1111`, `[redacted]`},
		{"two card numbers", `a 4111111111111111, 5500005555555559.`, `a [redacted], [redacted].`},
		{"a card number inside a word", `x4111111111111111`, `x4111111111111111`},
		{"a number that is too long", `41111111111111110000`, `41111111111111110000`},
		{"a masked card number", `{"masked_number":"************1111"}`, `{"masked_number":"************1111"}`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := r.Text(tc.in); got != tc.want {
				t.Errorf("got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestRedactorHeader(t *testing.T) {
	t.Parallel()
	given := http.Header{"Authorization": {"Basic abc"}, "Cookie": {"a=b; c=d"}, "Accept": {"text/plain"}}
	want := http.Header{"Authorization": {"Basic [redacted]"}, "Cookie": {"[redacted]"}, "Accept": {"text/plain"}}
	if diff := cmp.Diff(want, journal.NewRedactor().Header(given)); diff != "" {
		t.Error(diff)
	}
	if given.Get("Authorization") != "Basic abc" {
		t.Error("the request's own header was altered")
	}
}

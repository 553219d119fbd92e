//go:build pact

package consumer_test

import (
	"bytes"
	"io"
	"net/http"

	"github.com/somsim/somsim/orderops/remote"
)

// after is a caller whose first request is answered with a first page and never
// sent; those that follow from it go to the mock server. That there is more
// than a page of something is not for a provider to arrange in an answer that
// the pact has elsewhere.
func after(first []byte, caller remote.Caller) remote.Caller {
	caller.HTTP = &http.Client{Transport: &firstPage{answer: first, next: caller.HTTP.Transport}}
	return caller
}

type firstPage struct {
	answer []byte
	given  bool
	next   http.RoundTripper
}

// RoundTrip answers, or sends, a request.
func (f *firstPage) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.given {
		return f.next.RoundTrip(r)
	}
	f.given = true
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(f.answer)), Request: r}, nil
}

package simtest

import (
	"bytes"
	"io"
	"net/http/httputil"
	"net/url"
	"testing"
	"testing/iotest"
)

// Proxy passes requests on to a service. It reads their bodies first: net/http closes a body when the answer to its request
// begins, and a transport that still looks for the body's end then gives up its connection in the middle of the answer.
func Proxy(t *testing.T, service string) *httputil.ReverseProxy {
	t.Helper()
	target, err := url.Parse(service)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		if r.Out.Body == nil {
			return
		}
		body, err := io.ReadAll(r.In.Body)
		if err == nil {
			err = io.EOF
		}
		r.Out.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), iotest.ErrReader(err)))
	}}
}

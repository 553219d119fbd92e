// Package relay passes requests on to a service.
package relay

import (
	"bytes"
	"io"
	"net/http/httputil"
	"net/url"
)

// To passes requests on to the service at a base URL, which is well-formed. It reads their bodies first: net/http closes a
// body when the answer to its request begins, and a transport that still looks for the body's end then gives up its connection
// in the middle of the answer. A body that breaks off breaks off at the service as well.
func To(service *url.URL) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(service)
		if r.Out.Body == nil {
			return
		}
		body, err := io.ReadAll(r.In.Body)
		rest, end := io.Pipe()
		_ = end.CloseWithError(err) // which never fails; without an error it is the end
		r.Out.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), rest))
	}}
}

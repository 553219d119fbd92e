package binding

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxBody is the largest request body any face takes, in bytes: what OCAPI documents, and the largest of them all.
const maxBody = 5 << 20

type prefixKey struct{}

// pathPrefix returns the sandbox prefix a request came with, or nothing.
func pathPrefix(r *http.Request) string {
	prefix, _ := r.Context().Value(prefixKey{}).(string)
	return prefix
}

// decoded are the escapes of characters that a path may hold as they are.
var decoded = strings.NewReplacer("%28", "(", "%29", ")", "%2C", ",", "%2c", ",")

// normalized takes the sandbox prefix off the path and decodes what a path may hold undecoded, so that one route
// matches both spellings. Slashes at the beginning count once: clients append paths to base addresses that end in one.
func normalized(hr *http.Request) *http.Request {
	escaped := hr.URL.EscapedPath()
	if !strings.HasPrefix(escaped, "/sandbox/") && !strings.HasPrefix(escaped, "//") && !strings.Contains(escaped, "%") {
		return hr
	}
	prefix, escaped := "", oneSlash(escaped)
	if rest, ok := strings.CutPrefix(escaped, "/sandbox/"); ok {
		name, tail, _ := strings.Cut(rest, "/")
		prefix, escaped = "/sandbox/"+name, oneSlash(tail)
	}
	escaped = decoded.Replace(escaped)
	out := hr.WithContext(context.WithValue(hr.Context(), prefixKey{}, prefix))
	target := *hr.URL
	target.RawPath = escaped
	if path, err := url.PathUnescape(escaped); err == nil {
		target.Path = path
	}
	out.URL = &target
	return out
}

func oneSlash(path string) string { return "/" + strings.TrimLeft(path, "/") }

// readRequest reads the body and unescapes the path's variables, which it may do in place.
func readRequest(hr *http.Request, vars map[string]string, op *operation) (*Request, error) {
	r := &Request{Method: hr.Method, Path: hr.URL.Path, Header: hr.Header, http: hr, Vars: vars}
	if op != nil {
		r.Method = op.method
	}
	for name, raw := range vars {
		value, err := url.PathUnescape(raw)
		if err != nil {
			return r, &InvalidRequest{In: "path", Name: name, Problem: ProblemSyntax, Reason: err.Error()}
		}
		r.Vars[name] = value
	}
	if hr.Body == nil || hr.Body == http.NoBody {
		return r, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, hr.Body, maxBody))
	r.Body = body
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return r, &TooLarge{Limit: large.Limit}
	}
	if err != nil {
		return r, &InvalidRequest{In: "body", Problem: ProblemSyntax, Reason: err.Error()}
	}
	hr.Body = io.NopCloser(bytes.NewReader(body))
	return r, nil
}

func mediaType(h http.Header) string {
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return media
}

// preflight answers what browsers ask before they call an API of another origin, and lets them read its answers; which
// headers of an answer they may read, says the answer ([expose]).
func preflight(w http.ResponseWriter, hr *http.Request) bool {
	origin := hr.Header.Get("Origin")
	if origin == "" {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Add("Vary", "Origin")
	if hr.Method != http.MethodOptions || hr.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", hr.Header.Get("Access-Control-Request-Headers"))
	w.WriteHeader(http.StatusNoContent)
	return true
}

// expose lets a browser of another origin read every header of an answer that it does not show by itself.
func expose(h http.Header) {
	if h.Get("Access-Control-Allow-Origin") == "" {
		return
	}
	var names []string
	for name := range h {
		if name != "Vary" && !strings.HasPrefix(name, "Access-Control-") && !slices.Contains(safelisted, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	h.Set("Access-Control-Expose-Headers", strings.Join(names, ", "))
}

// safelisted are headers that browsers show without being told so (Fetch standard, CORS-safelisted response-header name),
// and Set-Cookie, which they show nobody.
var safelisted = []string{"Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Pragma", "Set-Cookie"} //nolint:gochecknoglobals // a constant that Go cannot spell

// sandboxNames collects every place where a request tells its sandbox.
func sandboxNames(f *Face, r *Request) [4]namedSandbox {
	found := [4]namedSandbox{
		{"the path", strings.TrimPrefix(pathPrefix(r.http), "/sandbox/")},
		{"the header X-Sandbox", r.Header.Get("X-Sandbox")},
		{"the header baggage", fromBaggage(r.Header.Values("Baggage"))},
	}
	if f.Sandbox != nil {
		found[3] = namedSandbox{"the credential", f.Sandbox(r)}
	}
	return found
}

type namedSandbox struct{ where, name string }

// fromBaggage reads the member "sandbox" of W3C baggage.
func fromBaggage(values []string) string {
	if len(values) == 0 {
		return ""
	}
	for _, member := range strings.Split(strings.Join(values, ","), ",") {
		member, _, _ = strings.Cut(member, ";")
		name, value, _ := strings.Cut(member, "=")
		if strings.TrimSpace(name) != "sandbox" {
			continue
		}
		if decoded, err := url.PathUnescape(strings.TrimSpace(value)); err == nil {
			return decoded
		}
	}
	return ""
}

package worldlineclient

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"sort"
	"strings"

	"github.com/somsim/somsim/orderops/remote"
)

const idempotenceHeader = "X-Gcs-Idempotence-Key"

// authorization signs a call the v1HMAC way: method, content type, date, the X-GCS headers in lower case and in order,
// and the path with its query, each ended by a newline.
func (c *Client) authorization(ctx context.Context, call remote.Call) string {
	var text strings.Builder
	for _, line := range []string{call.Method, call.ContentType, call.Header.Get("Date")} {
		text.WriteString(line + "\n")
	}
	for _, name := range gcsHeaders(call.Header) {
		text.WriteString(strings.ToLower(name) + ":" + strings.TrimSpace(call.Header.Get(name)) + "\n")
	}
	target := call.Path
	if len(call.Query) > 0 {
		target += "?" + call.Query.Encode()
	}
	text.WriteString(target + "\n")
	mac := hmac.New(sha256.New, []byte(c.credentials.Secret))
	_, _ = mac.Write([]byte(text.String())) // a hash never fails to write
	signature := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return "GCS v1HMAC:" + remote.ScopeOf(ctx).Credential(c.credentials.KeyID) + ":" + signature
}

func gcsHeaders(h http.Header) []string {
	var names []string
	for name := range h {
		if strings.HasPrefix(strings.ToLower(name), "x-gcs-") {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

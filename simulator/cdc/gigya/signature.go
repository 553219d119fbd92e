package gigya

import (
	"net/url"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/cdc"
)

// signedCall is what a caller has signed, as the first version of OAuth has it: method, address and sorted parameters.
// The second result is false when the call is not signed.
func signedCall(r *binding.Request) (cdc.SignedCall, bool) {
	p := parameters(r)
	if p.Get("sig") == "" {
		return cdc.SignedCall{}, false
	}
	c := cdc.SignedCall{
		Signature: p.Get("sig"), Nonce: p.Get("nonce"), Timestamp: p.Get("timestamp"), UserKey: p.Get("userKey"), Token: p.Get("oauth_token"),
	}
	for _, scheme := range []string{"https", "http"} {
		c.Texts = append(c.Texts, r.Method+"&"+escaped(address(r, scheme))+"&"+escaped(sorted(p)))
	}
	return c, true
}

// address is where the call was sent, without its query and the scheme's own port.
func address(r *binding.Request, scheme string) string {
	hr := r.HTTP()
	path := r.Path
	if sent, err := url.ParseRequestURI(hr.RequestURI); err == nil { // with the prefix of a sandbox
		path = sent.Path
	}
	host := strings.TrimSuffix(strings.ToLower(hr.Host), map[string]string{"https": ":443", "http": ":80"}[scheme])
	return scheme + "://" + host + path
}

func sorted(p url.Values) string {
	var names []string
	for name := range p {
		if name != "sig" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for i, name := range names {
		names[i] = name + "=" + escaped(p.Get(name))
	}
	return strings.Join(names, "&")
}

func escaped(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

package ocapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// all is the selector that leaves everything.
const all = "(**)"

// permit holds a call against the settings of its API client: origin, method, resource, and what it writes. A selector that
// cannot be read is refused here, before anything is done.
func (a *API) permit(c *binding.Call, clientID string) error {
	if err := checkAccepted(c.Request.Header); err != nil {
		return err
	}
	if _, err := selection(c); err != nil {
		return err
	}
	to := access(c.Request, clientID)
	if to.API == b2c.ShopAPI {
		if err := a.checkLocale(c); err != nil {
			return err
		}
	}
	p, err := a.domain.Permission(c.Tx, to)
	if err != nil {
		return err
	}
	if to.Method == http.MethodGet && p.ReadAttributes == "" {
		return Refuse("b2c.settings.read", "UnauthorizedReadAccess",
			fmt.Sprintf("Read access to resource '%s' is not allowed for this client.", to.Path), "method", to.Method, "path", to.Path)
	}
	return mayWrite(c, to, p.WriteAttributes)
}

// checkAccepted refuses callers who take no JSON in UTF-8, which is all there is.
func checkAccepted(h http.Header) error {
	accept := strings.ToLower(h.Get("Accept"))
	if accept != "" && !strings.Contains(accept, "json") && !strings.Contains(accept, "*/*") && !strings.Contains(accept, "application/*") {
		return Refuse("b2c.accept.format", "UnsupportedFormat", "The format '"+accept+"' is not supported.", "format", accept)
	}
	charset := strings.ToLower(h.Get("Accept-Charset"))
	if charset != "" && !strings.Contains(charset, "utf-8") && !strings.Contains(charset, "*") {
		return Refuse("b2c.accept.charset", "CharsetNotAcceptable", "The charset '"+charset+"' is not acceptable.", "charset", charset)
	}
	return nil
}

// access reads out of a request what settings speak of: the API, the site, and the resource below the version.
func access(r *binding.Request, clientID string) b2c.Access {
	to := b2c.Access{
		API: b2c.ShopAPI, SiteID: r.Vars["site"], Version: documentVersion(r.Vars["version"]), ClientID: clientID,
		Origin: r.Header.Get("Origin"), Method: r.Method, Path: r.Path,
	}
	if verb := override(r.HTTP()); verb != "" {
		to.Method = verb
	}
	_, below, _ := strings.Cut(r.Path, "/dw/")
	api, resource, _ := strings.Cut(below, "/"+r.Vars["version"])
	to.Path = resource
	if api == string(b2c.DataAPI) {
		to.API, to.SiteID = b2c.DataAPI, ""
	}
	return to
}

// mayWrite refuses properties in a body that the settings do not let the client write.
func mayWrite(c *binding.Call, to b2c.Access, attributes string) error {
	if len(c.Request.Body) == 0 || attributes == all {
		return nil
	}
	body, err := readValue(json.RawMessage(c.Request.Body))
	if err != nil {
		return nil //nolint:nilerr // no JSON at all: the specification refuses it
	}
	if attributes == "" {
		return Refuse("b2c.settings.write", "UnauthorizedWriteAccess",
			fmt.Sprintf("Write access to resource '%s' is not allowed for this client.", to.Path), "method", to.Method, "path", to.Path)
	}
	s, err := ParseSelector(attributes)
	if err != nil {
		return fmt.Errorf("write attributes of %s: %w", to.Path, err)
	}
	if property := s.missing(body); property != "" {
		document := documentOf(c.Operation)
		return Refuse("b2c.settings.write-attributes", "PropertyNotPermitted",
			fmt.Sprintf("The property '%s' of document '%s' may not be written by this client.", property, document),
			"property", property, "document", document)
	}
	return nil
}

// missing returns the first property of a value that the selector leaves out, empty when it leaves all.
func (s Selector) missing(v value) string {
	for _, element := range v.elements {
		if name := s.missing(element); name != "" {
			return name
		}
	}
	for _, m := range v.members {
		wanted, below, _ := s.choose(m)
		if !wanted {
			return m.name
		}
		if name := below.missing(m.value); name != "" {
			return m.name + "." + name
		}
	}
	return ""
}

// selection is what the parameter select asks for, or the property of a search; nil when it asks for everything.
func selection(c *binding.Call) (*Selector, error) {
	text := c.Request.Query("select")
	if text == "" && strings.HasPrefix(c.Operation, "search") {
		if v, err := readValue(c.Request.Body); err == nil {
			text = v.property("select").text()
		}
	}
	if text == "" || text == all {
		return nil, nil
	}
	s, err := ParseSelector(text)
	if err != nil {
		return nil, Refuse("b2c.selector.well-formed", "MalformedSelector", "The property selector is malformed: "+err.Error()+".", "selector", text)
	}
	return &s, nil
}

// narrow cuts an answer down to what its caller asked for and may read, and gives it the headers its client has.
func (a *API) narrow(c *binding.Call, resp *binding.Response) error {
	if c.Principal.Client == "" || c.Operation == "accountManagerToken" || c.Operation == "agentToken" {
		return nil
	}
	p, err := a.domain.Permission(c.Tx, access(c.Request, c.Principal.Client))
	if err != nil {
		return err
	}
	for name, value := range p.ResponseHeaders {
		resp.Header.Set(name, value)
	}
	if p.CacheTime > 0 && c.Request.Method == http.MethodGet && c.Principal.Kind == kindClient {
		resp.Header.Set("Cache-Control", fmt.Sprintf("max-age=%d, must-revalidate", p.CacheTime))
	}
	if len(resp.Body) == 0 {
		return nil
	}
	if p.ReadAttributes != all {
		if resp.Body, err = readable(resp.Body, p.ReadAttributes); err != nil {
			return err
		}
	}
	chosen, err := selection(c)
	if err != nil || chosen == nil {
		return err
	}
	resp.Body, err = chosen.Apply(resp.Body)
	return err
}

// readable leaves of an answer what the settings let a client read: nothing of its own when they name nothing.
func readable(body []byte, attributes string) ([]byte, error) {
	var s Selector
	if attributes != "" {
		var err error
		if s, err = ParseSelector(attributes); err != nil {
			return nil, fmt.Errorf("read attributes: %w", err)
		}
	}
	return s.Apply(body)
}

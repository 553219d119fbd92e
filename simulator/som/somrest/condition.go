package somrest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// Conditional requests. Entity tags exist for accounts only, dates for every row; a DELETE knows neither.
// Source: REST API Developer Guide, "Conditional Request Headers".

// tagged tells the objects whose rows have entity tags.
func tagged(o *sobject.Object) bool { return o.Name == "Account" }

// validators are the headers by which a caller can ask later whether a row is still the same.
func (a *API) validators(o *sobject.Object, r *sobject.Record) http.Header {
	h := http.Header{}
	if at := modified(r); !at.IsZero() {
		h.Set("Last-Modified", at.Format(http.TimeFormat))
	}
	if tagged(o) {
		h.Set("ETag", a.entityTag(o, r))
	}
	return h
}

// modified is when the row was changed last, to the second as HTTP dates are.
func modified(r *sobject.Record) time.Time { return r.Time("SystemModstamp").Truncate(time.Second) }

// entityTag is a hash of all that the row shows.
func (a *API) entityTag(o *sobject.Object, r *sobject.Record) string {
	d := &document{}
	d.record(a.catalog, o, r, o.Fields)
	sum := sha256.Sum256(d.Bytes())
	return `"` + base64.StdEncoding.EncodeToString(sum[:20]) + `"`
}

// checkRead reports whether the caller has the row already, and refuses a row that is not the one he expects.
func (a *API) checkRead(c *binding.Call, o *sobject.Object, r *sobject.Record) (unchanged bool, err error) {
	if err := a.checkExpected(c, o, r); err != nil {
		return false, err
	}
	h := c.Request.Header
	if tags, sent := entityTags(h.Get("If-None-Match")); sent && tagged(o) {
		return a.hasTag(tags, o, r), nil
	}
	since, err := http.ParseTime(h.Get("If-Modified-Since"))
	return err == nil && !modified(r).After(since), nil
}

// checkWrite refuses to change a row that is not the one the caller expects.
func (a *API) checkWrite(c *binding.Call, o *sobject.Object, r *sobject.Record) error {
	h := c.Request.Header
	for _, name := range []string{"If-Match", "If-None-Match"} {
		if tags, sent := entityTags(h.Get(name)); sent && len(tags) == 0 {
			return badCondition(name, h.Get(name))
		}
	}
	if text := h.Get("If-Unmodified-Since"); text != "" {
		if _, err := http.ParseTime(text); err != nil {
			return badCondition("If-Unmodified-Since", text)
		}
	}
	if err := a.checkExpected(c, o, r); err != nil {
		return err
	}
	if tags, sent := entityTags(h.Get("If-None-Match")); sent && tagged(o) && a.hasTag(tags, o, r) {
		return preconditionFailed("If-None-Match")
	}
	return nil
}

// checkExpected applies what reading and writing have in common.
func (a *API) checkExpected(c *binding.Call, o *sobject.Object, r *sobject.Record) error {
	h := c.Request.Header
	if tags, sent := entityTags(h.Get("If-Match")); sent && tagged(o) && !a.hasTag(tags, o, r) {
		return preconditionFailed("If-Match")
	}
	if since, err := http.ParseTime(h.Get("If-Unmodified-Since")); err == nil && modified(r).After(since) {
		return preconditionFailed("If-Unmodified-Since")
	}
	return nil
}

func (a *API) hasTag(tags []string, o *sobject.Object, r *sobject.Record) bool {
	return slices.Contains(tags, "*") || slices.Contains(tags, a.entityTag(o, r))
}

var quotedTag = regexp.MustCompile(`^(?:W/)?"[^"]*"$`)

// entityTags reads a list of entity tags; a tag of a compressed answer ends in -gzip and means the same. There are no
// tags in a value that is none.
func entityTags(value string) (tags []string, sent bool) {
	if strings.TrimSpace(value) == "" {
		return nil, false
	}
	for _, tag := range strings.Split(value, ",") {
		tag = strings.TrimSpace(tag)
		if tag != "*" && !quotedTag.MatchString(tag) {
			return nil, true
		}
		tags = append(tags, strings.Replace(strings.TrimPrefix(tag, "W/"), `-gzip"`, `"`, 1))
	}
	return tags, true
}

// codePrecondition and codeHeader go with what HTTP itself says; the vendor's own codes are not public.
const (
	codePrecondition som.Code = "PRECONDITION_FAILED"
	codeHeader       som.Code = "INVALID_REQUEST_HEADER"
)

func preconditionFailed(header string) error {
	return &som.Error{
		Code: codePrecondition, Rule: "som.data.precondition", Message: fmt.Sprintf("The record is not in the state that %s requires", header),
	}
}

func badCondition(header, value string) error {
	return &som.Error{
		Code: codeHeader, Rule: "som.data.precondition-form", Message: fmt.Sprintf("Invalid value for header %s: %s", header, value),
	}
}

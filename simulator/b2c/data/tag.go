package data

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
)

// tagged is a document with the entity tag that callers have to show before they change what it describes.
type tagged struct{ body json.RawMessage }

// newTagged renders a document.
func newTagged(document any) (tagged, error) {
	body, err := json.Marshal(document)
	if err != nil {
		return tagged{}, fmt.Errorf("render %T: %w", document, err)
	}
	return tagged{body}, nil
}

// AnswerBody is the document.
func (t tagged) AnswerBody() ([]byte, error) { return t.body, nil }

// AnswerHeader carries the tag.
func (t tagged) AnswerHeader() http.Header { return http.Header{"Etag": {t.tag()}} }

// tag is a fingerprint of the document, whatever part of it is sent.
func (t tagged) tag() string {
	sum := sha256.Sum256(t.body)
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// response is the answer of an operation that documents more than one success.
func (t tagged) response(status int) *binding.Response {
	return &binding.Response{Status: status, Header: t.AnswerHeader(), Body: t.body}
}

// mayChange refuses to change something for a caller who does not show its present tag.
func mayChange(c *binding.Call, present any) error {
	doc, err := newTagged(present)
	if err != nil {
		return err
	}
	switch seen := c.Request.Header.Get("If-Match"); seen {
	case "":
		return ocapi.Refuse("b2c.data.if-match", "IfMatchRequired", "The header 'If-Match' is required to change this resource.")
	case "*", doc.tag():
		return nil
	default:
		return ocapi.Refuse("b2c.data.if-match-current", "InvalidIfMatch",
			fmt.Sprintf("The value '%s' of the header 'If-Match' is not the present state of the resource.", seen), "ifMatch", seen)
	}
}

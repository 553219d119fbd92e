package scapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
)

// custom begins the names of a shop's own attributes, which are the same in both APIs.
const custom = "c_"

// snake writes a name as OCAPI does.
func snake(name string) string {
	if strings.HasPrefix(name, custom) {
		return name
	}
	var out strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

// camelCase writes a name of OCAPI as SCAPI does.
func camelCase(name string) string {
	if strings.HasPrefix(name, custom) {
		return name
	}
	words := strings.Split(name, "_")
	for i, word := range words {
		if i > 0 && word != "" {
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}

// renamed writes a document with other names for its properties, which keep their order. Properties of documents of OCAPI
// about themselves, which begin with an underscore, are left out.
func renamed(document []byte, rename func(string) string) ([]byte, error) {
	document = bytes.TrimSpace(document)
	if len(document) == 0 {
		return document, nil
	}
	switch document[0] {
	case '{':
		return renamedObject(document, rename)
	case '[':
		var elements []json.RawMessage
		if err := json.Unmarshal(document, &elements); err != nil {
			return nil, err
		}
		for i := range elements {
			var err error
			if elements[i], err = renamed(elements[i], rename); err != nil {
				return nil, err
			}
		}
		return json.Marshal(elements)
	}
	return document, nil
}

func renamedObject(document []byte, rename func(string) string) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteByte('{')
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		if strings.HasPrefix(name, "_") {
			continue
		}
		below, err := renamed(value, rename)
		if err != nil {
			return nil, err
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "%q:%s", rename(name), below)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// relay has an operation of OCAPI run for a call and translates its answer.
func (a *API) relay(operation string) binding.Handler {
	return binding.Raw(func(c *binding.Call) (*binding.Response, error) { return a.run(c, operation, c.Request.Body) })
}

// run runs an operation of OCAPI with a body in the spelling of SCAPI.
func (a *API) run(c *binding.Call, operation string, body []byte) (*binding.Response, error) {
	resp, err := a.call(c, operation, body)
	if err != nil || len(resp.Body) == 0 {
		return resp, err
	}
	resp.Body, err = renamed(resp.Body, camelCase)
	return resp, err
}

// hooked is a handler of this face in which hooks take part as in an operation of OCAPI.
func (a *API) hooked(operation string, h func(c *binding.Call) (*binding.Response, error)) binding.Handler {
	return a.shop.Hooked(operation, binding.Raw(h), func(body []byte) ([]byte, error) { return renamed(body, snake) })
}

// call runs an operation of OCAPI and leaves its answer as it is.
func (a *API) call(c *binding.Call, operation string, body []byte) (*binding.Response, error) {
	inner, err := translated(c, body)
	if err != nil {
		return nil, err
	}
	return binding.Handle(a.operations[operation], inner)
}

// translated is a call of OCAPI that asks for the same as one of SCAPI.
func translated(c *binding.Call, body []byte) (*binding.Call, error) {
	body, err := renamed(body, snake)
	if err != nil {
		return nil, &binding.InvalidRequest{In: "body", Problem: binding.ProblemSyntax, Reason: err.Error()}
	}
	vars := map[string]string{"site": c.Request.Query("siteId"), "version": ocapi.Version}
	for name, value := range c.Request.Vars {
		vars[snake(name)] = value
	}
	if id := c.Request.Vars["giftCertificateItemId"]; id != "" {
		vars["item_id"] = id
	}
	query := url.Values{}
	for name, values := range c.Request.HTTP().URL.Query() {
		query[snake(name)] = values
	}
	inner := *c
	inner.Request = c.Request.Translated(vars, query, body)
	return &inner, nil
}

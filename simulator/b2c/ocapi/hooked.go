package ocapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// hooked lets hooks take part in operations: before and after the platform's own work, in its transaction, and over the
// answer once that is committed (docs/decisions/0018).
func (a *API) hooked(operations map[string]binding.Handler) map[string]binding.Handler {
	out := maps.Clone(operations)
	for id, e := range extensions() {
		if h := out[id]; h != nil {
			out[id] = a.extended(e, h, nil)
		}
	}
	return out
}

// Hooked is a handler of a face in another spelling, with the hooks of an operation. Spelling writes its documents as OCAPI
// does, which is how hooks get them.
func (a *API) Hooked(operation string, h binding.Handler, spelling func([]byte) ([]byte, error)) binding.Handler {
	return a.extended(extensions()[operation], h, spelling)
}

func (a *API) extended(e extension, next binding.Handler, spelling func([]byte) ([]byte, error)) binding.Handler {
	return binding.Raw(func(c *binding.Call) (*binding.Response, error) {
		hooks := a.domain.Hooks(c.Tx)
		if !hooks.Hooked(e.point + ".") {
			return binding.Handle(next, c)
		}
		h := &hooking{api: a, extension: e, hooks: hooks, custom: map[string]json.RawMessage{}}
		return h.run(c, next, spelling)
	})
}

// run is an operation with its hooks.
func (h *hooking) run(c *binding.Call, next binding.Handler, spelling func([]byte) ([]byte, error)) (*binding.Response, error) {
	refused, err := h.beforehand(c)
	if err != nil {
		return nil, err
	}
	if refused {
		return binding.Handle(next, c)
	}
	resp, err := binding.Handle(next, withoutState(c))
	if err != nil {
		return nil, err
	}
	document := resp.Body
	if spelling != nil {
		if document, err = spelling(document); err != nil {
			return nil, &binding.Bug{Err: err}
		}
	}
	if h.extension.verb != get {
		if document, err = h.afterwards(c, resp, document); err != nil {
			return nil, err
		}
	}
	if len(resp.Body) > 0 && h.hooks.Hooked(h.extension.modify()) {
		c.Afterwards(func(c *binding.Call, body []byte) ([]byte, error) { return h.modified(c, body, document) })
	}
	return resp, nil
}

// beforehand calls the hooks before the platform's own work. It reports a caller who has seen another state of the resource,
// or asks for one that there is not: the platform refuses that by itself, and no hook hears of it.
func (h *hooking) beforehand(c *binding.Call) (refused bool, err error) {
	document, known, err := h.present(c)
	if err != nil || !known {
		return !known, err
	}
	if given := stateGiven(c.Request); !c.Asked("") && given != "" && document != nil && given != namesIn(document).ResourceState {
		return true, nil
	}
	shown := document
	if h.extension.verb == get {
		shown = nil // such hooks get the id alone
	}
	answer, err := h.tell(c, h.extension.before(), shown)
	if err == nil {
		_, err = h.write(c, h.extension.before(), document, answer)
	}
	return false, err
}

// present is the document of the resource as it is, if there is one in the path or, for a submission, in the body. That it
// is not known the platform says itself.
func (h *hooking) present(c *binding.Call) (document []byte, known bool, err error) {
	r := reader(c, siteOf(c.Request))
	if h.extension.subject == ofOrder {
		o, err := h.api.domain.Order(c.Tx, r, cmp.Or(c.Request.Vars["order_no"], c.Request.Vars["orderNo"]))
		if err != nil {
			return nil, false, nil //nolint:nilerr // see above
		}
		document, err = h.api.RenderOrder(o)
		return document, true, err
	}
	id := c.Request.Vars["basket_id"]
	if h.extension.subject == ofSubmission {
		id = namesIn(c.Request.Body).BasketID
	}
	if id == "" {
		return nil, h.extension.subject != ofSubmission, nil
	}
	basket, err := h.api.domain.Basket(c.Tx, r, id)
	if err != nil {
		return nil, false, nil //nolint:nilerr // see above
	}
	document, err = json.Marshal(h.api.basketDocument(c, basket))
	return document, true, err
}

// afterwards calls the hooks after the platform's own work, and makes the changes that they want.
func (h *hooking) afterwards(c *binding.Call, resp *binding.Response, document []byte) ([]byte, error) {
	answer, err := h.tell(c, h.extension.after(), document)
	if err != nil {
		return nil, err
	}
	changed, err := h.write(c, h.extension.after(), document, answer)
	if err != nil || changed == nil {
		return document, err
	}
	if bytes.Equal(resp.Body, document) {
		resp.Body = changed
	} else if resp.Body, err = merged(resp.Body, changed); err != nil {
		return nil, &binding.Bug{Err: err}
	}
	return changed, nil
}

// write sets the custom attributes that a hook wants set on the resource of a document, and returns the new document; nil
// when the hook wants none.
func (h *hooking) write(c *binding.Call, point string, document []byte, answer hookAnswer) ([]byte, error) {
	if len(answer.Changes) == 0 {
		return nil, nil
	}
	set, unset, err := customInput(answer.Changes).attributes()
	if err != nil {
		return nil, scriptFailed(point, err.Error())
	}
	switch names := namesIn(document); {
	case names.OrderNo != "":
		o, err := h.api.domain.HookOrder(c.Tx, names.OrderNo, set, unset)
		if err != nil {
			return nil, scriptFailed(point, err.Error())
		}
		return h.api.orderFor(c, o)
	case names.BasketID != "":
		basket, err := h.api.domain.EditBasket(c.Tx, b2c.Editor{Agent: true}, b2c.BasketRef{ID: names.BasketID}, func(e *b2c.BasketEdit) error {
			e.SetCustom(set, unset)
			return nil
		})
		if err != nil {
			return nil, scriptFailed(point, err.Error())
		}
		return json.Marshal(h.api.basketDocument(c, basket))
	}
	return nil, scriptFailed(point, "it wants to change what is not there")
}

// orderFor is the document of an order in the version of a call.
func (a *API) orderFor(c *binding.Call, o b2c.Order) ([]byte, error) {
	doc, err := a.render(cmp.Or(c.Request.Vars["version"], newest), o)
	return doc.RawMessage, err
}

// modified lets the hooks for the answer add to it.
func (h *hooking) modified(c *binding.Call, body, document []byte) ([]byte, error) {
	answer, err := h.tell(c, h.extension.modify(), document)
	if err != nil || len(answer.Document) == 0 {
		return body, err
	}
	if body, err = merged(body, answer.Document); err != nil {
		return nil, scriptFailed(h.extension.modify(), err.Error())
	}
	return body, nil
}

// names are what documents of orders and baskets, and requests about them, say of themselves.
type names struct {
	OrderNo       string `json:"order_no"`
	BasketID      string `json:"basket_id"`
	ResourceState string `json:"_resource_state"`
}

func namesIn(document []byte) names {
	var n names
	if json.Unmarshal(document, &n) != nil {
		return names{}
	}
	return n
}

func siteOf(r *binding.Request) string { return cmp.Or(r.Vars["site"], r.Query("siteId")) }

const stateHeader = "x-dw-resource-state"

// stateGiven is the state of the resource that the caller has seen.
func stateGiven(r *binding.Request) string {
	return cmp.Or(namesIn(r.Body).ResourceState, r.Header.Get(stateHeader))
}

// withoutState is a call that does not say which state of the resource its caller has seen, once a hook was called: it was
// held against the state when the request came, and the hook may have had reason to change the resource.
func withoutState(c *binding.Call) *binding.Call {
	if !c.Asked("") || stateGiven(c.Request) == "" {
		return c
	}
	out, request := *c, *c.Request
	request.Header = request.Header.Clone()
	request.Header.Del(stateHeader)
	var body map[string]json.RawMessage
	if json.Unmarshal(request.Body, &body) == nil {
		delete(body, "_resource_state")
		request.Body, _ = json.Marshal(body) //nolint:errchkjson // it was JSON
	}
	out.Request = &request
	return &out
}

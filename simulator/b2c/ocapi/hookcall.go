package ocapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/courier"
	"github.com/somsim/somsim/simulator/sandbox"
)

// hookDocument is what a hook is told.
type hookDocument struct {
	Hook          string     `json:"hook"`
	API           string     `json:"api"`
	SiteID        string     `json:"site_id"`
	Version       string     `json:"version"`
	ClientID      string     `json:"client_id"`
	Caller        hookCaller `json:"caller"`
	CorrelationID string     `json:"correlation_id,omitempty"`
	Sandbox       string     `json:"sandbox"`
	// Resource are the variables of the path, Parameters the query parameters of the shop's own, which begin with c_.
	Resource   map[string]string `json:"resource"`
	Parameters map[string]string `json:"parameters"`
	// Input is the body of the request, Document the resource, or the answer that may be modified; null where there is none.
	Input    json.RawMessage `json:"input"`
	Document json.RawMessage `json:"document"`
	// Custom is what hooks of the same request have left for those that follow.
	Custom map[string]json.RawMessage `json:"custom"`
}

// hookCaller is whose request it is: guest, registered or system.
type hookCaller struct {
	Type       string `json:"type"`
	CustomerID string `json:"customer_id,omitempty"`
}

// hookAnswer is what a hook says: that all is well, or that the request is to fail.
type hookAnswer struct {
	Status  string          `json:"status"`
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Details json.RawMessage `json:"details"`
	// Changes are custom attributes of the resource to set, or with a null to remove, in the transaction of the request.
	Changes map[string]json.RawMessage `json:"changes"`
	// Document is the answer as the hook would have it.
	Document json.RawMessage            `json:"document"`
	Custom   map[string]json.RawMessage `json:"custom"`
}

const (
	statusOK    = "OK"
	statusError = "ERROR"
)

// hooking is one request in which hooks take part.
type hooking struct {
	api       *API
	extension extension
	hooks     b2c.Hooks
	// custom is what hooks have left for those that follow.
	custom map[string]json.RawMessage
}

// tell calls the hooks of an extension point one after another, until one answers. A point without a hook, or whose hooks
// have nothing to say, answers nothing.
func (h *hooking) tell(c *binding.Call, point string, document json.RawMessage) (hookAnswer, error) {
	for i, hook := range h.hooks.At(point) {
		key := fmt.Sprintf("%s#%d", point, i)
		if !c.Asked(key) && h.api.domain.HookOpen(c.Tx, point) {
			return hookAnswer{}, circuitOpen(point, hookAnswer{})
		}
		body, err := json.Marshal(h.document(c, point, document))
		if err != nil {
			return hookAnswer{}, &binding.Bug{Err: err}
		}
		reply, err := c.Ask(key, courier.Question{
			System: "b2c", Operation: point, Asker: "hook:" + point, URL: hook.URL, Secret: hook.Secret, Body: body,
			TraceParent: c.Request.Header.Get("Traceparent"), Correlation: c.Request.Header.Get("correlation-id"), Timeout: h.hooks.Timeout,
		}, func(tx *sandbox.Tx, r courier.Reply) { h.api.domain.BookHook(tx, point, hookFailed(r)) })
		if err != nil {
			return hookAnswer{}, err
		}
		answer, said, err := hookSays(c, point, reply)
		if err != nil || said {
			maps.Copy(h.custom, answer.Custom)
			return answer, err
		}
	}
	return hookAnswer{}, nil
}

func (h *hooking) document(c *binding.Call, point string, document json.RawMessage) hookDocument {
	doc := hookDocument{
		Hook: point, API: "ocapi", SiteID: c.Request.Vars["site"], Version: documentVersion(c.Request.Vars["version"]),
		ClientID: c.Principal.Client, Caller: hookCaller{Type: c.Principal.Kind}, Sandbox: c.Tx.Sandbox(),
		CorrelationID: c.Request.Header.Get("correlation-id"),
		Resource:      map[string]string{}, Parameters: map[string]string{}, Input: json.RawMessage("null"), Document: document, Custom: h.custom,
	}
	if isSCAPI(c) {
		doc.API, doc.SiteID, doc.Version = "scapi", c.Request.Query("siteId"), documentVersion(newest)
		if doc.SiteID == "" {
			doc.SiteID = c.Request.Vars["site"]
		}
	}
	if c.Principal.Kind != kindSystem {
		doc.Caller.CustomerID = c.Principal.ID
	}
	for name, value := range c.Request.Vars {
		if name = snakeCase(name); name != "site" && name != "version" && name != "organization_id" {
			doc.Resource[name] = value
		}
	}
	for name, values := range c.Request.HTTP().URL.Query() {
		if strings.HasPrefix(name, customPrefix) {
			doc.Parameters[name] = values[0]
		}
	}
	if json.Valid(c.Request.Body) {
		doc.Input = c.Request.Body
	}
	if doc.Document == nil {
		doc.Document = json.RawMessage("null")
	}
	return doc
}

// isSCAPI reports whether a call came in by the newer API.
func isSCAPI(c *binding.Call) bool { return !strings.Contains(c.Request.Path, "/dw/") }

// snakeCase writes the name of a path variable as OCAPI does.
func snakeCase(name string) string {
	var out strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			out.WriteByte('_')
			r += 'a' - 'A'
		}
		out.WriteRune(r)
	}
	return out.String()
}

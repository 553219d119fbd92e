package ocapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type orderInput struct {
	Site    string `path:"site"`
	Version string `path:"version"`
	OrderNo string `path:"order_no"`
	Expand  string `query:"expand"`
}

func (a *API) getOrder(c *binding.Call, in orderInput) (renderedOrder, error) {
	if err := mayExpand(in.Expand); err != nil {
		return renderedOrder{}, err
	}
	o, err := a.domain.Order(c.Tx, reader(c, in.Site), in.OrderNo)
	if err != nil {
		return renderedOrder{}, err
	}
	return a.render(in.Version, o)
}

type patchInput struct {
	Site          string `path:"site"`
	Version       string `path:"version"`
	OrderNo       string `path:"order_no"`
	Expand        string `query:"expand"`
	ResourceState string `header:"x-dw-resource-state"`
	Body          map[string]json.RawMessage
}

func (a *API) patchOrder(c *binding.Call, in patchInput) (renderedOrder, error) {
	if err := mayExpand(in.Expand); err != nil {
		return renderedOrder{}, err
	}
	change, err := a.change(in)
	if err != nil {
		return renderedOrder{}, err
	}
	o, err := a.domain.ChangeOrder(c.Tx, reader(c, in.Site), in.OrderNo, change)
	if err != nil {
		return renderedOrder{}, err
	}
	return a.render(in.Version, o)
}

// change reads what a PATCH wants changed: status and custom attributes. Other properties of an order are ignored, so
// that a caller may send back the document it has read. A state in the body wins over the one in the header.
func (a *API) change(in patchInput) (b2c.Change, error) {
	change := b2c.Change{ResourceState: in.ResourceState, Custom: b2c.Attributes{}}
	for _, name := range slices.Sorted(maps.Keys(in.Body)) {
		var err error
		switch raw := in.Body[name]; {
		case name == "_resource_state":
			err = json.Unmarshal(raw, &change.ResourceState)
		case name == "status":
			err = json.Unmarshal(raw, &change.Status)
		case strings.HasPrefix(name, customPrefix):
			err = readAttribute(&change, name, raw)
		case !a.orderProperties[name]:
			err = unknownProperty(name)
		}
		if err != nil {
			return b2c.Change{}, err
		}
	}
	return change, nil
}

func readAttribute(change *b2c.Change, name string, raw json.RawMessage) error {
	value, remove, err := readCustom(name, raw)
	id := strings.TrimPrefix(name, customPrefix)
	if remove {
		change.Unset = append(change.Unset, id)
	} else {
		change.Custom[id] = value
	}
	return err
}

func unknownProperty(name string) error {
	return &fault{
		status: http.StatusBadRequest, name: "UnknownProperty", rule: "b2c.order.known-properties",
		message:   fmt.Sprintf("The property '%s' is unknown in document 'order'.", name),
		arguments: map[string]string{"property": name, "document": "order"},
	}
}

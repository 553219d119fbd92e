package control

import (
	"net/http"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
)

// CommerceOrders is what an operator chooses about how commerce looks at its orders.
type CommerceOrders interface {
	// SearchLag is how far the index that order searches use is behind.
	SearchLag(tx *sandbox.Tx) time.Duration
	SetSearchLag(tx *sandbox.Tx, lag time.Duration) error
	// OrderAttributes are the custom attributes that orders of a site can have; none when it takes every one.
	OrderAttributes(tx *sandbox.Tx, site string) ([]OrderAttribute, error)
	SetOrderAttributes(tx *sandbox.Tx, site string, attributes []OrderAttribute) error
}

// OrderAttribute is a custom attribute of orders. Values are those of an enumeration.
type OrderAttribute struct {
	ID     string   `json:"id"`
	Type   string   `json:"type"`
	Values []string `json:"values,omitempty"`
}

type orderSearchWire struct {
	Lag string `json:"lag"`
}

func (a *API) getOrderSearch(_ *binding.Call, in named) (orderSearchWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return orderSearchWire{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	return orderSearchWire{a.CommerceOrders.SearchLag(tx).String()}, nil
}

func (a *API) setOrderSearch(c *binding.Call, in struct {
	Name string `path:"name"`
	Body orderSearchWire
},
) (orderSearchWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return orderSearchWire{}, err
	}
	lag, ok := parseDuration(in.Body.Lag)
	if !ok {
		return orderSearchWire{}, refuse(http.StatusBadRequest, "lag: %q is not like 30s, 5m or PT10M", in.Body.Lag)
	}
	if err := w.Update(func(tx *sandbox.Tx) error { return a.CommerceOrders.SetSearchLag(tx, lag) }); err != nil {
		return orderSearchWire{}, refuse(http.StatusBadRequest, "lag: %s", err)
	}
	return a.getOrderSearch(c, named{in.Name})
}

type orderAttributesWire struct {
	Attributes []OrderAttribute `json:"attributes"`
}

type siteInput struct {
	Name string `path:"name"`
	Site string `path:"site"`
}

func (a *API) getOrderAttributes(_ *binding.Call, in siteInput) (orderAttributesWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return orderAttributesWire{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	attributes, err := a.CommerceOrders.OrderAttributes(tx, in.Site)
	if err != nil {
		return orderAttributesWire{}, refuse(http.StatusNotFound, "%s", err)
	}
	return orderAttributesWire{append([]OrderAttribute{}, attributes...)}, nil
}

func (a *API) setOrderAttributes(c *binding.Call, in struct {
	Name string `path:"name"`
	Site string `path:"site"`
	Body orderAttributesWire
},
) (orderAttributesWire, error) {
	site := siteInput{in.Name, in.Site}
	if _, err := a.getOrderAttributes(c, site); err != nil {
		return orderAttributesWire{}, err
	}
	w, err := a.world(in.Name)
	if err != nil {
		return orderAttributesWire{}, err
	}
	err = w.Update(func(tx *sandbox.Tx) error {
		return a.CommerceOrders.SetOrderAttributes(tx, in.Site, in.Body.Attributes)
	})
	if err != nil {
		return orderAttributesWire{}, refuse(http.StatusBadRequest, "%s", err)
	}
	return a.getOrderAttributes(c, site)
}

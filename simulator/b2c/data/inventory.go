package data

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
)

// keeper stores a record.
type keeper func(tx *sandbox.Tx, r b2c.InventoryRecord) error

type inventoryListDocument struct {
	Version        string         `json:"_v,omitempty"`
	Type           string         `json:"_type"`
	ID             string         `json:"id"`
	Description    string         `json:"description,omitempty"`
	DefaultInStock bool           `json:"default_in_stock"`
	AssignedSites  []assignedSite `json:"assigned_sites,omitempty"`
}

type assignedSite struct {
	ID string `json:"id"`
}

func (a *API) inventoryList(c *binding.Call, l b2c.InventoryList) inventoryListDocument {
	doc := inventoryListDocument{Version: version(c), Type: "inventory_list", ID: l.ID, Description: l.Description, DefaultInStock: l.DefaultInStock}
	for _, s := range a.domain.Sites(c.Tx) {
		if s.InventoryListID == l.ID {
			doc.AssignedSites = append(doc.AssignedSites, assignedSite{s.ID})
		}
	}
	return doc
}

func (a *API) getInventoryLists(c *binding.Call, in listInput) (page[inventoryListDocument], error) {
	return pageOf(c, "inventory_lists", paging{in.Start, in.Count}, a.domain.InventoryLists(c.Tx), func(l b2c.InventoryList) inventoryListDocument {
		doc := a.inventoryList(c, l)
		doc.Version = ""
		return doc
	}), nil
}

// stock returns the list of that id.
func (a *API) stock(c *binding.Call, id string) (b2c.InventoryList, error) {
	l, ok := a.domain.InventoryList(c.Tx, id)
	if !ok {
		return l, ocapi.Refuse("b2c.data.inventory-list", "InventoryListNotFound",
			fmt.Sprintf("No inventory list with ID '%s' could be found.", id), "inventoryListId", id)
	}
	return l, nil
}

func (a *API) getInventoryList(c *binding.Call, in listInput) (tagged, error) {
	l, err := a.stock(c, in.ListID)
	if err != nil {
		return tagged{}, err
	}
	return newTagged(a.inventoryList(c, l))
}

type inventoryListBody struct {
	Description    *string `json:"description"`
	DefaultInStock *bool   `json:"default_in_stock"`
}

func (in inventoryListBody) into(l *b2c.InventoryList) {
	if in.Description != nil {
		l.Description = *in.Description
	}
	if in.DefaultInStock != nil {
		l.DefaultInStock = *in.DefaultInStock
	}
}

// putInventoryList makes a list, or replaces one for a caller who has seen it.
func (a *API) putInventoryList(c *binding.Call) (*binding.Response, error) {
	var in inventoryListBody
	if err := json.Unmarshal(c.Request.Body, &in); err != nil {
		return nil, err
	}
	l, status := b2c.InventoryList{ID: c.Request.Vars["list_id"]}, http.StatusCreated
	if present, ok := a.domain.InventoryList(c.Tx, l.ID); ok {
		if err := mayChange(c, a.inventoryList(c, present)); err != nil {
			return nil, err
		}
		l.Omnichannel, status = present.Omnichannel, http.StatusOK
	}
	in.into(&l)
	doc, err := a.keepList(c, l)
	return doc.response(status), err
}

func (a *API) keepList(c *binding.Call, l b2c.InventoryList) (tagged, error) {
	if err := a.domain.AddInventoryList(c.Tx, l); err != nil {
		return tagged{}, err
	}
	return newTagged(a.inventoryList(c, l))
}

func (a *API) updateInventoryList(c *binding.Call, in struct {
	ListID string `path:"list_id"`
	Body   inventoryListBody
},
) (tagged, error) {
	l, err := a.stock(c, in.ListID)
	if err != nil {
		return tagged{}, err
	}
	if err := mayChange(c, a.inventoryList(c, l)); err != nil {
		return tagged{}, err
	}
	in.Body.into(&l)
	return a.keepList(c, l)
}

func (a *API) deleteInventoryList(c *binding.Call, in listInput) (binding.Empty, error) {
	l, err := a.stock(c, in.ListID)
	if err != nil {
		return binding.Empty{}, err
	}
	if err := mayChange(c, a.inventoryList(c, l)); err != nil {
		return binding.Empty{}, err
	}
	a.domain.DeleteInventoryList(c.Tx, in.ListID)
	return binding.Empty{}, nil
}

type recordDocument struct {
	Version       string      `json:"_v,omitempty"`
	Type          string      `json:"_type"`
	ProductID     string      `json:"product_id"`
	ListID        string      `json:"inventory_list_id"`
	Allocation    allocation  `json:"allocation"`
	ATS           json.Number `json:"ats"`
	StockLevel    json.Number `json:"stock_level"`
	OnOrder       json.Number `json:"quantity_on_order"`
	Turnover      json.Number `json:"turnover"`
	Perpetual     bool        `json:"perpetual_flag"`
	Backorder     json.Number `json:"pre_order_back_order_allocation"`
	InStockMoment string      `json:"in_stock_datetime,omitempty"`
}

type allocation struct {
	Amount    json.Number `json:"amount"`
	ResetDate string      `json:"reset_date"`
}

func newRecordDocument(r b2c.InventoryRecord) recordDocument {
	doc := recordDocument{
		Type: "product_inventory_record", ProductID: r.ProductID, ListID: r.ListID,
		Allocation: allocation{ocapi.Number(r.Allocation), ocapi.Instant(r.AllocatedAt)}, ATS: ocapi.Number(r.ATS()),
		StockLevel: ocapi.Number(r.StockLevel()), OnOrder: ocapi.Number(r.OnOrder), Turnover: ocapi.Number(r.Turnover), Perpetual: r.Perpetual,
		Backorder: ocapi.Number(r.Backorder),
	}
	if !r.InStockAt.IsZero() {
		doc.InStockMoment = ocapi.Instant(r.InStockAt)
	}
	return doc
}

func (a *API) getInventoryRecords(c *binding.Call, in listInput) (page[recordDocument], error) {
	if _, err := a.stock(c, in.ListID); err != nil {
		return page[recordDocument]{}, err
	}
	return pageOf(c, "product_inventory_records", paging{in.Start, in.Count}, a.domain.InventoryRecords(c.Tx, in.ListID), newRecordDocument), nil
}

type recordInput struct {
	ListID    string `path:"list_id"`
	ProductID string `path:"product_id"`
	Body      recordBody
}

type recordBody struct {
	Allocation *struct {
		Amount decimal.Decimal `json:"amount"`
	} `json:"allocation"`
	Perpetual *bool            `json:"perpetual_flag"`
	Backorder *decimal.Decimal `json:"pre_order_back_order_allocation"`
	InStockAt *time.Time       `json:"in_stock_datetime"`
}

func (in recordBody) into(r *b2c.InventoryRecord) {
	if in.Allocation != nil {
		r.Allocation = in.Allocation.Amount
	}
	if in.Perpetual != nil {
		r.Perpetual = *in.Perpetual
	}
	if in.Backorder != nil {
		r.Backorder = *in.Backorder
	}
	if in.InStockAt != nil {
		r.InStockAt = in.InStockAt.UTC()
	}
}

// recordOf is the document of a record as it is looked at alone.
func recordOf(c *binding.Call, r b2c.InventoryRecord) recordDocument {
	doc := newRecordDocument(r)
	doc.Version = version(c)
	return doc
}

// record returns the stock of a product in a list that exists.
func (a *API) record(c *binding.Call, listID, productID string) (b2c.InventoryRecord, error) {
	if _, err := a.stock(c, listID); err != nil {
		return b2c.InventoryRecord{}, err
	}
	r, ok := a.domain.InventoryRecord(c.Tx, listID, productID)
	if !ok {
		return r, ocapi.Refuse("b2c.data.inventory-record", "ProductInventoryRecordNotFound",
			fmt.Sprintf("The inventory list '%s' has no record of product '%s'.", listID, productID), "productId", productID)
	}
	return r, nil
}

func (a *API) getInventoryRecord(c *binding.Call, in recordInput) (tagged, error) {
	r, err := a.record(c, in.ListID, in.ProductID)
	if err != nil {
		return tagged{}, err
	}
	return newTagged(recordOf(c, r))
}

// putInventoryRecord counts a product, or replaces its record for a caller who has seen it.
func (a *API) putInventoryRecord(c *binding.Call) (*binding.Response, error) {
	var in recordBody
	if err := json.Unmarshal(c.Request.Body, &in); err != nil {
		return nil, err
	}
	r, status := b2c.InventoryRecord{ListID: c.Request.Vars["list_id"], ProductID: c.Request.Vars["product_id"]}, http.StatusCreated
	if _, err := a.stock(c, r.ListID); err != nil {
		return nil, err
	}
	if present, ok := a.domain.InventoryRecord(c.Tx, r.ListID, r.ProductID); ok {
		if err := mayChange(c, recordOf(c, present)); err != nil {
			return nil, err
		}
		status = http.StatusOK
	}
	in.into(&r)
	doc, err := a.keepRecord(c, r, a.domain.SetInventory)
	return doc.response(status), err
}

func (a *API) keepRecord(c *binding.Call, r b2c.InventoryRecord, keep keeper) (tagged, error) {
	if err := keep(c.Tx, r); err != nil {
		return tagged{}, err
	}
	kept, _ := a.domain.InventoryRecord(c.Tx, r.ListID, r.ProductID)
	return newTagged(recordOf(c, kept))
}

func (a *API) updateInventoryRecord(c *binding.Call, in recordInput) (tagged, error) {
	r, err := a.record(c, in.ListID, in.ProductID)
	if err != nil {
		return tagged{}, err
	}
	if err := mayChange(c, recordOf(c, r)); err != nil {
		return tagged{}, err
	}
	in.Body.into(&r)
	return a.keepRecord(c, r, a.domain.PutInventory)
}

func (a *API) deleteInventoryRecord(c *binding.Call, in recordInput) (binding.Empty, error) {
	r, err := a.record(c, in.ListID, in.ProductID)
	if err != nil {
		return binding.Empty{}, err
	}
	if err := mayChange(c, recordOf(c, r)); err != nil {
		return binding.Empty{}, err
	}
	a.domain.DeleteInventoryRecord(c.Tx, in.ListID, in.ProductID)
	return binding.Empty{}, nil
}

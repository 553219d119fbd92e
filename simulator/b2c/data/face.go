// Package data is the OCAPI Data face of B2C Commerce: what systems do to orders, sites, customers and inventory lists, with
// the documents of specs/b2c/data.yaml, over the same rows, tokens, settings and faults as the Shop face.
package data

import (
	"fmt"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding"
)

// API answers the operations of the face.
type API struct{ domain *b2c.B2C }

// New returns the face over a domain.
func New(d *b2c.B2C) (*binding.Face, error) {
	platform, err := ocapi.Open(d)
	if err != nil {
		return nil, err
	}
	a := &API{d}
	return platform.FaceOf("b2c/data", "b2c/data.yaml", a.routes())
}

// site refuses sites that do not exist.
func (a *API) site(c *binding.Call, id string) (b2c.Site, error) {
	site, err := a.domain.Site(c.Tx, id)
	if err != nil {
		return site, ocapi.Refuse("b2c.data.site", "SiteNotFound", fmt.Sprintf("No site with ID '%s' could be found.", id), "siteId", id)
	}
	return site, nil
}

// defaultCount is the size of a page when the caller names none.
const defaultCount = 25

// paging is which page of a list is wanted.
type paging struct{ start, count int }

// bounds are the first element of the page and the one after its last.
func (p paging) bounds(total int) (from, to int) {
	if p.count == 0 {
		p.count = defaultCount
	}
	from = min(p.start, total)
	return from, min(from+p.count, total)
}

// page is a page of documents.
type page[T any] struct {
	Version string `json:"_v"`
	Type    string `json:"_type"`
	Count   int    `json:"count"`
	Data    []T    `json:"data"`
	Start   int    `json:"start"`
	Total   int    `json:"total"`
}

// pageOf renders a page of rows.
func pageOf[Row, Doc any](c *binding.Call, kind string, p paging, rows []Row, document func(Row) Doc) page[Doc] {
	from, to := p.bounds(len(rows))
	out := page[Doc]{Version: version(c), Type: kind, Count: to - from, Data: []Doc{}, Start: p.start, Total: len(rows)}
	for _, row := range rows[from:to] {
		out.Data = append(out.Data, document(row))
	}
	return out
}

// version is the document version of an answer.
func version(c *binding.Call) string { return ocapi.DocumentVersion(c.Request.Vars["version"]) }

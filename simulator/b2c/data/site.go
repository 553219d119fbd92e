package data

import (
	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

type siteDocument struct {
	Version          string            `json:"_v,omitempty"`
	Type             string            `json:"_type"`
	ID               string            `json:"id"`
	DisplayName      map[string]string `json:"display_name,omitempty"`
	CustomerListLink listLink          `json:"customer_list_link"`
	InventoryListID  string            `json:"inventory_list_id,omitempty"`
	Currency         string            `json:"site_currency"`
	Storefront       string            `json:"storefront_status"`
}

type listLink struct {
	Type           string `json:"_type"`
	CustomerListID string `json:"customer_list_id"`
}

func newSiteDocument(s b2c.Site) siteDocument {
	doc := siteDocument{
		Type: "site", ID: s.ID, CustomerListLink: listLink{"customer_list_link", s.ID}, InventoryListID: s.InventoryListID,
		Currency: s.Currency, Storefront: "online",
	}
	if s.Name != "" {
		doc.DisplayName = map[string]string{"default": s.Name}
	}
	return doc
}

func (a *API) getSites(c *binding.Call, in struct {
	Start int `query:"start"`
	Count int `query:"count"`
},
) (page[siteDocument], error) {
	return pageOf(c, "sites", paging{in.Start, in.Count}, a.domain.Sites(c.Tx), newSiteDocument), nil
}

func (a *API) getSite(c *binding.Call, in struct {
	SiteID string `path:"site_id"`
},
) (siteDocument, error) {
	site, err := a.site(c, in.SiteID)
	doc := newSiteDocument(site)
	doc.Version = version(c)
	return doc, err
}

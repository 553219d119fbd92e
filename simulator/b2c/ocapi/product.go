package ocapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// The parts of a product that can be asked for. Those that are not simulated can be asked for too and are never there.
const (
	partAvailability = "availability"
	partPrices       = "prices"
	partVariations   = "variations"
	partOptions      = "options"
	partPromotions   = "promotions"
	partBundled      = "bundled_products"
)

func productParts() []string {
	return []string{
		partAvailability, partPrices, partVariations, partOptions, partPromotions, partBundled,
		"images", "links", "set_products", "recommendations",
	}
}

// maxProducts is how many products one call may name.
const maxProducts = 24

type productInput struct {
	Expand       string `query:"expand"`
	Currency     string `query:"currency"`
	InventoryIDs string `query:"inventory_ids"`
	AllImages    bool   `query:"all_images"`
}

// view is what a call wants to see of products.
type view struct {
	c        *binding.Call
	site     b2c.Site
	currency string
	parts    []string
	lists    []string
}

func (v view) wants(part string) bool { return slices.Contains(v.parts, part) }

func (a *API) view(c *binding.Call, in productInput) (view, error) {
	if err := mayExpand(in.Expand, productParts()...); err != nil {
		return view{}, err
	}
	if err := a.checkLocale(c); err != nil {
		return view{}, err
	}
	site, err := a.domain.Site(c.Tx, c.Request.Vars["site"])
	if err != nil {
		return view{}, err
	}
	v := view{c: c, site: site, currency: site.Currency, parts: splitList(in.Expand), lists: splitList(strings.Trim(in.InventoryIDs, "()"))}
	if in.Currency != "" {
		v.currency = in.Currency
	}
	if v.currency != site.Currency && !slices.Contains(site.Currencies, v.currency) {
		return view{}, Refuse("b2c.basket.currency", "UnsupportedCurrency", fmt.Sprintf("The site does not support the currency '%s'.", v.currency), "currency", v.currency)
	}
	return v, nil
}

func splitList(text string) []string {
	var out []string
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// getProducts answers a product, or, for ids in parentheses, all of them that there are.
func (a *API) getProducts(c *binding.Call, in productInput) (any, error) {
	v, err := a.view(c, in)
	if err != nil {
		return nil, err
	}
	id := c.Request.Vars["id"]
	if !strings.HasPrefix(id, "(") {
		return a.product(v, id)
	}
	return a.productList(v, splitList(strings.Trim(id, "()")))
}

type productResult struct {
	Version string        `json:"_v"`
	Type    string        `json:"_type"`
	Count   int           `json:"count"`
	Data    []productView `json:"data"`
	Total   int           `json:"total"`
}

func (a *API) productList(v view, ids []string) (any, error) {
	if len(ids) > maxProducts {
		return nil, Refuse("b2c.product.ids", "MalformedParameter", fmt.Sprintf("At most %d products can be asked for at once.", maxProducts),
			"parameter", "ids", "value", cut(strings.Join(ids, ",")))
	}
	result := productResult{Version: documentVersion(v.c.Request.Vars["version"]), Type: "product_result", Data: []productView{}}
	for _, id := range ids {
		if p, err := a.product(v, id); err == nil {
			result.Data = append(result.Data, p)
		}
	}
	result.Count, result.Total = len(result.Data), len(ids)
	return result, nil
}

// getProductPart answers a product with one of its parts, as if it had been expanded.
func (a *API) getProductPart(c *binding.Call, in productInput) (productView, error) {
	part := c.Request.Vars["part"]
	v, err := a.view(c, in)
	if err != nil {
		return productView{}, err
	}
	v.parts = append(v.parts, part)
	return a.product(v, c.Request.Vars["id"])
}

func (a *API) product(v view, id string) (productView, error) {
	p, err := a.domain.Product(v.c.Tx, id)
	if err != nil {
		return productView{}, err
	}
	if p.Offline {
		return productView{}, Refuse("b2c.product.known", "ProductNotFound", fmt.Sprintf("No product with ID '%s' could be found.", id), "productId", id)
	}
	doc := newProductView(v, p)
	if v.wants(partPrices) {
		a.addPrices(v, p, &doc)
	}
	if v.wants(partAvailability) {
		a.addAvailability(v, p, &doc)
	}
	if v.wants(partOptions) {
		doc.addOptions(v, p)
	}
	if v.wants(partBundled) {
		doc.addBundled(p)
	}
	if v.wants(partVariations) {
		a.addVariations(v, p, &doc)
	}
	return doc, nil
}

// addPrices adds the lowest price and those of the price books; for a master those of its variants.
func (a *API) addPrices(v view, p b2c.Product, doc *productView) {
	query := b2c.PriceQuery{SiteID: v.site.ID, Currency: v.currency}
	money, one := coinsOf(v.currency), decimal.NewFromInt(1)
	if p.Type != b2c.ProductIsMaster {
		if unit, ok := a.domain.Price(v.c.Tx, query, p.ID, one); ok {
			doc.Price = money.money(unit)
		}
		for book, unit := range a.domain.Prices(v.c.Tx, query, p.ID, one) {
			if doc.Prices == nil {
				doc.Prices = prices{}
			}
			doc.Prices[book] = money.money(unit)
		}
		return
	}
	var lowest, highest decimal.Decimal
	for _, variant := range a.domain.Variants(v.c.Tx, p.ID) {
		unit, ok := a.domain.Price(v.c.Tx, query, variant.ID, one)
		if !ok {
			continue
		}
		if lowest.IsZero() || unit.LessThan(lowest) {
			lowest = unit
		}
		highest = decimal.Max(highest, unit)
		doc.Price, doc.PriceMax = money.money(lowest), money.money(highest)
	}
}

func (a *API) addAvailability(v view, p b2c.Product, doc *productView) {
	own := a.inventoryOf(v, v.site.InventoryListID, p)
	doc.Inventory = &own
	for _, list := range v.lists {
		doc.Inventories = append(doc.Inventories, a.inventoryOf(v, list, p))
	}
}

// inventoryOf is what a list has of a product; of a master what it has of its variants.
func (a *API) inventoryOf(v view, list string, p b2c.Product) inventoryView {
	out := inventoryView{Type: "inventory", ID: list}
	parts := []b2c.Product{p}
	if p.Type == b2c.ProductIsMaster {
		parts = a.domain.Variants(v.c.Tx, p.ID)
	}
	ats, level, unlimited, backorder := decimal.Zero, decimal.Zero, false, false
	for _, part := range parts {
		some, endless := a.domain.Available(v.c.Tx, list, part.ID)
		ats, unlimited = ats.Add(some), unlimited || endless
		if r, ok := a.domain.InventoryRecord(v.c.Tx, list, part.ID); ok {
			level, backorder = level.Add(r.StockLevel()), backorder || r.Backorder.IsPositive()
		} else {
			level = level.Add(some)
		}
	}
	if unlimited {
		ats, level = decimal.NewFromInt(999999), decimal.NewFromInt(999999)
	}
	out.ATS, out.StockLevel, out.Orderable, out.Backorderable = number(ats), number(level), ats.IsPositive(), backorder
	return out
}

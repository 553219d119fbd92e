package ocapi

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/b2c"
)

// prices are a product's prices by price book.
type prices map[string]json.Number

// productView is a product as the resource products shows it.
type productView struct {
	Version             string               `json:"_v"`
	DocumentType        string               `json:"_type"`
	ID                  string               `json:"id"`
	Name                string               `json:"name,omitempty"`
	Brand               string               `json:"brand,omitempty"`
	ShortDescription    string               `json:"short_description,omitempty"`
	Type                productTypeView      `json:"type"`
	Currency            string               `json:"currency"`
	MinOrderQuantity    json.Number          `json:"min_order_quantity"`
	StepQuantity        json.Number          `json:"step_quantity"`
	PrimaryCategoryID   string               `json:"primary_category_id,omitempty"`
	Price               json.Number          `json:"price,omitempty"`
	PriceMax            json.Number          `json:"price_max,omitempty"`
	Prices              prices               `json:"prices,omitempty"`
	Inventory           *inventoryView       `json:"inventory,omitempty"`
	Inventories         []inventoryView      `json:"inventories,omitempty"`
	Options             []optionView         `json:"options,omitempty"`
	VariationAttributes []variationAttribute `json:"variation_attributes,omitempty"`
	Variants            []variantView        `json:"variants,omitempty"`
	VariationValues     map[string]string    `json:"variation_values,omitempty"`
	Master              *masterView          `json:"master,omitempty"`
	BundledProducts     []bundledView        `json:"bundled_products,omitempty"`
	custom              b2c.Attributes       `json:"-"`
}

// MarshalJSON writes the document with its custom attributes.
func (d productView) MarshalJSON() ([]byte, error) {
	type plain productView
	return withCustom(plain(d), d.custom)
}

type productTypeView struct {
	Type    string `json:"_type"`
	Item    bool   `json:"item,omitempty"`
	Master  bool   `json:"master,omitempty"`
	Variant bool   `json:"variant,omitempty"`
	Option  bool   `json:"option,omitempty"`
	Bundle  bool   `json:"bundle,omitempty"`
}

// bundledView is a product in a bundle, by its id.
type bundledView struct {
	Type     string      `json:"_type"`
	ID       string      `json:"id"`
	Quantity json.Number `json:"quantity"`
}

type inventoryView struct {
	Type          string      `json:"_type"`
	ID            string      `json:"id"`
	ATS           json.Number `json:"ats"`
	StockLevel    json.Number `json:"stock_level"`
	Orderable     bool        `json:"orderable"`
	Backorderable bool        `json:"backorderable"`
}

type optionView struct {
	Type   string            `json:"_type"`
	ID     string            `json:"id"`
	Name   string            `json:"name"`
	Values []optionValueView `json:"values"`
}

type optionValueView struct {
	Type    string      `json:"_type"`
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Default bool        `json:"default"`
	Price   json.Number `json:"price"`
}

type variationAttribute struct {
	Type   string           `json:"_type"`
	ID     string           `json:"id"`
	Name   string           `json:"name"`
	Values []variationValue `json:"values"`
}

type variationValue struct {
	Type      string `json:"_type"`
	Value     string `json:"value"`
	Orderable bool   `json:"orderable"`
}

type variantView struct {
	Type            string            `json:"_type"`
	ProductID       string            `json:"product_id"`
	Price           json.Number       `json:"price,omitempty"`
	Orderable       bool              `json:"orderable"`
	VariationValues map[string]string `json:"variation_values"`
}

type masterView struct {
	Type     string `json:"_type"`
	MasterID string `json:"master_id"`
}

func newProductView(v view, p b2c.Product) productView {
	doc := productView{
		Version: documentVersion(v.c.Request.Vars["version"]), DocumentType: "product", ID: p.ID, Name: p.Name, Brand: p.Brand,
		ShortDescription: p.ShortDescription, Currency: v.currency, MinOrderQuantity: number(p.MinQuantity), StepQuantity: number(p.Step),
		Type: productTypeView{
			Type: "product_type", Item: p.Type == b2c.ProductIsItem && len(p.Bundled) == 0, Master: p.Type == b2c.ProductIsMaster, Variant: p.Type == b2c.ProductIsVariant,
			Option: len(p.Options) > 0, Bundle: len(p.Bundled) > 0,
		},
		VariationValues: p.Variation, custom: p.Custom,
	}
	if len(p.Categories) > 0 {
		doc.PrimaryCategoryID = p.Categories[0]
	}
	if p.MasterID != "" {
		doc.Master = &masterView{"master", p.MasterID}
	}
	return doc
}

func (d *productView) addOptions(v view, p b2c.Product) {
	money := coinsOf(v.currency)
	for _, o := range p.Options {
		option := optionView{Type: "option", ID: o.ID, Name: o.Name, Values: []optionValueView{}}
		for i, value := range o.Values {
			option.Values = append(option.Values, optionValueView{"option_value", value.ID, value.Name, i == 0, money.money(value.Prices[v.currency])})
		}
		d.Options = append(d.Options, option)
	}
}

func (d *productView) addBundled(p b2c.Product) {
	for _, part := range p.Bundled {
		d.BundledProducts = append(d.BundledProducts, bundledView{"bundled_product", part.ProductID, number(part.Quantity)})
	}
}

// addVariations adds what variants of a master differ in, and the variants; for a variant those of its master.
func (a *API) addVariations(v view, p b2c.Product, doc *productView) {
	master := p
	if p.MasterID != "" {
		if found, err := a.domain.Product(v.c.Tx, p.MasterID); err == nil {
			master = found
		}
	}
	orderable := map[string]bool{}
	for _, variant := range a.domain.Variants(v.c.Tx, master.ID) {
		var priced productView
		a.addPrices(v, variant, &priced)
		stock := a.inventoryOf(v, v.site.InventoryListID, variant)
		doc.Variants = append(doc.Variants, variantView{"variant", variant.ID, priced.Price, stock.Orderable, variant.Variation})
		for attribute, value := range variant.Variation {
			orderable[attribute+"="+value] = orderable[attribute+"="+value] || stock.Orderable
		}
	}
	for _, attribute := range master.VariationAttributes {
		view := variationAttribute{Type: "variation_attribute", ID: attribute.ID, Name: attribute.Name, Values: []variationValue{}}
		for _, value := range attribute.Values {
			view.Values = append(view.Values, variationValue{"variation_attribute_value", value, orderable[attribute.ID+"="+value]})
		}
		doc.VariationAttributes = append(doc.VariationAttributes, view)
	}
}

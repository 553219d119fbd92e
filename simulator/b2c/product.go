package b2c

import (
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// ProductType says what a product is.
type ProductType string

// An item is sold as it is, a master only through its variants.
const (
	ProductIsItem    ProductType = "item"
	ProductIsMaster  ProductType = "master"
	ProductIsVariant ProductType = "variant"
)

// Product is something that the shop sells.
type Product struct {
	ID, Name, ShortDescription, Brand string
	// Type is item when empty, or variant when MasterID is given.
	Type ProductType
	// MasterID is the master of a variant, Variation its values by attribute.
	MasterID  string
	Variation map[string]string
	// VariationAttributes are what the variants of a master differ in.
	VariationAttributes []VariationAttribute
	Options             []ProductOption
	// Bundled are the products that a bundle brings; none for what is sold by itself.
	Bundled []BundledProduct
	// TaxClassID is standard when empty.
	TaxClassID string
	Categories []string
	// Offline products are not sold.
	Offline bool
	// MinQuantity and Step bound what can be ordered; both are 1 when zero.
	MinQuantity, Step decimal.Decimal
	Custom            Attributes
}

// VariationAttribute is what variants of a master differ in, such as size.
type VariationAttribute struct {
	ID, Name string
	Values   []string
}

// BundledProduct is so many units of a product in one unit of a bundle.
type BundledProduct struct {
	ProductID string
	Quantity  decimal.Decimal
}

// ProductOption is something that can be chosen with a product, such as an engraving.
type ProductOption struct {
	ID, Name string
	Values   []OptionValue
}

// OptionValue is a choice of an option. Prices are for one unit by currency; the first value is the default.
type OptionValue struct {
	ID, Name string
	Prices   map[string]decimal.Decimal
}

func (p Product) clone() Product {
	p.Variation, p.Categories, p.Custom = maps.Clone(p.Variation), slices.Clone(p.Categories), p.Custom.clone()
	p.VariationAttributes = slices.Clone(p.VariationAttributes)
	for i := range p.VariationAttributes {
		p.VariationAttributes[i].Values = slices.Clone(p.VariationAttributes[i].Values)
	}
	p.Options, p.Bundled = slices.Clone(p.Options), slices.Clone(p.Bundled)
	for i := range p.Options {
		p.Options[i].Values = slices.Clone(p.Options[i].Values)
		for j := range p.Options[i].Values {
			p.Options[i].Values[j].Prices = maps.Clone(p.Options[i].Values[j].Prices)
		}
	}
	return p
}

// AddProduct puts a product into the catalogue.
func (b *B2C) AddProduct(tx *sandbox.Tx, p Product) error {
	if p.ID == "" {
		return fmt.Errorf("add product %q: it needs an id", p.Name)
	}
	if p.MasterID != "" {
		if master, ok := b.products.Peek(tx.Tx, p.MasterID); !ok || master.Type != ProductIsMaster {
			return fmt.Errorf("add product %s: its master %s is none", p.ID, p.MasterID)
		}
		p.Type = ProductIsVariant
	}
	if p.Type == "" {
		p.Type = ProductIsItem
	}
	if p.TaxClassID == "" {
		p.TaxClassID = StandardTax
	}
	for _, part := range p.Bundled {
		if inside, ok := b.products.Peek(tx.Tx, part.ProductID); !ok || len(inside.Bundled) > 0 || !part.Quantity.IsPositive() {
			return fmt.Errorf("add bundle %s: %s units of %q", p.ID, part.Quantity, part.ProductID)
		}
	}
	one := decimal.NewFromInt(1)
	if p.MinQuantity.IsZero() {
		p.MinQuantity = one
	}
	if p.Step.IsZero() {
		p.Step = one
	}
	b.products.Put(tx.Tx, p)
	return nil
}

// ChangeProduct alters a product of the catalogue, such as to take it offline. The error has the code [ProductNotFound].
func (b *B2C) ChangeProduct(tx *sandbox.Tx, id string, change func(*Product)) error {
	p, err := b.Product(tx, id)
	if err != nil {
		return err
	}
	change(&p)
	b.products.Put(tx.Tx, p)
	return nil
}

// Product returns the product of that id, online or not. The error has the code [ProductNotFound].
func (b *B2C) Product(tx *sandbox.Tx, id string) (Product, error) {
	p, ok := b.products.Get(tx.Tx, id)
	if !ok {
		return Product{}, productUnknown(id)
	}
	return p, nil
}

// Variants lists the variants of a master that are online, by id.
func (b *B2C) Variants(tx *sandbox.Tx, masterID string) []Product {
	var out []Product
	b.products.Scan(tx.Tx, func(p *Product) bool {
		if p.MasterID == masterID && !p.Offline {
			out = append(out, p.clone())
		}
		return true
	})
	return out
}

func productUnknown(id string) *Error {
	return &Error{
		Code: ProductNotFound, Rule: "b2c.product.known", Message: fmt.Sprintf("No product with ID '%s' could be found.", id),
		Arguments: map[string]string{"productId": id},
	}
}

// option returns the value of an option, chosen by id.
func (p *Product) option(optionID, valueID string) (ProductOption, OptionValue, error) {
	for _, o := range p.Options {
		if o.ID != optionID {
			continue
		}
		for _, v := range o.Values {
			if v.ID == valueID {
				return o, v, nil
			}
		}
		return o, OptionValue{}, &Error{
			Code: InvalidProductOptionValueItem, Rule: "b2c.item.option-value",
			Message:   fmt.Sprintf("The option '%s' of product '%s' has no value '%s'.", optionID, p.ID, valueID),
			Arguments: map[string]string{"optionValueId": valueID},
		}
	}
	return ProductOption{}, OptionValue{}, &Error{
		Code: InvalidProductOptionItem, Rule: "b2c.item.option", Message: fmt.Sprintf("The product '%s' has no option '%s'.", p.ID, optionID),
		Arguments: map[string]string{"optionId": optionID},
	}
}

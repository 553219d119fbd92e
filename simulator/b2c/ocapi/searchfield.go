package ocapi

import (
	"cmp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
)

// fieldType is what the values of a search field are.
type fieldType string

const (
	textField   fieldType = "text"
	enumField   fieldType = "enum"
	numberField fieldType = "number"
	dateField   fieldType = "date"
	truthField  fieldType = "boolean"
)

// searchField is a field by which orders can be searched.
type searchField struct {
	name string
	kind fieldType
	// several says that an order can have more than one value.
	several bool
	// allowed are the values of an enumeration.
	allowed []string
	values  func(*b2c.Order) []string
}

// compare orders two values of the field; no value comes first.
func (f searchField) compare(a, b string) int {
	switch {
	case f.kind == numberField && a != "" && b != "":
		x, errX := decimal.NewFromString(a)
		y, errY := decimal.NewFromString(b)
		if errX == nil && errY == nil {
			return x.Cmp(y)
		}
	case f.kind == dateField && a != "" && b != "":
		x, errX := time.Parse(time.RFC3339, a)
		y, errY := time.Parse(time.RFC3339, b)
		if errX == nil && errY == nil {
			return x.Compare(y)
		}
	}
	return cmp.Compare(strings.ToLower(a), strings.ToLower(b))
}

// findField returns the search field of that name; c_* are texts unless the order has something else.
func findField(name string) (searchField, error) {
	for _, f := range searchFields() {
		if f.name == name {
			return f, nil
		}
	}
	if id, ok := strings.CutPrefix(name, customPrefix); ok && customID.MatchString(name) {
		return searchField{name: name, kind: textField, several: false, values: func(o *b2c.Order) []string { return customTexts(o.Custom, id) }}, nil
	}
	return searchField{}, Refuse("b2c.search.field", "UnknownSearchField", "The search field '"+name+"' is unknown.", "field", name)
}

func customTexts(custom b2c.Attributes, id string) []string {
	a, ok := custom[id]
	if !ok {
		return nil
	}
	switch a.Kind {
	case b2c.KindNumber:
		return []string{a.Number.String()}
	case b2c.KindBoolean:
		if a.Flag {
			return []string{"true"}
		}
		return []string{"false"}
	case b2c.KindSet:
		return a.Set
	case b2c.KindString:
	}
	return []string{a.Text}
}

// searchFields is the table of the fields of an order search (specs/b2c/SOURCES.md, order search).
func searchFields() []searchField {
	text := func(name string, value func(*b2c.Order) string) searchField {
		return searchField{name: name, kind: textField, values: func(o *b2c.Order) []string { return present(value(o)) }}
	}
	enum := func(name string, value func(*b2c.Order) string, allowed ...string) searchField {
		return searchField{name: name, kind: enumField, allowed: allowed, values: func(o *b2c.Order) []string { return present(value(o)) }}
	}
	date := func(name string, value func(*b2c.Order) time.Time) searchField {
		return searchField{name: name, kind: dateField, values: func(o *b2c.Order) []string { return dated(value(o)) }}
	}
	amount := func(name string, value func(*b2c.Order) decimal.Decimal) searchField {
		return searchField{name: name, kind: numberField, values: func(o *b2c.Order) []string { return []string{value(o).String()} }}
	}
	return append([]searchField{
		text("order_no", func(o *b2c.Order) string { return o.OrderNo }),
		text("original_order_no", func(o *b2c.Order) string { return o.OriginalOrderNo }),
		text("replaced_order_no", func(o *b2c.Order) string { return o.ReplacedOrderNo }),
		text("replacement_order_no", func(o *b2c.Order) string { return o.ReplacementOrderNo }),
		text("current_order_no", func(o *b2c.Order) string { return o.CurrentOrderNo }),
		text("customer_no", func(o *b2c.Order) string { return o.CustomerNo }),
		text("customer_email", func(o *b2c.Order) string { return o.Email }),
		text("customer_name", func(o *b2c.Order) string { return o.CustomerName }),
		text("external_order_no", func(o *b2c.Order) string { return o.ExternalOrderNo }),
		text("external_order_status", func(o *b2c.Order) string { return o.ExternalOrderStatus }),
		enum("status", func(o *b2c.Order) string { return string(o.Status) }, texts(b2c.Statuses())...),
		enum("payment_status", func(o *b2c.Order) string { return string(o.PaymentStatus) }, "not_paid", "part_paid", "paid"),
		enum("shipping_status", func(o *b2c.Order) string { return string(o.ShippingStatus) }, "not_shipped", "part_shipped", "shipped"),
		enum("export_status", func(o *b2c.Order) string { return string(o.ExportStatus) }, "not_exported", "exported", "ready", "failed"),
		enum("confirmation_status", func(o *b2c.Order) string { return string(o.ConfirmationStatus) }, "not_confirmed", "confirmed"),
		date("creation_date", func(o *b2c.Order) time.Time { return o.CreationDate }),
		date("last_modified", func(o *b2c.Order) time.Time { return o.LastModified }),
		date("export_after", func(o *b2c.Order) time.Time { return o.CreationDate }),
		amount("total_gross_price", func(o *b2c.Order) decimal.Decimal { return o.Totals.OrderTotal }),
		amount("total_net_price", func(o *b2c.Order) decimal.Decimal { return o.Totals.OrderTotal.Sub(o.Totals.TaxTotal) }),
	}, partFields()...)
}

// partFields are those of an order's parts, of which there can be several.
func partFields() []searchField {
	several := func(name string, values func(*b2c.Order) []string) searchField {
		return searchField{name: name, kind: textField, several: true, values: values}
	}
	return []searchField{
		several("coupon_line_items.coupon_code", each(func(o *b2c.Order) []b2c.CouponItem { return o.Coupons }, func(c b2c.CouponItem) string { return c.Code })),
		several("coupon_line_items.coupon_id", each(func(o *b2c.Order) []b2c.CouponItem { return o.Coupons }, func(c b2c.CouponItem) string { return c.ID })),
		several("product_items.product_id", each(func(o *b2c.Order) []b2c.ProductItem { return o.ProductItems }, func(i b2c.ProductItem) string { return i.ProductID })),
		several("shipments.shipping_method_id", each(func(o *b2c.Order) []b2c.Shipment { return o.Shipments }, func(s b2c.Shipment) string { return s.Method.ID })),
		several("payment_instruments.payment_method_id", each(func(o *b2c.Order) []b2c.PaymentInstrument { return o.PaymentInstruments },
			func(p b2c.PaymentInstrument) string { return p.PaymentMethodID })),
		several("payment_instruments.credit_card_type", each(func(o *b2c.Order) []b2c.PaymentInstrument { return o.PaymentInstruments },
			func(p b2c.PaymentInstrument) string { return p.Card.CardType })),
	}
}

// each reads one text out of every part of an order.
func each[T any](parts func(*b2c.Order) []T, value func(T) string) func(*b2c.Order) []string {
	return func(o *b2c.Order) []string {
		var out []string
		for _, part := range parts(o) {
			out = append(out, present(value(part))...)
		}
		return out
	}
}

func present(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func dated(t time.Time) []string {
	if t.IsZero() {
		return nil
	}
	return []string{instant(t)}
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

package modify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/remote"
)

func (w *world) OrderAsService(context.Context, b2cclient.Shop, string) (b2cclient.Document, error) {
	var doc b2cclient.Document
	if err := w.call(b2cclient.System, "b2c.order", nil); err != nil {
		return doc, err
	}
	raw := `{"order_no":"00001","currency":"EUR","order_total":136,"customer_info":{"customer_id":"customer1"},
		"billing_address":{"first_name":"Ada","city":"Berlin"},"c_gift":"yes","c_somOrderSummaryId":"1Os1",
		"shipments":[{"shipment_id":"me","shipping_method":{"id":"home"},"shipping_address":{"first_name":"Ada"},"c_door":"back"}],
		"product_items":[
			{"item_id":"i1","product_id":"SHIRT","quantity":2,"price_after_order_discount":100,"shipment_id":"me","c_size":"M"},
			{"item_id":"i2","product_id":"SCARF","quantity":1,"price_after_order_discount":30,"shipment_id":"me"},
			{"item_id":"i3","product_id":"SAMPLE","quantity":1,"price_after_order_discount":0,"shipment_id":"me","bonus_product_line_item":true}],
		"coupon_items":[{"code":"SPRING"}]}`
	return doc, json.Unmarshal([]byte(raw), &doc)
}

func (w *world) Products(_ context.Context, _ b2cclient.Shop, _ string, ids []string) ([]b2cclient.Product, error) {
	if err := w.call(b2cclient.System, "b2c.products", nil); err != nil {
		return nil, err
	}
	var list []b2cclient.Product
	for _, id := range ids {
		if w.offline[id] {
			continue
		}
		price := decimal.RequireFromString(w.prices[id])
		p := b2cclient.Product{ID: id, MinOrderQuantity: decimal.NewFromInt(1), StepQuantity: decimal.NewFromInt(1), Price: &price}
		p.Inventory = &struct {
			Available decimal.Decimal `json:"ats"`
			Orderable bool            `json:"orderable"`
		}{decimal.NewFromInt(w.stock[id]), w.stock[id] > 0}
		list = append(list, p)
	}
	return list, nil
}

func (w *world) CustomerBaskets(context.Context, b2cclient.Shop, string) ([]b2cclient.Basket, error) {
	if err := w.call(b2cclient.System, "b2c.baskets", nil); err != nil {
		return nil, err
	}
	var list []b2cclient.Basket
	for _, id := range []string{ownOne, "b1", "b2"} {
		if b, ok := w.baskets[id]; ok {
			b.AgentBasket = w.shown != id
			if len(w.keeps[id]) > 0 {
				b.KeptUntil = start.Add(time.Hour)
			}
			list = append(list, b)
		}
	}
	return list, nil
}

func (w *world) CreateBasket(_ context.Context, _ b2cclient.Shop, n b2cclient.NewBasket) (b2cclient.Basket, error) {
	w.asked = n
	w.made++
	b := b2cclient.Basket{BasketID: fmt.Sprintf("b%d", w.made), Currency: n.Currency}
	_ = json.Unmarshal(n.Custom[b2cclient.ModificationAttribute], &b.ModificationID)
	_ = json.Unmarshal(n.Custom[b2cclient.ModifiesAttribute], &b.ModifiesOrderNo)
	for i, item := range n.Items {
		price := decimal.RequireFromString(w.prices[item.ProductID]).Mul(item.Quantity)
		b.OrderTotal = b.OrderTotal.Add(price)
		b.ProductItems = append(b.ProductItems, b2cclient.BasketItem{ItemID: fmt.Sprint(i), ProductID: item.ProductID, Quantity: item.Quantity, Price: price})
	}
	for _, code := range n.Coupons {
		b.CouponItems = append(b.CouponItems, b2cclient.CouponItem{Code: code, StatusCode: "coupon_code_already_redeemed"})
	}
	for _, item := range n.Items {
		if w.stock[item.ProductID] < item.Quantity.IntPart() {
			return b, errors.Join(w.call(b2cclient.System, "b2c.createBasket", nil), &remote.Error{System: b2cclient.System, Class: remote.Rejected, VendorCode: b2cclient.ItemNotAvailable, Status: 400})
		}
	}
	return b, w.call(b2cclient.System, "b2c.createBasket", func() { w.baskets[b.BasketID] = b })
}

func (w *world) Basket(_ context.Context, _ b2cclient.Shop, id string) (b2cclient.Basket, error) {
	return w.baskets[id], w.call(b2cclient.System, "b2c.basket", nil)
}

func (w *world) Reduce(_ context.Context, _ b2cclient.Shop, id string, r b2cclient.Reduction) (b2cclient.Basket, error) {
	err := w.call(b2cclient.System, "b2c.reduce", func() {
		b := w.baskets[id]
		b.ProductItems = slices.Clone(b.ProductItems)
		for i := range b.ProductItems {
			if b.ProductItems[i].ItemID == r.ItemID && !w.reduced[r.ID] {
				b.ProductItems[i].Price = b.ProductItems[i].Price.Sub(r.Amount)
				b.OrderTotal = b.OrderTotal.Sub(r.Amount)
			}
		}
		w.baskets[id] = b
	})
	if w.reduced[r.ID] && err == nil {
		err = &remote.Error{System: b2cclient.System, Class: remote.Rejected, VendorCode: b2cclient.InvalidPromotion, Status: 400}
	}
	w.reduced[r.ID] = true
	return w.baskets[id], err
}

func (w *world) ReserveBasket(_ context.Context, _ b2cclient.Shop, id string, _ time.Duration) error {
	var refused error
	err := w.call(b2cclient.System, "b2c.reserveBasket", func() {
		for _, i := range w.baskets[id].ProductItems {
			if w.stock[i.ProductID]+w.keeps[id][i.ProductID] < i.Quantity.IntPart() {
				refused = &remote.Error{System: b2cclient.System, Class: remote.Rejected, VendorCode: b2cclient.ItemNotAvailable, Status: 400}
				return
			}
		}
		if w.keeps[id] == nil {
			w.keeps[id] = map[string]int64{}
			for _, i := range w.baskets[id].ProductItems {
				w.stock[i.ProductID] -= i.Quantity.IntPart()
				w.keeps[id][i.ProductID] += i.Quantity.IntPart()
			}
		}
	})
	if err == nil {
		err = refused
	}
	return err
}

// Inventory: what is reserved for the order, at the group of all locations.

func (w *world) ShowBasket(_ context.Context, _ b2cclient.Shop, id string, exchange bool) error {
	var refused error
	err := w.call(b2cclient.System, "b2c.showBasket", func() {
		if w.shown != "" && w.shown != id && !exchange {
			refused = &remote.Error{System: b2cclient.System, Class: remote.Rejected, VendorCode: b2cclient.BasketsQuotaExceeded, Status: 400}
			return
		}
		w.shown = id
	})
	if err == nil {
		err = refused
	}
	return err
}

func (w *world) DeleteBasket(_ context.Context, _ b2cclient.Shop, id string) error {
	_, there := w.baskets[id]
	err := w.call(b2cclient.System, "b2c.deleteBasket", func() {
		for sku, n := range w.keeps[id] {
			w.stock[sku] += n
		}
		delete(w.keeps, id)
		delete(w.baskets, id)
		if w.shown == id {
			w.shown = ""
		}
	})
	if err == nil && !there {
		err = &remote.Error{System: b2cclient.System, Class: remote.NotFound}
	}
	return err
}

func (w *world) NewestOrders(context.Context, b2cclient.Shop, string) ([]b2cclient.Order, error) {
	return w.orders, w.call(b2cclient.System, "b2c.newestOrders", nil)
}

// The command engine.

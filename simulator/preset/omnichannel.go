package preset

import (
	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/slots"
)

// story is an order and what has become of it.
type story struct {
	number string
	about  string
	// site is empty for the shop's first one.
	site string
	// shopper counts from 1.
	shopper int
	lines   []line
	// of says of a line, by index, which other one it belongs to: as its option, its part or the bonus for it.
	of map[int]int
	// slot is empty when the order has none.
	slot slots.Type
	// discount is what an order-level promotion takes off the first line, net.
	discount string
	// coupon is a code that takes off couponOff, net; the order's lines bear it by their prices.
	coupon, couponOff string
	// giftCertificate is what a gift certificate pays of the order; the card pays the rest.
	giftCertificate string
	// captured is what was taken of the authorised money: nothing, "all", or an amount.
	captured string
	// secondCard is what a second card pays of the order; the first pays the rest.
	secondCard string
	// collected marks the lines of a mixed order that are picked up in the store, by index; slot is then the delivery's.
	collected []int
	// allocated, shipped and taken back are units of the lines, in their order; shipped ones are allocated too.
	allocated, shipped, cancelledUnits []int64
	// earned are the points the order has brought, burned those that paid for its discount.
	earned, burned int64
	// arrived says that what was shipped has been delivered, or picked up.
	arrived   bool
	cancelled bool
	// returned are units of the lines that came back after they had arrived, and whose money was given back.
	returned []int64
	// unplaced is the status, created or failed, of an order that never became one. Only commerce knows it.
	unplaced b2c.Status
	// onItsWay says that the order was placed a moment ago and order management does not have it yet.
	onItsWay bool
	// replacedBy is the order that took the place of this one before order management had it.
	replacedBy string
}

type line struct {
	sku      string
	quantity int64
}

// omnichannel is the shop of the preset of that name.
func omnichannel() []story {
	return []story{
		{
			number: "00000101", about: "delivery, nothing allocated yet", shopper: 1, slot: slots.Delivery,
			lines: []line{{"SHIRT-M", 2}, {"SCARF", 1}},
		},
		{
			number: "00000102", about: "delivery, all allocated to the warehouse", shopper: 1, slot: slots.Delivery,
			lines: []line{{"SHIRT-M", 1}, {"MUG", 2}}, allocated: []int64{1, 2},
		},
		{
			number: "00000103", about: "the lamp has shipped, the candles have not", shopper: 1,
			lines: []line{{"LAMP", 1}, {"CANDLE", 2}}, shipped: []int64{1, 0}, captured: "93.49",
		},
		{
			number: "00000104", about: "shipped and paid", shopper: 1,
			lines: []line{{"BOOTS-42", 1}}, shipped: []int64{1}, captured: "all",
		},
		{
			number: "00000105", about: "cancelled by the shopper", shopper: 1, slot: slots.Delivery,
			lines: []line{{"MUG", 1}}, cancelled: true,
		},
		{
			number: "00000106", about: "three units whose tax does not divide by three", shopper: 2, slot: slots.Delivery,
			lines: []line{{"CANDLE", 3}},
		},
		{
			number: "00000107", about: "pickup, nothing allocated yet", shopper: 2, slot: slots.Pickup,
			lines: []line{{"SCARF", 1}, {"SOAP", 3}},
		},
		{
			number: "00000108", about: "pickup, put aside in the store", shopper: 2, slot: slots.Pickup,
			lines: []line{{"LAMP", 1}}, allocated: []int64{1},
		},
		{
			number: "00000109", about: "three of five units allocated", shopper: 3, slot: slots.Delivery,
			lines: []line{{"MUG", 5}}, allocated: []int64{3},
		},
		{
			number: "00000110", about: "paid at once, nothing allocated", shopper: 3, slot: slots.Delivery,
			lines: []line{{"LAMP", 1}, {"SOAP", 2}}, captured: "all",
		},
		{
			number: "00000111", about: "ten off the shirts by an order promotion", shopper: 4, slot: slots.Delivery,
			lines: []line{{"SHIRT-M", 2}, {"MUG", 1}}, discount: "10.00",
		},
		{
			number: "00000112", about: "one cheap thing without a slot", shopper: 5,
			lines: []line{{"SOAP", 1}},
		},
		{
			number: "00000113", about: "delivered and paid, with points", shopper: 2, slot: slots.Delivery, earned: 173,
			lines: []line{{"RAINCOAT", 1}, {"CAP", 1}}, shipped: []int64{1, 1}, captured: "all", arrived: true,
		},
		{
			number: "00000114", about: "picked up in the store and paid", shopper: 2, slot: slots.Pickup,
			lines: []line{{"TEAPOT", 1}, {"BOWL", 4}}, shipped: []int64{1, 4}, captured: "all", arrived: true,
		},
		{
			number: "00000115", about: "one of two shirts cancelled", shopper: 2, slot: slots.Delivery,
			lines: []line{{"SHIRT-L", 2}}, cancelledUnits: []int64{1},
		},
		{
			number: "00000116", about: "one line cancelled, the other allocated", shopper: 3, slot: slots.Delivery,
			lines: []line{{"JEANS-32", 1}, {"BELT", 1}}, cancelledUnits: []int64{0, 1}, allocated: []int64{1},
		},
		{
			number: "00000117", about: "one line cancelled, the other delivered", shopper: 3, slot: slots.Delivery,
			lines: []line{{"BLANKET", 1}, {"PILLOW", 2}}, cancelledUnits: []int64{0, 2}, shipped: []int64{1, 0}, captured: "138.58", arrived: true,
		},
		{
			number: "00000118", about: "a lamp to deliver and mugs to pick up, nothing allocated", shopper: 3, slot: slots.Delivery,
			lines: []line{{"LAMP", 1}, {"MUG", 2}}, collected: []int{1},
		},
		{
			number: "00000119", about: "a blanket to deliver and soap to pick up, all allocated", shopper: 4, slot: slots.Delivery,
			lines: []line{{"BLANKET", 1}, {"SOAP-LAV", 3}}, collected: []int{1}, allocated: []int64{1, 3},
		},
		{
			number: "00000120", about: "the mugs were picked up, the radio is still to be sent", shopper: 4, slot: slots.Delivery,
			lines: []line{{"RADIO", 1}, {"MUG", 2}}, collected: []int{1}, shipped: []int64{0, 2}, captured: "27.50",
		},
		{
			number: "00000121", about: "paid with two cards, nothing allocated", shopper: 4, slot: slots.Delivery,
			lines: []line{{"BOOTS-42", 1}}, secondCard: "50.00",
		},
		{
			number: "00000122", about: "paid with two cards, allocated", shopper: 4,
			lines: []line{{"RAINCOAT", 1}, {"UMBRELLA", 1}}, secondCard: "100.00", allocated: []int64{1, 1},
		},
		{
			number: "00000123", about: "ten off and allocated", shopper: 4, slot: slots.Delivery,
			lines: []line{{"GLOVES", 1}, {"SCARF", 1}}, discount: "10.00", allocated: []int64{1, 1},
		},
		{
			number: "00000124", about: "ten off and half cancelled", shopper: 4, slot: slots.Delivery,
			lines: []line{{"PLATE", 4}, {"BOWL", 1}}, discount: "10.00", cancelledUnits: []int64{2, 0},
		},
		{
			number: "00000125", about: "many small things, nothing allocated", shopper: 5, slot: slots.Delivery,
			lines: []line{{"PENCILS", 3}, {"NOTEBOOK", 5}, {"CANDLE", 2}, {"SOAP", 2}},
		},
		{
			number: "00000126", about: "many small things, some allocated", shopper: 5, slot: slots.Delivery,
			lines: []line{{"PENCILS", 3}, {"NOTEBOOK", 5}, {"CANDLE", 2}}, allocated: []int64{3, 2, 0},
		},
		{
			number: "00000127", about: "a third shipped, a third allocated, a third open", shopper: 5, slot: slots.Delivery,
			lines: []line{{"TOWEL", 3}}, shipped: []int64{1}, allocated: []int64{1}, captured: "24.20",
		},
		{
			number: "00000128", about: "delivered without a slot", shopper: 5,
			lines: []line{{"CLOCK", 1}}, shipped: []int64{1}, captured: "all", arrived: true,
		},
		{
			number: "00000129", about: "on its way", shopper: 5, slot: slots.Delivery,
			lines: []line{{"VASE", 1}, {"KNIFE", 1}}, shipped: []int64{1, 1}, captured: "all",
		},
		{
			number: "00000130", about: "pickup, cancelled by the shopper", shopper: 5, slot: slots.Pickup,
			lines: []line{{"BASKET", 1}}, cancelled: true,
		},
		{
			number: "00000131", about: "paid with two cards and cancelled", shopper: 1, slot: slots.Delivery,
			lines: []line{{"BOARD", 2}}, secondCard: "20.00", cancelled: true,
		},
		{
			number: "00000132", about: "pickup of many units, some put aside", shopper: 1, slot: slots.Pickup,
			lines: []line{{"PLATE", 6}}, allocated: []int64{4},
		},
		{
			number: "00000133", about: "an expensive order with ten off for points, nothing allocated", shopper: 1, slot: slots.Delivery,
			discount: "10.00", burned: 100,
			lines: []line{{"RAINCOAT", 2}, {"BOOTS-42", 2}, {"BLANKET", 1}},
		},
		{
			number: "00000134", about: "prices that round badly, nothing allocated", shopper: 2, slot: slots.Delivery,
			lines: []line{{"BOARD", 3}, {"PENCILS", 7}, {"CANDLE", 7}},
		},
		{
			number: "00000135", about: "prices that round badly, some cancelled", shopper: 2, slot: slots.Delivery,
			lines: []line{{"BOARD", 3}, {"PENCILS", 7}}, cancelledUnits: []int64{1, 3},
		},
		{
			number: "00000136", about: "one unit of one thing to pick up", shopper: 2, slot: slots.Pickup,
			lines: []line{{"NOTEBOOK", 1}},
		},
		{
			number: "00000137", about: "paid at once and allocated, with points", shopper: 3, slot: slots.Delivery, earned: 90,
			lines: []line{{"PILLOW", 2}}, captured: "all", allocated: []int64{2},
		},
		{
			number: "00000138", about: "paid at once, one of two shipped", shopper: 3, slot: slots.Delivery,
			lines: []line{{"SOCKS", 2}}, captured: "all", shipped: []int64{1},
		},
		{
			number: "00000139", about: "cancelled without a slot", shopper: 3,
			lines: []line{{"CAP", 1}}, cancelled: true,
		},
		{
			number: "00000140", about: "ten off, delivered", shopper: 4, slot: slots.Delivery,
			lines: []line{{"JEANS-32", 1}}, discount: "10.00", shipped: []int64{1}, captured: "all", arrived: true,
		},
		{
			number: "00000141", about: "allocated without a slot", shopper: 5,
			lines: []line{{"UMBRELLA", 1}}, allocated: []int64{1},
		},
		{
			number: "00000142", about: "two things to pick up, both put aside", shopper: 5, slot: slots.Pickup,
			lines: []line{{"VASE", 1}, {"CANDLE", 4}}, allocated: []int64{1, 4},
		},
		{
			number: "00000143", about: "submitted, the shopper is still at the bank", shopper: 5, unplaced: b2c.Created,
			lines: []line{{"MUG", 1}},
		},
		{
			number: "00000144", about: "the bank said no", shopper: 5, unplaced: b2c.Failed,
			lines: []line{{"LAMP", 1}},
		},
		{
			number: "00000145", about: "edited by the service desk before its export, and so replaced", shopper: 2, replacedBy: "00000136",
			lines: []line{{"NOTEBOOK", 2}},
		},
		{
			number: "00000146", about: "fifteen off by a coupon, which three lines bear in odd cents, nothing allocated", shopper: 5, slot: slots.Delivery,
			coupon: "SPRING15", couponOff: "15.00", lines: []line{{"TOWEL", 1}, {"BOWL", 2}, {"PENCILS", 3}},
		},
		{
			number: "00000147", about: "fifteen off by a coupon, the lamp has shipped, the mugs have not", shopper: 4, slot: slots.Delivery,
			coupon: "SPRING15", couponOff: "15.00", lines: []line{{"LAMP", 1}, {"MUG", 2}}, shipped: []int64{1, 0}, captured: "80.74",
		},
		{
			number: "00000148", about: "a gift certificate pays forty, a card the rest, nothing allocated", shopper: 4, slot: slots.Delivery,
			giftCertificate: "40.00", lines: []line{{"GLOVES", 1}, {"SOCKS", 2}},
		},
		{
			number: "00000149", about: "a gift certificate paid twenty, a card the rest, delivered", shopper: 5, slot: slots.Delivery,
			giftCertificate: "20.00", lines: []line{{"VASE", 1}}, shipped: []int64{1}, captured: "all", arrived: true,
		},
		{
			number: "00000153", about: "delivered, and one of two towels returned and refunded", shopper: 3, slot: slots.Delivery,
			lines: []line{{"TOWEL", 2}, {"SOAP-LAV", 1}}, shipped: []int64{2, 1}, captured: "all", arrived: true, returned: []int64{1, 0},
		},
		{
			number: "00000154", about: "placed a moment ago and on its way to order management", shopper: 5, slot: slots.Delivery, onItsWay: true,
			lines: []line{{"MUG", 2}},
		},
		{
			number: "00000150", about: "paid at once, nothing allocated, with points, on the global site", shopper: 3, site: siteGlobal, earned: 90,
			slot: slots.Delivery, lines: []line{{"PILLOW", 2}}, captured: "all",
		},
		{
			number: "00000151", about: "paid at once, nothing allocated, with points, in the outlet", shopper: 3, site: siteOutlet, earned: 90,
			slot: slots.Delivery, lines: []line{{"PILLOW", 2}}, captured: "all",
		},
		{
			number: "00000152", about: "not paid yet, with points, in the outlet", shopper: 4, site: siteOutlet, earned: 90,
			slot: slots.Delivery, lines: []line{{"PILLOW", 2}},
		},
	}
}

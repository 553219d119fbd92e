package preset

import "github.com/somsim/somsim/simulator/slots"

// story is an order and what has become of it.
type story struct {
	number string
	about  string
	// shopper counts from 1.
	shopper int
	lines   []line
	// slot is empty when the order has none.
	slot slots.Type
	// discount is what an order-level promotion takes off the first line, net.
	discount string
	// captured is what was taken of the authorised money: nothing, "all", or an amount.
	captured string
	// allocated, shipped and cancelled are units of the lines, in their order; shipped ones are allocated too.
	allocated, shipped []int64
	cancelled          bool
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
	}
}

package features

import "strings"

// operation is one kind of request that a system takes: the system's name, a full stop, and the vendor's word for it.
type operation string

// The operations that sentences speak of, in words of their own.
const (
	submitCancel   operation = "som.submitCancel"
	takeBack       operation = "som.cancelFulfillmentOrderItem"
	releaseMoney   operation = "worldline.cancelPayment"
	refundMoney    operation = "worldline.refundPayment"
	reverseMoney   operation = "som.reverseAuthorization"
	ensureRefunds  operation = "som.ensureRefunds"
	releaseBooking operation = "slots.releaseBooking"
	mirrorStatus   operation = "b2c.patchOrder"
	readShopOrder  operation = "b2c.getOrder"
	releaseGoods   operation = "oci.releaseReservation"
	makeBasket     operation = "b2c.createBasket"
	searchOrders   operation = "b2c.searchOrders"
	logInAtSLAS    operation = "b2c.getAccessToken"
	askAccount     operation = "cdc.accountsGetAccountInfo"
	collectEvents  operation = "tracking.collectEvents"
	updateRow      operation = "som.updateRow"
	// createFulfillment is how units are allocated.
	createFulfillment operation = "som.createFulfillmentOrders"
	// submitReturn takes units back at order management, createReturn announces them.
	submitReturn operation = "som.submitReturn"
	createReturn operation = "som.createReturnOrder"
)

func (o operation) system() string {
	system, _, _ := strings.Cut(string(o), ".")
	return system
}

func (o operation) name() string {
	_, name, _ := strings.Cut(string(o), ".")
	return name
}

// questions occurs in every question that order-ops asks order management about an order, and in no command.
const questions = "OrderNumber"

// quantityRule is order management's reason to refuse a cancel of units that are not free.
const quantityRule = "som.cancel.quantity-available"

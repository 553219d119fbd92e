package data

import "github.com/somsim/somsim/simulator/binding"

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"getSites": binding.JSON(a.getSites),
		"getSite":  binding.JSON(a.getSite),

		"updateOrder":                   binding.JSON(a.updateOrder),
		"setOrderStatus":                binding.JSON(a.setOrderStatus),
		"setOrderConfirmationStatus":    binding.JSON(a.setOrderConfirmationStatus),
		"setOrderExportStatus":          binding.JSON(a.setOrderExportStatus),
		"setOrderExternalStatus":        binding.JSON(a.setOrderExternalStatus),
		"setOrderPaymentStatus":         binding.JSON(a.setOrderPaymentStatus),
		"setOrderShippingStatus":        binding.JSON(a.setOrderShippingStatus),
		"updateOrderPaymentInstrument":  binding.JSON(a.updateOrderPaymentInstrument),
		"updateOrderPaymentTransaction": binding.JSON(a.updateOrderPaymentTransaction),
		"setOrderShippingAddress":       binding.JSON(a.setOrderShippingAddress),

		"getCustomerList":    binding.JSON(a.getCustomerList),
		"getListCustomers":   binding.JSON(a.getListCustomers),
		"createListCustomer": binding.JSON(a.createListCustomer),
		"getListCustomer":    binding.JSON(a.getListCustomer),
		"putListCustomer":    binding.JSON(a.putListCustomer),
		"updateListCustomer": binding.JSON(a.updateListCustomer),
		"deleteListCustomer": binding.JSON(a.deleteListCustomer),

		"getInventoryLists":     binding.JSON(a.getInventoryLists),
		"getInventoryList":      binding.JSON(a.getInventoryList),
		"putInventoryList":      binding.Raw(a.putInventoryList),
		"updateInventoryList":   binding.JSON(a.updateInventoryList),
		"deleteInventoryList":   binding.JSON(a.deleteInventoryList),
		"getInventoryRecords":   binding.JSON(a.getInventoryRecords),
		"getInventoryRecord":    binding.JSON(a.getInventoryRecord),
		"putInventoryRecord":    binding.Raw(a.putInventoryRecord),
		"updateInventoryRecord": binding.JSON(a.updateInventoryRecord),
		"deleteInventoryRecord": binding.JSON(a.deleteInventoryRecord),
	}
}

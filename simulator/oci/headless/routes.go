package headless

import "github.com/somsim/somsim/simulator/binding"

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"createReservation":        binding.JSON(a.createReservation),
		"getReservations":          binding.JSON(a.getReservations),
		"getReservation":           binding.JSON(a.getReservation),
		"cancelReservation":        binding.JSON(a.cancelReservation),
		"releaseReservation":       binding.JSON(a.releaseReservation),
		"fulfillReservation":       binding.JSON(a.fulfillReservation),
		"transferReservation":      binding.JSON(a.transferReservation),
		"getInventoryAvailability": binding.JSON(a.getInventoryAvailability),
	}
}

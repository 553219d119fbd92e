package slotsrest

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
)

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"listSlots":      binding.JSON(a.listSlots),
		"getSlot":        binding.JSON(a.getSlot),
		"holdSlot":       binding.Status(http.StatusCreated, a.holdSlot),
		"holdSuccessor":  binding.Status(http.StatusCreated, a.holdSuccessor),
		"moveBooking":    binding.JSON(a.moveBooking),
		"confirmHold":    binding.JSON(a.confirmHold),
		"releaseHold":    binding.JSON(a.releaseHold),
		"listBookings":   binding.JSON(a.listBookings),
		"getBooking":     binding.JSON(a.getBooking),
		"releaseBooking": binding.JSON(a.releaseBooking),
	}
}

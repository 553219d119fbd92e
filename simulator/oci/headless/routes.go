package headless

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci/ocijson"
)

func (a *API) routes() map[string]binding.Handler {
	bodies := ocijson.Bodies{Domain: a.domain}
	return map[string]binding.Handler{
		"createReservation":        binding.JSON(bodies.CreateReservation),
		"getReservations":          binding.JSON(a.getReservations),
		"getReservation":           binding.JSON(a.getReservation),
		"cancelReservation":        binding.JSON(a.cancelReservation),
		"releaseReservation":       binding.JSON(bodies.ReleaseReservation),
		"fulfillReservation":       binding.JSON(bodies.FulfillReservation),
		"transferReservation":      binding.JSON(bodies.TransferReservation),
		"batchUpdateAvailability":  binding.JSON(bodies.BatchUpdateAvailability),
		"getInventoryAvailability": binding.JSON(bodies.GetInventoryAvailability),

		"submitInventoryImport":       binding.JSON(a.submitInventoryImport),
		"getInventoryImports":         binding.JSON(a.getInventoryImports),
		"uploadInventoryImport":       binding.JSON(a.uploadInventoryImport),
		"getAvailabilityImportStatus": binding.JSON(a.getAvailabilityImportStatus),
		"getInventoryImportResults":   binding.Raw(a.getInventoryImportResults),
		"deleteInventoryImport":       binding.JSON(a.deleteInventoryImport),
	}
}

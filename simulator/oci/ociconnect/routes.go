package ociconnect

import "github.com/somsim/somsim/simulator/binding"

// routes is the table of operations.
func (a *API) routes() map[string]binding.Handler {
	done, bodies := a.org.ActionStatus, a.bodies()
	return map[string]binding.Handler{
		"createReservation":   binding.Status(done, bodies.CreateReservation),
		"fulfillReservation":  binding.Status(done, bodies.FulfillReservation),
		"releaseReservation":  binding.Status(done, bodies.ReleaseReservation),
		"transferReservation": binding.Status(done, bodies.TransferReservation),
		"updateReservation":   binding.Status(done, bodies.UpdateReservation),

		"getInventoryAvailability":             binding.Status(done, bodies.GetInventoryAvailability),
		"batchUpdateAvailability":              binding.Status(done, bodies.BatchUpdateAvailability),
		"submitInventoryAvailabilityUpload":    binding.Status(done, a.submitInventoryAvailabilityUpload),
		"getInventoryAvailabilityUploadStatus": binding.JSON(a.getInventoryAvailabilityUploadStatus),
		"publishLocationStructure":             binding.Status(done, a.publishLocationStructure),
		"getPublishLocationStructureStatus":    binding.JSON(a.getPublishLocationStructureStatus),

		"checkInventoryAvailability": binding.Status(done, a.checkInventoryAvailability),
		"getInventoryLevels":         binding.JSON(a.getInventoryLevels),

		"findRoutesWithFewestSplitsUsingOCI": binding.Status(done, a.findRoutesWithFewestSplitsUsingOCI),
	}
}

package ociconnect

import "github.com/somsim/somsim/simulator/binding"

// answerError is the one place where errors become answers: what the org says of an error, with the output that the
// operation would have had.
func (a *API) answerError(c *binding.Call, err error) *binding.Response {
	return a.org.Answer(c, err, outputs()[c.Operation])
}

// outputs are what the output of each operation tells beside success and errors. Operations that are not here have none:
// their errors have the form of the data API.
func outputs() map[string][]string {
	status := []string{
		"uploadId", "status", "validationStatus", "validationErrors", "recordsReadCount", "recordsProcessedCount", "recordsSkippedCount",
		"startTimeUTC", "endTimeUTC",
	}
	return map[string][]string{
		"createReservation":  {"actionRequestId", "reservationTime", "expirationTime", "details"},
		"fulfillReservation": {}, "releaseReservation": {}, "transferReservation": {}, "batchUpdateAvailability": {},
		"updateReservation":                    {"reservationTime", "details"},
		"getInventoryAvailability":             {"locations", "locationGroups"},
		"submitInventoryAvailabilityUpload":    {"uploadId"},
		"getInventoryAvailabilityUploadStatus": status,
		"publishLocationStructure":             {"uploadId"},
		"getPublishLocationStructureStatus":    status,
		"checkInventoryAvailability":           {"locations", "locationGroups"},
		"getInventoryLevels":                   {"locations", "locationGroups", "totalInventory"},
		"findRoutesWithFewestSplitsUsingOCI":   {"results"},
	}
}

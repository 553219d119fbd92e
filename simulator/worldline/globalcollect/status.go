package globalcollect

import (
	"time"

	"github.com/somsim/somsim/simulator/worldline"
)

// pendingApproval is what this generation calls authorised money that an approval takes.
const pendingApproval = "PENDING_APPROVAL"

// statusName is the status of a payment as this generation says it.
func statusName(p worldline.Payment, s worldline.Status) string {
	if s == worldline.PendingCapture && p.Approval {
		return pendingApproval
	}
	return string(s)
}

// statusNumber is this generation's number for a status (SOURCES.md, Connect).
func statusNumber(s worldline.Status) int {
	switch s {
	case worldline.Redirected:
		return 20
	case worldline.AuthorizationRequested:
		return 50
	case worldline.PendingCompletion:
		return 60
	case worldline.Rejected:
		return 100
	case worldline.PendingFraudApproval:
		return 525
	case worldline.PendingCapture:
		return 600
	case worldline.CaptureRequested, worldline.RefundRequested:
		return 800
	case worldline.Captured:
		return 900
	case worldline.RejectedCapture:
		return 1100
	case worldline.Refunded:
		return 1800
	case worldline.Cancelled:
		return 99999
	}
	return 0
}

// changeTime renders an instant the way the platform does: UTC without separators.
func changeTime(t time.Time) string { return t.UTC().Format("20060102150405") }

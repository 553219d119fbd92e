package frontdesk

import (
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// upstreamPause is the wait announced when a system behind does not work and does not say for how long.
const upstreamPause = 5 * time.Second

// refused words a remote failure that reached the desk as a refusal. Other errors pass: they are faults of the service.
func refused(err error) error {
	failure, ok := remote.AsError(err)
	if !ok {
		return err
	}
	refusal := refusalOf(failure)
	refusal.Extra.UpstreamCode = failure.VendorCode
	return refusal
}

func refusalOf(failure *remote.Error) *orderops.Refusal {
	pause := max(upstreamPause, failure.RetryAfter)
	switch failure.Class {
	case remote.Unauthorized:
		if !failure.Own {
			return orderops.Refuse(orderops.Unauthenticated, "commerce did not accept the token")
		}
	case remote.NotFound:
		// A customer that is not the caller's is as unknown as an order that is not.
		return orderops.Refuse(orderops.OrderNotFound, "")
	case remote.Throttled:
		return orderops.RefuseFor(pause, orderops.RateLimited, "")
	case remote.Conflict:
		return orderops.RefuseFor(pause, orderops.OrderChanged, "")
	case remote.Rejected:
		return rejected(failure)
	case remote.Unavailable, remote.Ambiguous:
	}
	if failure.System == somclient.System {
		return orderops.RefuseFor(pause, orderops.OMSUnavailable, "")
	}
	if failure.Status == 0 {
		return orderops.RefuseFor(pause, orderops.UpstreamTimeout, "%s did not answer", failure.System)
	}
	return orderops.RefuseFor(pause, orderops.UpstreamError, "%s failed", failure.System)
}

func rejected(failure *remote.Error) *orderops.Refusal {
	switch {
	case failure.System == b2cclient.System && failure.Status == 403:
		return orderops.Refuse(orderops.Forbidden, "")
	case failure.System == b2cclient.System && failure.Status < 500:
		return orderops.Refuse(orderops.InvalidRequest, "commerce refused the request")
	default:
		return orderops.Refuse(orderops.UpstreamError, "%s refused the request", failure.System)
	}
}

package gcs

import (
	"net/url"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/worldline"
)

// PayerURL is the page on which a shopper pays on a hosted checkout, or proves who he is. It names the sandbox: his browser
// does not.
func PayerURL(c *binding.Call, id string) string {
	base := c.BaseURL()
	if name := c.Tx.Sandbox(); name != sandbox.Default && !strings.Contains(base, "/sandbox/") {
		base += "/sandbox/" + url.PathEscape(name)
	}
	return base + "/payer/" + url.PathEscape(id)
}

// Outcome is what the platform calls the state of a payment from a hosted checkout.
func Outcome(s worldline.Status) string {
	switch s { //nolint:exhaustive // all others mean that money is authorised or taken
	case worldline.Rejected, worldline.RejectedCapture, worldline.Cancelled:
		return "REJECTED"
	case worldline.Redirected, worldline.AuthorizationRequested, worldline.PendingFraudApproval, worldline.PendingCompletion:
		return "STATUS_UNKNOWN"
	}
	return "SUCCESSFUL"
}

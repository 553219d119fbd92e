package history

import (
	"net/url"
	"strings"

	"github.com/somsim/somsim/orderops/somclient"
)

// TrackingLinks are the pages on which carriers show a parcel, by the carrier's name in order management. {number} stands
// for the tracking number.
type TrackingLinks map[string]string

// DefaultTrackingLinks are those of the carriers that order management ships with.
func DefaultTrackingLinks() TrackingLinks {
	return TrackingLinks{
		"FedEx": "https://www.fedex.com/fedextrack/?trknbr={number}",
		"UPS":   "https://www.ups.com/track?tracknum={number}",
		"USPS":  "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}",
	}
}

// link is where a parcel can be followed: what order management says, or else the carrier's page. Empty when neither is
// known.
func (l TrackingLinks) link(s somclient.Shipment) string {
	page, known := l[s.Provider]
	if s.TrackingURL != "" || !known || s.TrackingNumber == "" {
		return s.TrackingURL
	}
	return strings.ReplaceAll(page, "{number}", url.QueryEscape(s.TrackingNumber))
}

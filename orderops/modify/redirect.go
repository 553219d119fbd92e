package modify

import (
	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
)

// Where the shopper goes on in each channel.
const (
	sfraCart = "Cart-Show"
	pwaCart  = "/cart"
	appCart  = "cart"
)

// What a session becomes on the way to another channel.
const (
	bridgedToSession = "storefront_session"
	bridgedToSLAS    = "slas"
)

// redirect says where the shopper goes on with the basket, and by which call the front end takes the session along where
// the token is not of the kind that the channel works with. The call needs the shopper's own token, which the service
// neither keeps nor passes on.
func (j *job) redirect() *orderops.Redirect {
	r := &orderops.Redirect{Channel: j.in.Request.Channel}
	switch r.Channel {
	case orderops.ChannelSFRA:
		r.Target = sfraCart
		r.Bridge = &orderops.Bridge{From: j.in.Token, To: bridgedToSession, Method: "POST", Path: "/s/" + j.row.Site + "/dw/shop/" + b2cclient.DefaultVersion + "/sessions"}
	case orderops.ChannelPWA:
		r.Target = pwaCart
		if j.in.Token == orderops.TokenOCAPI {
			r.Bridge = &orderops.Bridge{
				From: j.in.Token, To: bridgedToSLAS, Method: "POST",
				Path: "/shopper/auth/v1/organizations/" + j.Organization + "/oauth2/session-bridge/token",
			}
		}
	case orderops.ChannelApp:
		r.Target = appCart
	default:
		return nil
	}
	return r
}

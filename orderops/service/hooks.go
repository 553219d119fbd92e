package service

import (
	"github.com/somsim/somsim/orderops/hookface"
	"github.com/somsim/somsim/orderops/inbound"
	"github.com/somsim/somsim/orderops/ocapiface"
)

// hooks makes what commerce calls in the middle of its own requests.
func (s *Service) hooks(shop *ocapiface.Face) *hookface.Face {
	return &hookface.Face{
		Gate: shop.Gate, Shop: shop, Proof: inbound.Proof{Secret: s.cfg.HooksSecret, Clock: s.clock},
		Clients: s.cfg.Callers.Clients, ServiceClient: s.cfg.B2C.ClientID, Log: s.log,
	}
}

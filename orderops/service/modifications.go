package service

import (
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/confirm"
	"github.com/somsim/somsim/orderops/modify"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/slotsclient"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/trackingclient"
)

// modifications wires modifying and confirming. The engine is handed in once it is there.
func (s *Service) modifications(som *somclient.Client, b2c *b2cclient.Client, cancels *cancel.Cancels) (*modify.Modifies, *confirm.Confirms) {
	slots := slotsclient.New(s.caller(s.cfg.SlotsURL), s.cfg.SlotsKey)
	modifies := &modify.Modifies{
		SOM: som, Slots: slots, Commerce: b2c, Clock: s.clock, Cancels: cancels, Cancel: s.cfg.Cancel, Policy: s.cfg.Modify,
		Organization: s.cfg.Callers.SLASOrganization,
	}
	if s.cfg.Mapping != nil {
		modifies.Mapping = s.cfg.Mapping.OnlyCopied()
	}
	if s.cfg.OCIURL != "" {
		modifies.Stock = ociclient.New(s.caller(s.cfg.OCIURL), s.cfg.OCI)
	}
	confirms := &confirm.Confirms{SOM: som, Slots: slots, Commerce: b2c, Cancels: cancels, Cancel: s.cfg.Cancel, Policy: s.cfg.Modify}
	if s.cfg.TrackingURL != "" {
		confirms.Tracking = trackingclient.New(s.caller(s.cfg.TrackingURL), s.cfg.Tracking)
	}
	return modifies, confirms
}

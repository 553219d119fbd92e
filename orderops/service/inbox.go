package service

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/inbound"
	"github.com/somsim/somsim/orderops/somclient"
)

// inbox makes what takes in events, and what shows the service's metrics.
func (s *Service) inbox(store *command.Store, som *somclient.Client) (*inbound.Inbox, http.Handler, error) {
	metrics, err := inbound.NewMetrics(s.registry)
	if err != nil {
		return nil, nil, err
	}
	if err := countLocators(s.registry, som); err != nil {
		return nil, nil, err
	}
	box := &inbound.Inbox{Store: store, Clock: s.clock, Secret: s.cfg.EventsSecret, Metrics: metrics, Log: s.log}
	return box, promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}), nil
}

package service

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/inbound"
	"github.com/somsim/somsim/orderops/returns"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// inboxes take in what other systems tell of their own accord.
type inboxes struct {
	events   *inbound.Inbox
	webhooks *inbound.Webhooks
	// metrics shows the service's metrics.
	metrics http.Handler
}

func (s *Service) inboxes(store *command.Store, som *somclient.Client, systems *settle.Systems) (inboxes, error) {
	metrics, err := inbound.NewMetrics(s.registry)
	if err != nil {
		return inboxes{}, err
	}
	if err := s.backlog(store); err != nil {
		return inboxes{}, err
	}
	if err := countLocators(s.registry, som); err != nil {
		return inboxes{}, err
	}
	webhooks := &inbound.Webhooks{
		Statuses: store, Effects: s.engine, Clock: s.clock, KeyID: s.cfg.Webhooks.KeyID, Secret: s.cfg.Webhooks.Secret,
		MerchantID: s.cfg.Worldline.MerchantID, RefundAgain: systems.RefundAgain, Metrics: metrics, Log: s.log,
	}
	store.LookBack(worldlineclient.System, webhooks.Overtaken)
	return inboxes{
		events:   &inbound.Inbox{Store: store, Clock: s.clock, Secret: s.cfg.EventsSecret, Wakes: []string{returns.KindAwait}, Metrics: metrics, Log: s.log},
		webhooks: webhooks,
		metrics:  promhttp.HandlerFor(s.registry, promhttp.HandlerOpts{}),
	}, nil
}

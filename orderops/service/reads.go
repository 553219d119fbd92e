package service

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/history"
	"github.com/somsim/somsim/orderops/mapping"
	"github.com/somsim/somsim/orderops/returnby"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/window"
)

// returnWindows make what tells until when something may be given back.
func (s *Service) returnWindows(store *command.Store) *window.Windows {
	policies := s.cfg.ReturnPolicies
	if policies == nil {
		policies = returnby.Default()
	}
	return &window.Windows{Policies: policies, Store: store, Pickup: s.cfg.Cancel.Collected}
}

// reads make what shows orders. offered are the actions that this service can do.
func (s *Service) reads(b2c *b2cclient.Client, som *somclient.Client, windows *window.Windows, offered []orderops.Action) *history.History {
	table := s.cfg.Mapping
	if table == nil {
		table = &mapping.Table{}
	}
	table = table.OnlyCustom()
	som.Custom = customFields(table)
	return &history.History{
		Commerce: b2c, SOM: som, Clock: s.clock, Windows: windows, Mapping: table, Offered: offered, Log: s.log, Links: s.cfg.TrackingLinks,
	}
}

// customFields are those that a table reads.
func customFields(table *mapping.Table) somclient.CustomFields {
	return somclient.CustomFields{
		Order: table.CustomFields(mapping.Order), Items: table.CustomFields(mapping.Item),
		Deliveries: table.CustomFields(mapping.Delivery), Payments: table.CustomFields(mapping.Payment),
	}
}

// countLocators registers the counter orderops_som_locators_total.
func countLocators(r prometheus.Registerer, som *somclient.Client) error {
	counter := prometheus.NewCounter(prometheus.CounterOpts{
		Name: "orderops_som_locators_total", Help: "Calls to order management for rows that did not fit into an answer; nearly none are expected.",
	})
	som.Locators = counter
	return r.Register(counter)
}

//go:build pact

package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/pact-foundation/pact-go/v2/models"
)

// prepare brings a fresh sandbox of preset omnichannel into a state and names
// the records that the pact's requests are about.
type prepare func(o *org, orderNumber string) (models.ProviderStateResponse, error)

// somStates is the vocabulary that consumers may use of SOM.
func somStates() map[string]prepare {
	return map[string]prepare{
		"preset omnichannel":        func(*org, string) (models.ProviderStateResponse, error) { return nil, nil },
		"an order is not allocated": (*org).unallocated,
		"an order is allocated":     (*org).allocated,
		"one unit of an order was cancelled by the integration user": (*org).oneCancelled,
	}
}

func (o *org) unallocated(number string) (models.ProviderStateResponse, error) {
	items, err := o.query(`SELECT Id, OrderSummaryId, OrderDeliveryGroupSummaryId FROM OrderItemSummary WHERE OrderSummary.OrderNumber = '` + number +
		`' AND TypeCode = 'Product' AND QuantityAllocated = 0 AND QuantityAvailableToCancel > 0`)
	if err != nil {
		return nil, err
	}
	locations, err := o.query(`SELECT Id FROM Location`)
	if err != nil {
		return nil, err
	}
	return models.ProviderStateResponse{
		"orderSummaryId": items[0]["OrderSummaryId"], "orderItemSummaryId": items[0]["Id"],
		"orderDeliveryGroupSummaryId": items[0]["OrderDeliveryGroupSummaryId"], "locationId": locations[0]["Id"],
	}, nil
}

func (o *org) allocated(number string) (models.ProviderStateResponse, error) {
	lines, err := o.query(`SELECT Id, FulfillmentOrderId FROM FulfillmentOrderLineItem WHERE FulfillmentOrder.OrderSummary.OrderNumber = '` +
		number + `' AND FulfillmentOrder.StatusCategory = 'ACTIVATED' AND Quantity > 0 AND TypeCode = 'Product'`)
	if err != nil {
		return nil, err
	}
	return models.ProviderStateResponse{
		"fulfillmentOrderId": lines[0]["FulfillmentOrderId"], "fulfillmentOrderLineItemId": lines[0]["Id"],
	}, nil
}

func (o *org) oneCancelled(number string) (models.ProviderStateResponse, error) {
	found, err := o.unallocated(number)
	if err != nil {
		return nil, err
	}
	path := fmt.Sprintf("/services/data/v60.0/commerce/order-management/order-summaries/%s/actions/submit-cancel", found["orderSummaryId"])
	wish := map[string]any{"changeItems": []map[string]any{{
		"orderItemSummaryId": found["orderItemSummaryId"], "quantity": 1, "reason": "Unknown", "shippingReductionFlag": false,
	}}}
	return found, o.post(path, wish, nil)
}

// requireStates fails for a state that nobody here can bring about: the
// verifier would only warn and replay the interaction in whatever state there is.
func requireStates(t *testing.T, file string, known models.StateHandlers) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var pact struct {
		Interactions []struct {
			Description    string
			ProviderStates []struct{ Name string }
		}
	}
	if err := json.Unmarshal(source, &pact); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if len(pact.Interactions) == 0 {
		t.Fatalf("%s holds no interaction", file)
	}
	for _, i := range pact.Interactions {
		if len(i.ProviderStates) == 0 {
			t.Errorf("%s: %q names no state", file, i.Description)
		}
		for _, state := range i.ProviderStates {
			if known[state.Name] == nil {
				t.Errorf("%s: %q is in the unknown state %q", file, i.Description, state.Name)
			}
		}
	}
}

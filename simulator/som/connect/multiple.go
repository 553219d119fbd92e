package connect

import (
	"github.com/somsim/somsim/simulator/binding"
)

type multipleOrdersInput struct {
	Body struct {
		FulfillmentOrders []fulfillmentOrderInput `json:"fulfillmentOrders"`
	}
}

// multipleOrderOutput is what became of one group; one that failed tells its input again.
type multipleOrderOutput struct {
	baseOutput
	FulfillmentOrderID          *string            `json:"fulfillmentOrderId"`
	OrderSummaryID              *string            `json:"orderSummaryId"`
	OrderDeliveryGroupSummaryID *string            `json:"orderDeliveryGroupSummaryId"`
	FulfilledFromLocationID     *string            `json:"fulfilledFromLocationId"`
	FulfillmentType             *string            `json:"fulfillmentType"`
	OrderItemSummaries          []failedAllocation `json:"orderItemSummaries"`
	ReferenceID                 *string            `json:"referenceId"`
}

type failedAllocation struct {
	OrderItemSummaryID string        `json:"orderItemSummaryId"`
	Quantity           double        `json:"quantity"`
	Errors             []outputError `json:"errors"`
}

type multipleOrdersOutput struct {
	baseOutput
	FulfillmentOrders []multipleOrderOutput `json:"fulfillmentOrders"`
}

// createMultipleFulfillmentOrders allocates group by group. A group that is refused says so and leaves the others alone.
func (a *API) createMultipleFulfillmentOrders(c *binding.Call, in multipleOrdersInput) (multipleOrdersOutput, error) {
	out := multipleOrdersOutput{baseOutput: a.succeeded(), FulfillmentOrders: []multipleOrderOutput{}}
	for _, order := range in.Body.FulfillmentOrders {
		for _, group := range order.FulfillmentGroups {
			one, err := a.allocateGroup(c, order, group)
			if err != nil {
				return multipleOrdersOutput{}, err
			}
			out.Success = out.Success && one.Success
			out.FulfillmentOrders = append(out.FulfillmentOrders, one)
		}
	}
	return out, nil
}

func (a *API) allocateGroup(c *binding.Call, order fulfillmentOrderInput, group fulfillmentGroup) (multipleOrderOutput, error) {
	order.FulfillmentGroups = []fulfillmentGroup{group}
	mark := c.Tx.Mark()
	ids, err := a.domain().CreateFulfillmentOrders(c.Tx, c.Principal.ID, order.allocation())
	if err == nil {
		return multipleOrderOutput{baseOutput: a.succeeded(), FulfillmentOrderID: optional(ids[0]), ReferenceID: group.ReferenceID}, nil
	}
	c.Tx.RollbackTo(mark)
	base, err := a.refused(c, err)
	if err != nil {
		return multipleOrderOutput{}, err
	}
	failed := multipleOrderOutput{
		baseOutput: base, OrderSummaryID: &order.OrderSummaryID, OrderDeliveryGroupSummaryID: &order.OrderDeliveryGroupSummaryID,
		FulfilledFromLocationID: &group.FulfilledFromLocationID, FulfillmentType: &group.FulfillmentType, ReferenceID: group.ReferenceID,
	}
	for _, i := range group.OrderItemSummaries {
		failed.OrderItemSummaries = append(failed.OrderItemSummaries, failedAllocation{i.OrderItemSummaryID, double{i.Quantity}, []outputError{}})
	}
	return failed, nil
}

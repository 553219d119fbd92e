package connect

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

type itemQuantity struct {
	ExternalItemID string          `json:"externalItemId"`
	Quantity       decimal.Decimal `json:"quantity"`
}

type pickingInput struct {
	Body struct {
		DistributeToOrders []struct {
			ExternalOrderID string         `json:"externalOrderId"`
			ItemQuantities  []itemQuantity `json:"itemQuantities"`
		} `json:"distributeToOrders"`
		OptimizationCriteria string         `json:"optimizationCriteria"`
		QuantitiesPickedList []itemQuantity `json:"quantitiesPickedList"`
	}
}

func (in pickingInput) picking() som.Picking {
	p := som.Picking{Criteria: in.Body.OptimizationCriteria, Picked: itemQuantities(in.Body.QuantitiesPickedList)}
	for _, order := range in.Body.DistributeToOrders {
		p.Orders = append(p.Orders, som.PickedOrder{ID: order.ExternalOrderID, Items: itemQuantities(order.ItemQuantities)})
	}
	return p
}

func itemQuantities(in []itemQuantity) []som.ItemQuantity {
	out := make([]som.ItemQuantity, len(in))
	for n, i := range in {
		out[n] = som.ItemQuantity{ID: i.ExternalItemID, Quantity: i.Quantity}
	}
	return out
}

type itemQuantityOutput struct {
	ExternalItemID string `json:"externalItemId"`
	Quantity       double `json:"quantity"`
}

type orderQuantitiesOutput struct {
	ExternalOrderID string               `json:"externalOrderId"`
	ItemQuantities  []itemQuantityOutput `json:"itemQuantities"`
}

type pickingOutput struct {
	FullyDistributedOrdersList     []orderQuantitiesOutput `json:"fullyDistributedOrdersList"`
	PartiallyDistributedOrdersList []orderQuantitiesOutput `json:"partiallyDistributedOrdersList"`
	NotDistributedOrdersList       []orderQuantitiesOutput `json:"notDistributedOrdersList"`
	QuantitiesRemainingList        []itemQuantityOutput    `json:"quantitiesRemainingList"`
}

func (a *API) distributePickedQuantities(c *binding.Call, in pickingInput) (pickingOutput, error) {
	r, err := a.domain().DistributePickedQuantities(c.Tx, in.picking())
	if err != nil {
		return pickingOutput{}, err
	}
	return pickingOutput{orderQuantities(r.Fully), orderQuantities(r.Partially), orderQuantities(r.Not), quantitiesOf(r.Remaining)}, nil
}

func orderQuantities(orders []som.PickedOrder) []orderQuantitiesOutput {
	out := make([]orderQuantitiesOutput, len(orders))
	for n, o := range orders {
		out[n] = orderQuantitiesOutput{o.ID, quantitiesOf(o.Items)}
	}
	return out
}

func quantitiesOf(items []som.ItemQuantity) []itemQuantityOutput {
	out := make([]itemQuantityOutput, len(items))
	for n, i := range items {
		out[n] = itemQuantityOutput{i.ID, double{i.Quantity}}
	}
	return out
}

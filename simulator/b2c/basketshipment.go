package b2c

import "fmt"

func shipmentUnknown(id string) *Error {
	return &Error{
		Code: ShipmentNotFound, Rule: "b2c.shipment.known", Message: fmt.Sprintf("The basket has no shipment with ID '%s'.", id),
		Arguments: map[string]string{"shipmentId": id},
	}
}

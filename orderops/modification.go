package orderops

// Modification is the answer of a modify.
type Modification struct {
	OrderNo string   `json:"order_no"`
	Effects []Effect `json:"effects"`
}

// Confirmation is the answer of a confirm.
type Confirmation struct {
	OrderNo string   `json:"order_no"`
	Effects []Effect `json:"effects"`
}

package orderops

// Return is the answer of a return.
type Return struct {
	OrderNo string   `json:"order_no"`
	Effects []Effect `json:"effects"`
}

package store

import (
	"encoding/json"
	"fmt"
)

// Encode renders a row, or a pointer to one, as it is shown and kept outside memory: the JSON of its exported fields.
func Encode(row any) (string, error) {
	b, err := json.Marshal(row)
	if err != nil {
		return "", fmt.Errorf("encode row %T: %w", row, err)
	}
	return string(b), nil
}

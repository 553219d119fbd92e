package direct

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
)

// answer is an answer already rendered, so that it can be kept and given again byte for byte.
type answer struct {
	body json.RawMessage
	// firstAt is set, in milliseconds, when the answer is a repetition.
	firstAt int64
}

// MarshalJSON returns the rendered answer.
func (a answer) MarshalJSON() ([]byte, error) { return a.body, nil }

// AnswerHeader tells when the first request with the key was made.
func (a answer) AnswerHeader() http.Header {
	h := http.Header{}
	if a.firstAt != 0 {
		h.Set("X-GCS-Idempotence-Request-Timestamp", strconv.FormatInt(a.firstAt, 10))
	}
	return h
}

// once does the work unless the key was used before; then it gives the answer of that time, whatever is asked now.
func once[T any](a *API, c *binding.Call, key string, work func() (T, error)) (answer, error) {
	merchant, path := c.Request.Vars["merchantId"], c.Request.Path
	if old, ok := a.domain.Recall(c.Tx, merchant, path, key); key != "" && ok {
		return answer{body: old.Body, firstAt: old.At.UnixMilli()}, nil
	}
	out, err := work()
	if err != nil {
		return answer{}, err
	}
	body, err := json.Marshal(out)
	if err != nil {
		return answer{}, fmt.Errorf("render the answer to %s: %w", path, err)
	}
	if key != "" {
		a.domain.Remember(c.Tx, worldline.Answer{MerchantID: merchant, Path: path, Key: key, Body: body})
	}
	return answer{body: body}, nil
}

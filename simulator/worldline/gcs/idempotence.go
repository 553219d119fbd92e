package gcs

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
)

// keyHeader carries the idempotence key of a request.
const keyHeader = "X-GCS-Idempotence-Key"

// Answer is an answer already rendered, so that it can be kept and given again byte for byte.
type Answer struct {
	status int
	body   json.RawMessage
	// firstAt is set, in milliseconds, when the answer is a repetition.
	firstAt int64
}

// MarshalJSON returns the rendered answer.
func (a Answer) MarshalJSON() ([]byte, error) { return a.body, nil }

// AnswerStatus is the status of a refusal that has left something behind; 0 for others.
func (a Answer) AnswerStatus() int { return a.status }

// AnswerHeader tells when the first request with the key was made.
func (a Answer) AnswerHeader() http.Header {
	h := http.Header{}
	if a.firstAt != 0 {
		h.Set("X-GCS-Idempotence-Request-Timestamp", strconv.FormatInt(a.firstAt, 10))
	}
	return h
}

// Claim names the work that a request with an idempotence key asks for.
func Claim(r *binding.Request) string {
	key := r.Header.Get(keyHeader)
	if key == "" || r.Method != http.MethodPost {
		return ""
	}
	return r.Path + "\x01" + key
}

// Once does the work unless its key was used before; then it gives the answer of that time, whatever is asked now. While
// the first request with the key has no answer yet, others are refused. An output that is [binding.Statused] is kept with
// its status.
func Once[T any](d *worldline.Worldline, c *binding.Call, work func() (T, error)) (Answer, error) {
	merchant, path, key := c.Request.Vars["merchantId"], c.Request.Path, c.Request.Header.Get(keyHeader)
	if old, ok := d.Recall(c.Tx, merchant, path, key); key != "" && ok {
		return Answer{status: old.Status, body: old.Body, firstAt: old.At.UnixMilli()}, nil
	}
	if c.Contended() {
		return Answer{}, &worldline.Error{
			Code: worldline.KeyInUse, Rule: "worldline.idempotence.in-progress", Message: "the first request with this idempotence key is still being processed",
		}
	}
	out, err := work()
	if err != nil {
		return Answer{}, err
	}
	a := Answer{}
	if a.body, err = json.Marshal(out); err != nil {
		return Answer{}, fmt.Errorf("render the answer to %s: %w", path, err)
	}
	if statused, ok := any(out).(binding.Statused); ok {
		a.status = statused.AnswerStatus()
	}
	if key != "" {
		d.Remember(c.Tx, worldline.Answer{MerchantID: merchant, Path: path, Key: key, Status: a.status, Body: a.body})
	}
	return a, nil
}

package features

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	jsonv1 "github.com/go-json-experiment/json/v1"
)

// wire sends requests and reads their answers whole.
type wire struct{ http *http.Client }

// request is one HTTP request. Its body is nil, url.Values for a form, or anything else for JSON.
type request struct {
	method, url string
	header      map[string]string
	body        any
}

// reply is an answer, whatever its status.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// maxReply bounds what is read of an answer.
const maxReply = 64 << 20

// send carries a request out. The error means that there was no whole answer.
func (w wire) send(ctx context.Context, r request) (reply, error) {
	body, contentType, err := r.encode()
	if err != nil {
		return reply{}, fmt.Errorf("encode %s %s: %w", r.method, r.url, err)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, body)
	if err != nil {
		return reply{}, err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	res, err := w.http.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxReply))
	if err != nil {
		return reply{}, fmt.Errorf("read answer of %s %s: %w", r.method, r.url, err)
	}
	return reply{res.StatusCode, res.Header, raw}, nil
}

// call is send for requests that have to succeed; into, unless nil, receives the JSON of the answer.
func (w wire) call(ctx context.Context, r request, into any) error {
	answer, err := w.send(ctx, r)
	if err != nil {
		return err
	}
	if answer.status >= http.StatusBadRequest {
		return &unexpected{r.method, r.url, answer}
	}
	if into == nil || len(answer.body) == 0 {
		return nil
	}
	if err := jsonv1.Unmarshal(answer.body, into); err != nil {
		return fmt.Errorf("decode answer of %s %s: %w", r.method, r.url, err)
	}
	return nil
}

func (r request) encode() (io.Reader, string, error) {
	switch body := r.body.(type) {
	case nil:
		return http.NoBody, "", nil
	case url.Values:
		return strings.NewReader(body.Encode()), "application/x-www-form-urlencoded", nil
	default:
		raw, err := json.Marshal(body)
		return bytes.NewReader(raw), "application/json", err
	}
}

// unexpected is an error status where success was needed.
type unexpected struct {
	method, url string
	reply       reply
}

func (u *unexpected) Error() string {
	body := string(u.reply.body)
	if len(body) > 500 {
		body = body[:500] + "…"
	}
	return fmt.Sprintf("%s %s: status %d: %s", u.method, u.url, u.reply.status, body)
}

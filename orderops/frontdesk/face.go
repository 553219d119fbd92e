package frontdesk

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json/v1"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// Answer is what an operation of a face comes to.
type Answer struct {
	Status int
	// Body is sent as JSON.
	Body any
	// ContentType is that of the face when it is empty.
	ContentType string
	Location    string
	// RetryAfter is in seconds; zero announces none.
	RetryAfter int
}

// Operation is one operation of a face. It returns an answer or an error; only the face writes.
type Operation func(ctx context.Context, r *http.Request) (Answer, error)

// Face is what the operations of all faces towards channels have in common.
type Face struct {
	Gate *Gate
	Log  *slog.Logger
	// ContentType is that of answers that name none.
	ContentType string
	// Refused words an error as the face's clients expect it.
	Refused func(ctx context.Context, r *http.Request, err error) Answer
}

// maxRequest bounds a request body, in bytes.
const maxRequest = 1 << 20

// Serve makes an operation a handler: the request gets its scope and its place in the trace, its caller is proved and it is
// held against the document; then the answer, or the refusal, is held against it too, written and logged.
func (f Face) Serve(op Operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scope, err := f.Gate.Scope(r)
		ctx, answered := f.Gate.Watch.Inbound(r.Context(), f.operation(r), scope.TraceParent)
		scope.TraceParent = f.Gate.Watch.TraceParent(ctx)
		ctx = remote.WithScope(ctx, scope)
		w.Header().Set("correlation-id", scope.CorrelationID)
		var out Answer
		if err == nil {
			ctx, out, err = f.run(ctx, w, r, op)
		}
		if err != nil {
			out = f.Refused(ctx, r, err)
		}
		out.Status = f.write(ctx, w, r, out)
		answered(out.Status)
		f.Log.InfoContext(ctx, "request", "method", r.Method, "route", r.Pattern, "status", out.Status,
			"correlation_id", scope.CorrelationID, "sandbox", scope.Sandbox, "actor", IdentityOf(ctx).Actor())
	})
}

// operation is the documented name of a request's operation, or its route.
func (f Face) operation(r *http.Request) string {
	if id := f.Gate.Guard.Operation(r.Pattern); id != "" {
		return id
	}
	return "unknown"
}

// run proves the caller and runs the operation. The context is that in which the caller is known.
func (f Face) run(ctx context.Context, w http.ResponseWriter, r *http.Request, op Operation) (context.Context, Answer, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return ctx, Answer{}, orderops.Refuse(orderops.InvalidRequest, "the body cannot be read, or is too large")
	}
	if ctx, err = f.Gate.admit(ctx, r); err != nil {
		return ctx, Answer{}, err
	}
	r = r.WithContext(ctx)
	if err := f.Gate.Guard.Request(r, body); err != nil {
		return ctx, Answer{}, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	out, err := op(ctx, r)
	return ctx, out, err
}

// write sends an answer and says with what status. Every answer is held against the document first; one that is not as
// documented is told of, and not sent where answers are held to it strictly.
func (f Face) write(ctx context.Context, w http.ResponseWriter, r *http.Request, out Answer) int {
	body, err := encoded(out.Body)
	unsendable := err != nil
	f.head(w, out)
	if err == nil {
		err = f.Gate.Guard.Answer(r, out.Status, w.Header(), body)
	}
	if err != nil {
		f.offSpec(ctx, r, err)
	}
	if unsendable || err != nil && f.Gate.Strict {
		out = f.Refused(ctx, r, orderops.Refuse(orderops.InternalError, ""))
		body, _ = encoded(out.Body) // a refusal is made of words and numbers
		f.head(w, out)
	}
	w.WriteHeader(out.Status)
	if _, err := w.Write(body); err != nil {
		f.Log.WarnContext(ctx, "answer not sent", "error", err.Error())
	}
	return out.Status
}

func (f Face) offSpec(ctx context.Context, r *http.Request, err error) {
	f.Gate.Watch.OffSpec(f.operation(r))
	f.Log.ErrorContext(ctx, "answer off its document", "route", r.Pattern, "error", err.Error(), "correlation_id", remote.ScopeOf(ctx).CorrelationID)
}

// encoded writes a body as encoding/json would, in less time.
func encoded(body any) ([]byte, error) {
	text, err := json.Marshal(body)
	return append(text, '\n'), err
}

func (f Face) head(w http.ResponseWriter, out Answer) {
	if out.ContentType == "" {
		out.ContentType = f.ContentType
	}
	h := w.Header()
	h.Set("Content-Type", out.ContentType)
	h.Set("Cache-Control", "no-store")
	for name, value := range map[string]string{"Location": out.Location, "Retry-After": ""} {
		h.Del(name)
		if value != "" {
			h.Set(name, value)
		}
	}
	if out.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(out.RetryAfter))
	}
}

package frontdesk

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"

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
	Gate Gate
	Log  *slog.Logger
	// ContentType is that of answers that name none.
	ContentType string
	// Refused words an error as the face's clients expect it.
	Refused func(ctx context.Context, r *http.Request, err error) Answer
}

// maxRequest bounds a request body, in bytes.
const maxRequest = 1 << 20

// Serve makes an operation a handler: the request gets its scope, the answer or the refusal is written and logged.
func (f Face) Serve(op Operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scope, err := f.Gate.Scope(r)
		ctx := remote.WithScope(r.Context(), scope)
		w.Header().Set("correlation-id", scope.CorrelationID)
		r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
		var out Answer
		if err == nil {
			ctx, err = f.Gate.admit(ctx, r)
		}
		if err == nil {
			out, err = op(ctx, r.WithContext(ctx))
		}
		if err != nil {
			out = f.Refused(ctx, r, err)
		}
		f.write(ctx, w, out)
		f.Log.InfoContext(ctx, "request", "method", r.Method, "route", r.Pattern, "status", out.Status,
			"correlation_id", scope.CorrelationID, "sandbox", scope.Sandbox)
	})
}

func (f Face) write(ctx context.Context, w http.ResponseWriter, out Answer) {
	if out.ContentType == "" {
		out.ContentType = f.ContentType
	}
	w.Header().Set("Content-Type", out.ContentType)
	w.Header().Set("Cache-Control", "no-store")
	if out.Location != "" {
		w.Header().Set("Location", out.Location)
	}
	if out.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(out.RetryAfter))
	}
	w.WriteHeader(out.Status)
	if err := json.NewEncoder(w).Encode(out.Body); err != nil {
		f.Log.WarnContext(ctx, "answer not sent", "error", err.Error())
	}
}

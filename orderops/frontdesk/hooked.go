package frontdesk

import (
	"context"

	"github.com/somsim/somsim/orderops/identity"
)

// WithIdentity attaches who asks to a context, as proved by somebody whose word counts: commerce, when it calls a hook in the
// middle of a shopper's request.
func WithIdentity(ctx context.Context, id identity.Identity) context.Context {
	return withIdentity(ctx, id)
}

package remote

import "context"

// DefaultSandbox is the world that is meant when none is named; production has no other.
const DefaultSandbox = "default"

// Scope is what accompanies every outbound call made for one inbound request or one command.
type Scope struct {
	// Sandbox is always DefaultSandbox in production, where a sandbox named from outside is dropped on arrival.
	Sandbox string
	// Forward says that the sandbox is told to the systems behind (simulation mode only).
	Forward       bool
	CorrelationID string
	TraceParent   string
	// Patient says that something is to be changed: its calls rather wait for a place than give up.
	Patient bool
}

type scopeKey struct{}

// WithScope attaches the scope to a context.
func WithScope(ctx context.Context, s Scope) context.Context {
	return context.WithValue(ctx, scopeKey{}, s)
}

// ScopeOf returns the scope of a context; without one, that of the default world.
func ScopeOf(ctx context.Context) Scope {
	s, ok := ctx.Value(scopeKey{}).(Scope)
	if !ok || s.Sandbox == "" {
		s.Sandbox = DefaultSandbox
	}
	return s
}

// Credential is how an identifier is written for the sandbox of ctx: the simulator reads `name~SANDBOX`. In production,
// and in the default sandbox, it is the identifier itself.
func (s Scope) Credential(id string) string {
	if !s.Forward || s.Sandbox == DefaultSandbox {
		return id
	}
	return id + "~" + s.Sandbox
}

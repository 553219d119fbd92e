package binding

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
)

// Router serves all faces of a listener from one mux.
type Router struct {
	worlds   *sandbox.Worlds
	redactor *journal.Redactor
	log      *slog.Logger
	outbound Outbound
	mux      *mux.Router
	ops      []*operation
	faces    []*Face
	claims   claims
}

// Options are what a router needs besides its faces.
type Options struct {
	Worlds   *sandbox.Worlds
	Redactor *journal.Redactor
	Log      *slog.Logger
	// Outbound makes the calls that handlers ask for; nil where none does.
	Outbound Outbound
}

// NewRouter loads every face and mounts its operations; all mismatches between documents and tables come back at once.
func NewRouter(o Options, faces ...*Face) (*Router, error) {
	r := &Router{worlds: o.Worlds, redactor: o.Redactor, log: o.Log, outbound: o.Outbound, faces: faces}
	r.mux = mux.NewRouter().SkipClean(true).UseEncodedPath()
	var problems []error
	for _, f := range faces {
		ops, err := load(f)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		r.ops = append(r.ops, ops...)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return r, r.mount()
}

// mount registers one route a path. Paths are grouped by their first segment, so that a request is compared with the
// routes of its own API only.
func (r *Router) mount() error {
	groups := map[string]*mux.Router{}
	paths := map[string]*pathHandler{}
	for _, op := range r.ops {
		if h := paths[op.path]; h != nil {
			if h.face != op.face || h.methods[op.method] != nil {
				return fmt.Errorf("%s and %s both have %s %s", h.face.SpecFile, op.face.SpecFile, op.method, op.path)
			}
			h.methods[op.method] = op
			continue
		}
		group := "/" + strings.SplitN(op.path, "/", 3)[1]
		if strings.Contains(group, "{") {
			return fmt.Errorf("%s: the first segment of %s is variable", op.face.SpecFile, op.path)
		}
		if groups[group] == nil {
			groups[group] = r.mux.PathPrefix(group).Subrouter()
		}
		h := &pathHandler{router: r, face: op.face, methods: map[string]*operation{op.method: op}}
		paths[op.path] = h
		groups[group].Handle(strings.TrimPrefix(op.path, group), h)
		if op.face.TrailingSlash {
			groups[group].Handle(strings.TrimPrefix(op.path, group)+"/", h)
		}
	}
	return nil
}

// ServeHTTP answers one request.
func (r *Router) ServeHTTP(w http.ResponseWriter, hr *http.Request) {
	if preflight(w, hr) {
		return
	}
	hr = normalized(hr)
	// The router is asked for its match only: serving through it would copy the request for what the match says already.
	var match mux.RouteMatch
	if r.mux.Match(hr, &match) {
		if h, ok := match.Handler.(*pathHandler); ok {
			op, err := h.operation(hr)
			r.serve(w, hr, match.Vars, h.face, op, err)
			return
		}
	}
	r.notFound(w, hr)
}

// pathHandler holds the operations of one path.
type pathHandler struct {
	router  *Router
	face    *Face
	methods map[string]*operation
}

// ServeHTTP makes the handler one that the router can hold; requests come through [Router.ServeHTTP].
func (h *pathHandler) ServeHTTP(w http.ResponseWriter, hr *http.Request) { h.router.ServeHTTP(w, hr) }

func (h *pathHandler) operation(hr *http.Request) (*operation, error) {
	method := hr.Method
	if h.face.Method != nil {
		method = h.face.Method(hr)
	}
	op := h.methods[method]
	if op == nil && method == http.MethodHead {
		op = h.methods[http.MethodGet]
	}
	if op == nil {
		return nil, &MethodNotAllowed{Method: method, Allowed: h.allowed()}
	}
	return op, nil
}

func (h *pathHandler) allowed() []string {
	methods := make([]string, 0, len(h.methods))
	for m := range h.methods {
		methods = append(methods, m)
	}
	slices.Sort(methods)
	return methods
}

// notFound answers in the shape of the vendor whose API the path looks like.
func (r *Router) notFound(w http.ResponseWriter, hr *http.Request) {
	face := r.faces[0]
	longest := -1
	for _, op := range r.ops {
		if n := commonPrefix(op.path, hr.URL.Path); n > longest {
			face, longest = op.face, n
		}
	}
	r.serve(w, hr, nil, face, nil, &NotFound{Path: hr.URL.Path})
}

// commonPrefix says how much of their beginning two paths share: two for each segment, a variable matching any, and one for
// a last segment that is of the same family, as the methods of "accounts." are.
func commonPrefix(template, path string) int {
	a, b := strings.Split(template, "/"), strings.Split(path, "/")
	n := 0
	for n < len(a) && n < len(b) && (a[n] == b[n] || strings.HasPrefix(a[n], "{")) {
		n++
	}
	if n < len(a) && n < len(b) {
		if family, _, dotted := strings.Cut(b[n], "."); dotted && family != "" && strings.HasPrefix(a[n], family+".") {
			return 2*n + 1
		}
	}
	return 2 * n
}

// Operation describes one simulated operation.
type Operation struct {
	System, Face, Method, Path, ID string
	Summary                        string
	// Example is why the operation is not stateful; empty when it is.
	Example string
}

// Operations lists every mounted operation by system, path and method.
func (r *Router) Operations() []Operation {
	out := make([]Operation, 0, len(r.ops))
	for _, op := range r.ops {
		out = append(out, Operation{op.face.System, op.face.Name, op.method, op.path, op.id, op.summary, op.example})
	}
	slices.SortFunc(out, func(a, b Operation) int {
		return strings.Compare(a.System+a.Path+a.Method, b.System+b.Path+b.Method)
	})
	return out
}

// TakesRecords reports whether an operation is carried out record by record, so that some of them can fail.
func (r *Router) TakesRecords(system, id string) bool {
	return slices.ContainsFunc(r.ops, func(op *operation) bool { return op.face.System == system && op.id == id && op.records })
}

// Knows reports whether a system has an operation of that id, or exists at all when the id is empty. Without a system,
// any may have it.
func (r *Router) Knows(system, id string) bool {
	return slices.ContainsFunc(r.ops, func(op *operation) bool {
		return (system == "" || op.face.System == system) && (id == "" || op.id == id)
	})
}

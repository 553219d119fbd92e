// Package control serves the control plane: sandboxes, clocks, faults and the journal. It is an API of the simulator and
// of no vendor, with a document of its own, and it never shares a listener with the simulated systems.
package control

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/choice"
	"github.com/somsim/somsim/simulator/courier"
	"github.com/somsim/somsim/simulator/invariant"
	"github.com/somsim/somsim/simulator/sandbox"
)

// Config is what the control plane steers.
type Config struct {
	// Spec is the control plane's own OpenAPI document.
	Spec   []byte
	Worlds *sandbox.Worlds
	// Simulated is the router of the simulated systems: its operations can be listed and struck by faults.
	Simulated *binding.Router
	// Invariants returns what contradicts an invariant in a sandbox.
	Invariants func(tx *sandbox.Tx) []invariant.Violation
	// Egress tells whether an address may be called by the simulator.
	Egress func(address string) error
	Client *http.Client
	Quota  Quota
	Events Events
	// Choices are what holds where the vendors leave it open.
	Choices choice.Values
	// Knowledge is what the simulator says of its rules and life cycles.
	Knowledge Knowledge
	// Courier delivers what the simulated systems tell others.
	Courier *courier.Courier
	// Warehouse moves goods.
	Warehouse Warehouse
	// Tracking is the analytics collector.
	Tracking Tracking
	// Payments is the payment platform.
	Payments Payments
	// Commerce steers B2C Commerce.
	Commerce       Commerce
	CommerceOrders CommerceOrders
	// Elapsed arms rules about elapsed time.
	Elapsed ElapsedRules
	// Mailbox holds what shoppers were mailed.
	Mailbox Mailbox
}

// API is the control plane.
type API struct{ Config }

// Face returns the control plane ready to be mounted.
func Face(c Config) *binding.Face {
	a := &API{c}
	return &binding.Face{
		System: "control", Name: "control", Spec: c.Spec, SpecFile: "control/openapi.yaml",
		Operations: a.operations(), Errors: failure, Plain: true, OnlyKnownQuery: true,
	}
}

func (a *API) operations() map[string]binding.Handler {
	return map[string]binding.Handler{
		"health":             binding.JSON(a.health),
		"listOperations":     binding.JSON(a.listOperations),
		"listPresets":        binding.JSON(a.listPresets),
		"listRules":          binding.JSON(a.listRules),
		"listStates":         binding.JSON(a.listStates),
		"listChoices":        binding.JSON(a.listChoices),
		"listSandboxes":      binding.JSON(a.listSandboxes),
		"createSandbox":      binding.JSON(a.createSandbox),
		"getSandbox":         binding.JSON(a.getSandbox),
		"deleteSandbox":      binding.JSON(a.deleteSandbox),
		"forkSandbox":        binding.JSON(a.forkSandbox),
		"getClock":           binding.JSON(a.getClock),
		"setClock":           binding.JSON(a.setClock),
		"advanceClock":       binding.JSON(a.advanceClock),
		"listFaults":         binding.JSON(a.listFaults),
		"armFault":           binding.JSON(a.armFault),
		"disarmFaults":       binding.JSON(a.disarmFaults),
		"checkInvariants":    binding.JSON(a.checkInvariants),
		"getWarehouse":       binding.JSON(a.getWarehouse),
		"setWarehouse":       binding.JSON(a.setWarehouse),
		"listTrackedEvents":  binding.JSON(a.listTrackedEvents),
		"actAsPayer":         binding.JSON(a.actAsPayer),
		"getPayments":        binding.JSON(a.getPayments),
		"setPayments":        binding.JSON(a.setPayments),
		"getQuota":           binding.JSON(a.getQuota),
		"setQuota":           binding.JSON(a.setQuota),
		"getOCAPISettings":   binding.JSON(a.getOCAPISettings),
		"setOCAPISettings":   binding.JSON(a.setOCAPISettings),
		"resetOCAPISettings": binding.JSON(a.resetOCAPISettings),
		"getHooks":           binding.JSON(a.getHooks),
		"setHooks":           binding.JSON(a.setHooks),
		"resetHooks":         binding.JSON(a.resetHooks),
		"getHybrid":          binding.JSON(a.getHybrid),
		"setHybrid":          binding.JSON(a.setHybrid),
		"getOrderExport":     binding.JSON(a.getOrderExport),
		"setOrderExport":     binding.JSON(a.setOrderExport),
		"getOrderSearch":     binding.JSON(a.getOrderSearch),
		"setOrderSearch":     binding.JSON(a.setOrderSearch),
		"getOrderAttributes": binding.JSON(a.getOrderAttributes),
		"setOrderAttributes": binding.JSON(a.setOrderAttributes),
		"getElapsedRules":    binding.JSON(a.getElapsedRules),
		"armElapsedRules":    binding.JSON(a.armElapsedRules),
		"readMailbox":        binding.JSON(a.readMailbox),
		"listTargets":        binding.JSON(a.listTargets),
		"registerTarget":     binding.JSON(a.registerTarget),
		"dropTarget":         binding.JSON(a.dropTarget),
		"listEvents":         binding.JSON(a.listEvents),
		"readJournal":        binding.JSON(a.readJournal),
		"listDueWork":        binding.JSON(a.listDueWork),
		"awaitJournal":       binding.JSON(a.awaitJournal),
		"registerService":    binding.JSON(a.registerService),
	}
}

// problem is a refusal of the control plane.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func (p *problem) Error() string { return p.Detail }

func refuse(status int, format string, args ...any) error {
	return &problem{Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

// failure is the one place where an error becomes an answer.
func failure(_ *binding.Call, err error) *binding.Response {
	status := http.StatusInternalServerError
	var (
		refused    *problem
		invalid    *binding.InvalidRequest
		notFound   *binding.NotFound
		notAllowed *binding.MethodNotAllowed
		tooLarge   *binding.TooLarge
	)
	switch {
	case errors.As(err, &refused):
		status = refused.Status
	case errors.As(err, &invalid), errors.Is(err, sandbox.ErrName), errors.Is(err, sandbox.ErrPreset):
		status = http.StatusBadRequest
	case errors.As(err, &notFound), errors.Is(err, sandbox.ErrUnknown):
		status = http.StatusNotFound
	case errors.As(err, &notAllowed):
		status = http.StatusMethodNotAllowed
	case errors.As(err, &tooLarge):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, sandbox.ErrExists):
		status = http.StatusConflict
	}
	return binding.JSONResponse(status, problem{http.StatusText(status), status, err.Error()})
}

type noInput struct{}

type named struct {
	Name string `path:"name"`
}

func (a *API) world(name string) (*sandbox.World, error) {
	w, ok := a.Worlds.Get(name)
	if !ok {
		return nil, fmt.Errorf("%w: %q", sandbox.ErrUnknown, name)
	}
	return w, nil
}

type healthOutput struct {
	Status   string       `json:"status"`
	Journals journalsWire `json:"journals"`
}

type journalsWire struct {
	Bytes   int64 `json:"bytes"`
	Limit   int64 `json:"limit"`
	Evicted int64 `json:"evicted"`
}

func (a *API) health(*binding.Call, noInput) (healthOutput, error) {
	return healthOutput{Status: "ok", Journals: journalsWire(a.Worlds.Journals())}, nil
}

type operationsOutput struct {
	Operations []operationWire `json:"operations"`
}

func (a *API) listOperations(*binding.Call, noInput) (operationsOutput, error) {
	var out operationsOutput
	for _, op := range a.Simulated.Operations() {
		out.Operations = append(out.Operations, toOperationWire(op))
	}
	return out, nil
}

type presetsOutput struct {
	Presets []string `json:"presets"`
}

func (a *API) listPresets(*binding.Call, noInput) (presetsOutput, error) {
	return presetsOutput{a.Worlds.PresetNames()}, nil
}

// knows reports whether a simulated system answers an operation of that id or delivers under it, as [binding.Router.Knows] does.
func (a *API) knows(system, id string) bool {
	return a.Simulated.Knows(system, id) || a.Courier.Knows(system, id)
}

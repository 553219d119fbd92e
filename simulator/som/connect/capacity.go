package connect

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
)

type capacityRequests struct {
	AllOrNothing     bool `json:"allOrNothing"`
	CapacityRequests []struct {
		ActionRequestID string `json:"actionRequestId"`
		LocationID      string `json:"locationId"`
	} `json:"capacityRequests"`
}

type capacityResponses struct {
	CapacityResponses []capacityResponse `json:"capacityResponses"`
}

type capacityResponse struct {
	ActionRequestID string       `json:"actionRequestId"`
	Success         bool         `json:"success"`
	Error           *outputError `json:"error"`
}

type holdInput struct {
	Body struct {
		Requests []capacityRequests `json:"holdFOCapacityRequests"`
	}
}

type confirmInput struct {
	Body struct {
		Requests []capacityRequests `json:"confirmHeldFOCapacityRequests"`
	}
}

type releaseInput struct {
	Body struct {
		Requests []capacityRequests `json:"releaseHeldFOCapacityRequests"`
	}
}

type holdOutput struct {
	baseOutput
	Responses []capacityResponses `json:"holdFOCapacityResponses"`
}

type confirmOutput struct {
	baseOutput
	Responses []capacityResponses `json:"confirmHeldFOCapacityResponses"`
}

type releaseOutput struct {
	baseOutput
	Responses []capacityResponses `json:"releaseHeldFOCapacityResponses"`
}

func (a *API) holdCapacity(c *binding.Call, in holdInput) (holdOutput, error) {
	base, responses := a.capacities(c, in.Body.Requests, a.domain().HoldCapacity)
	return holdOutput{base, responses}, nil
}

func (a *API) confirmHeldCapacity(c *binding.Call, in confirmInput) (confirmOutput, error) {
	base, responses := a.capacities(c, in.Body.Requests, a.domain().ConfirmCapacity)
	return confirmOutput{base, responses}, nil
}

func (a *API) releaseHeldCapacity(c *binding.Call, in releaseInput) (releaseOutput, error) {
	base, responses := a.capacities(c, in.Body.Requests, a.domain().ReleaseCapacity)
	return releaseOutput{base, responses}, nil
}

// capacities runs the requests; one that is refused says so and leaves those of other groups alone.
func (a *API) capacities(
	c *binding.Call, groups []capacityRequests, do func(*sandbox.Tx, []som.CapacityRequest, bool) []som.CapacityResult,
) (baseOutput, []capacityResponses) {
	base, out := a.succeeded(), []capacityResponses{}
	for _, g := range groups {
		var requests []som.CapacityRequest
		for _, r := range g.CapacityRequests {
			requests = append(requests, som.CapacityRequest(r))
		}
		answer := capacityResponses{CapacityResponses: []capacityResponse{}}
		for _, r := range do(c.Tx, requests, g.AllOrNothing) {
			one := capacityResponse{ActionRequestID: r.ActionRequestID, Success: r.Refusal == nil, Error: a.told(c, r.Refusal)}
			base.Success = base.Success && one.Success
			answer.CapacityResponses = append(answer.CapacityResponses, one)
		}
		out = append(out, answer)
	}
	return base, out
}

// told is a refusal inside an output, or nil; the journal notes its rule.
func (a *API) told(c *binding.Call, refusal *som.Error) *outputError {
	if refusal == nil {
		return nil
	}
	c.Note(refusal)
	f := a.platform.Explain(c, refusal)
	return &outputError{f.Code, f.Message}
}

type capacityValuesInput struct {
	Body struct {
		LocationIDs []string `json:"locationIds"`
	}
}

type capacityValuesOutput struct {
	baseOutput
	Locations []capacityValues `json:"locations"`
}

type capacityValues struct {
	LocationID   string       `json:"locationId"`
	Capacity     *int64       `json:"capacity"`
	Assigned     int64        `json:"assigned"`
	HeldCapacity int64        `json:"heldCapacity"`
	Error        *outputError `json:"error"`
}

// getCapacityValues tells what locations have; the capacity of one that does not count is null.
func (a *API) getCapacityValues(c *binding.Call, in capacityValuesInput) (capacityValuesOutput, error) {
	out := capacityValuesOutput{a.succeeded(), []capacityValues{}}
	for _, v := range a.domain().Capacities(c.Tx, in.Body.LocationIDs) {
		one := capacityValues{LocationID: v.LocationID, Assigned: v.Assigned, HeldCapacity: v.Held, Error: a.told(c, v.Refusal)}
		if v.Refusal == nil && v.Total >= 0 {
			one.Capacity = &v.Total
		}
		out.Success = out.Success && one.Error == nil
		out.Locations = append(out.Locations, one)
	}
	return out, nil
}

package operatorapi

import (
	"net/http"
	"time"
)

// instance is an instance on the wire.
type instance struct {
	Name      string    `json:"name"`
	Alive     bool      `json:"alive"`
	Host      string    `json:"host,omitempty"`
	Process   int       `json:"process,omitempty"`
	StartedAt time.Time `json:"started_at"`
	SeenAt    time.Time `json:"seen_at"`
	AdoptedBy string    `json:"adopted_by,omitempty"`
}

func (a *API) listInstances(r *http.Request) (any, error) {
	list, err := a.Attention.Instances(r.Context())
	if err != nil {
		return nil, err
	}
	page := struct {
		Instances []instance `json:"instances"`
	}{make([]instance, 0, len(list))}
	for _, one := range list {
		page.Instances = append(page.Instances, instance(one))
	}
	return page, nil
}

func (a *API) adoptInstance(r *http.Request) (any, error) {
	in, err := decisionOf(r)
	if err != nil {
		return nil, err
	}
	if in.Note != "" {
		return nil, refuse(invalidRequest, "an adoption takes no note")
	}
	done, err := a.Adopter.Adopt(r.Context(), r.PathValue("name"), in.By)
	return struct {
		Workflows int `json:"workflows"`
		Started   int `json:"started"`
	}{done.Workflows, done.Started}, err
}

package somrest

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
)

// listComposites names the resources that hold requests.
func (a *API) listComposites(c *binding.Call) (*binding.Response, error) {
	base := "/services/data/" + c.Request.Vars["version"] + "/composite"
	all := map[string]string{"batch": base + "/batch", "sobjects": base + "/sobjects", "tree": base + "/tree"}
	if Version(c.Request) >= graphSince {
		all["graph"] = base + "/graph"
	}
	return binding.JSONResponse(http.StatusOK, all), nil
}

// graphSince is the API version that brought graphs.
const graphSince = 50

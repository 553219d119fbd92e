package somrest

import (
	"fmt"
	"strconv"

	"github.com/somsim/somsim/simulator/binding"
)

// The API versions that are served; the oldest is the first with Order Management.
const (
	oldestVersion = 48
	newestVersion = 67
)

type versionDocument struct {
	Label   string `json:"label"`
	URL     string `json:"url"`
	Version string `json:"version"`
}

func (a *API) listVersions(_ *binding.Call, _ struct{}) ([]versionDocument, error) {
	var all []versionDocument
	for n := oldestVersion; n <= newestVersion; n++ {
		all = append(all, versionDocument{
			Label: releaseName(n), URL: "/services/data/v" + versionNumber(n), Version: versionNumber(n),
		})
	}
	return all, nil
}

func versionNumber(n int) string { return strconv.Itoa(n) + ".0" }

// releaseName is the name of the release that brought a version: three a year, 48 being Spring '20. Winter carries the
// year to come.
func releaseName(version int) string {
	season := [...]string{"Spring", "Summer", "Winter"}[(version-oldestVersion)%3]
	year := 20 + (version-oldestVersion)/3
	if season == "Winter" {
		year++
	}
	return fmt.Sprintf("%s '%d", season, year)
}

// resources are what stands right below a version.
func resources() []string {
	return []string{"commerce", "composite", "limits", "parameterizedSearch", "query", "queryAll", "recent", "search", "sobjects"}
}

// listResources names the resources of a version with their addresses.
func (a *API) listResources(c *binding.Call, _ struct{}) (map[string]string, error) {
	base := "/services/data/" + c.Request.Vars["version"]
	all := map[string]string{"identity": identityURL(c, c.Principal.ID)}
	for _, name := range resources() {
		all[name] = base + "/" + name
	}
	return all, nil
}

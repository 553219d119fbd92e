package somrest

import (
	"fmt"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// counted reports whether a request counts towards the org's limit: those of the data API and of the resources beside it
// do, those that log in or ask who is logged in do not.
func counted(r *binding.Request) bool { return strings.HasPrefix(r.Path, "/services/data/") }

// countUsage counts a request and says on its answer how much of the limit is used.
func (a *API) countUsage(c *binding.Call, resp *binding.Response) {
	if !counted(c.Request) {
		return
	}
	usage := usageHeader(a.domain.CountRequest(c.Tx))
	if a.choices.AppUsage && c.Principal.Client != "" { // all requests are of apps, and no app has a limit of its own
		usage += strings.Replace(usage, "api-usage", "; per-app-api-usage", 1) + "(appName=" + c.Principal.Client + ")"
	}
	resp.Header.Set("Sforce-Limit-Info", usage)
}

func usageHeader(u som.Usage) string { return fmt.Sprintf("api-usage=%d/%d", u.Used, u.Max) }

// allowance is one limit of an org.
type allowance struct {
	Max       int `json:"Max"`
	Remaining int `json:"Remaining"`
}

// recordSize is what a row counts for in an org's data storage, in bytes, whatever it holds.
// Source: Help, "Data and File Storage Allocations".
const recordSize = 2048

// limits tells what the org may use up and what is left of it. API requests and data storage are counted. Nothing in the
// simulation uses up the rest, which are the numbers of a developer org (recalled).
func (a *API) limits(c *binding.Call, _ struct{}) (map[string]allowance, error) {
	all := map[string]allowance{}
	for name, most := range unusedLimits() {
		all[name] = allowance{most, most}
	}
	used := a.domain.Usage(c.Tx)
	all["DailyApiRequests"] = allowance{used.Max, max(0, used.Max-used.Used-1)} // this request is counted when it is answered
	rows := 0
	for _, o := range a.catalog.Objects() {
		rows += a.domain.CountRows(c.Tx, o.Name)
	}
	const storageMB = 1024
	all["DataStorageMB"] = allowance{storageMB, max(0, storageMB-(rows*recordSize+1<<20-1)>>20)}
	return all, nil
}

// unusedLimits are the limits of what is not simulated, or not bounded in the simulation.
func unusedLimits() map[string]int {
	return map[string]int{
		"ConcurrentAsyncGetReportInstances": 200, "ConcurrentSyncReportRuns": 20, "DailyAsyncApexExecutions": 250000,
		"DailyBulkApiBatches": 15000, "DailyBulkV2QueryFileStorageMB": 976562, "DailyBulkV2QueryJobs": 10000,
		"DailyDeliveredPlatformEvents": 10000, "DailyDurableStreamingApiEvents": 10000, "DailyGenericStreamingApiEvents": 10000,
		"DailyStandardVolumePlatformEvents": 10000, "DailyStreamingApiEvents": 10000, "DailyWorkflowEmails": 1000,
		"FileStorageMB": 20, "HourlyAsyncReportRuns": 1200, "HourlyPublishedPlatformEvents": 50000,
		"HourlyPublishedStandardVolumePlatformEvents": 1000, "HourlySyncReportRuns": 500, "HourlyTimeBasedWorkflow": 50,
		"MassEmail": 10, "MonthlyPlatformEvents": 300000, "SingleEmail": 15, "StreamingApiConcurrentClients": 20,
	}
}

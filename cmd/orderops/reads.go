package main

import (
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/orderops/history"
	"github.com/somsim/somsim/orderops/mapping"
	"github.com/somsim/somsim/orderops/returnby"
)

// readSettings are those of what is shown.
func readSettings() []settings.Setting {
	return []settings.Setting{
		{Name: "policies", Usage: "YAML file that says until when something can be returned; left out, 14 days from its arrival", Check: isPolicies},
		{Name: "mapping", Usage: "YAML file with custom fields of order management and the custom attributes of commerce that say the same", Check: isMapping},
		{
			Name: "tracking-links", Check: isTrackingLinks,
			Usage: "more carriers with the page that shows a parcel, as DHL=https://…?id={number},OTHER=…",
		},
	}
}

func isPolicies(path string) error {
	_, err := readPolicies(path)
	return err
}

// readPolicies reads the file of policies; without one there are none of our own.
func readPolicies(path string) (*returnby.Policies, error) {
	if path == "" {
		return returnby.Default(), nil
	}
	raw, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, err
	}
	p, err := returnby.Parse(raw)
	return p, inFile("policies", path, err)
}

func isMapping(path string) error {
	_, err := readMapping(path)
	return err
}

// readMapping reads the file of custom fields; without one the table is the standard one.
func readMapping(path string) (*mapping.Table, error) {
	if path == "" {
		return mapping.Standard()
	}
	raw, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, err
	}
	table, err := mapping.Parse(raw)
	return table, inFile("mapping", path, err)
}

// inFile begins each line of what is wrong with a file with the setting and the file's name; the settings begin the first.
func inFile(setting, path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %s", path, strings.ReplaceAll(err.Error(), "\n", "\n"+setting+": "+path+": "))
}

func isTrackingLinks(value string) error {
	_, err := trackingLinks(value)
	return err
}

// trackingLinks are the known carriers and those of the setting, which win.
func trackingLinks(value string) (history.TrackingLinks, error) {
	links := history.DefaultTrackingLinks()
	for _, pair := range strings.Split(value, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		carrier, page, _ := strings.Cut(pair, "=")
		u, err := url.Parse(strings.ReplaceAll(page, "{number}", "1"))
		if carrier = strings.TrimSpace(carrier); carrier == "" || err != nil || u.Scheme != "https" || !strings.Contains(page, "{number}") {
			return nil, fmt.Errorf("%q is not CARRIER=https://… with {number} in it", pair)
		}
		links[carrier] = strings.TrimSpace(page)
	}
	return links, nil
}

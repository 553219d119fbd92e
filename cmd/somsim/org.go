package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"

	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/choice"
	"github.com/somsim/somsim/simulator/som"
)

// orgSettings are what can be chosen about the simulated Salesforce org.
func orgSettings() []settings.Setting {
	return []settings.Setting{
		{Name: "som-objects", Usage: "folder with the org's own objects and fields, one YAML file each", Check: folder},
		{Name: "som-daily-api-requests", Fallback: "100000", Usage: "API requests that the org may make in 24 hours", Check: positive},
		{Name: "som-callbacks", Usage: "redirect URIs of the connected app beside those on this machine, with commas", Check: redirectURIs},
		choiceSetting(),
		{Name: "som-jwt-certificate", Usage: "PEM file that verifies the connected app's JWT bearer assertions", Check: certificate},
	}
}

func redirectURIs(value string) error {
	for _, one := range listed(value) {
		if u, err := url.Parse(one); err != nil || !u.IsAbs() || u.Fragment != "" {
			return fmt.Errorf("%q is not a redirect URI: it is absolute and has no fragment", one)
		}
	}
	return nil
}

func certificate(file string) error {
	_, err := readCertificate(file)
	return err
}

// readCertificate reads a certificate of RSA; no file is none.
func readCertificate(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	if err := som.CheckCertificate(string(text)); err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	return string(text), nil
}

func choiceSetting() settings.Setting {
	return settings.Setting{Name: "som-choices", Usage: "YAML file that chooses where the vendor leaves it open; somsim choices lists what there is", Check: choiceFile}
}

func choiceFile(file string) error {
	_, err := readChoices(file)
	return err
}

// readChoices reads what was chosen; no file chooses nothing.
func readChoices(file string) (choice.Values, error) {
	tables := simulator.ChoiceTables()
	if file == "" {
		return choice.Defaults(tables...), nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return choice.Values{}, err
	}
	return choice.Read(file, text, tables...)
}

// orgConfig turns checked settings into what the simulator wants to know of the org.
func orgConfig(v settings.Values) (simulator.Org, error) {
	daily, errDaily := strconv.Atoi(v["som-daily-api-requests"])
	pem, errPEM := readCertificate(v["som-jwt-certificate"])
	choices, errChoices := readChoices(v["som-choices"])
	org := simulator.Org{Settings: som.Settings{
		DailyRequests: daily, Callbacks: listed(v["som-callbacks"]), Certificate: pem, Choices: choices,
	}}
	if v["som-objects"] != "" {
		org.Objects = os.DirFS(v["som-objects"])
	}
	return org, errors.Join(errDaily, errPEM, errChoices)
}

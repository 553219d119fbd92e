package main

import (
	"errors"
	"fmt"

	"github.com/somsim/somsim/orderops/frontdesk"
	"github.com/somsim/somsim/orderops/mapping"
	"github.com/somsim/somsim/orderops/returnby"
)

// The files of order-ops that `up` takes too. Without one order-ops has what it has without one elsewhere.

func isPolicies(path string) error {
	_, err := policiesIn(path)
	return err
}

func policiesIn(path string) (*returnby.Policies, error) {
	text, err := readFile(path)
	if err != nil || path == "" {
		return nil, err
	}
	policies, err := returnby.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return policies, nil
}

func isMapping(path string) error {
	_, err := mappingIn(path)
	return err
}

func mappingIn(path string) (*mapping.Table, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, err
	}
	if path == "" {
		return mapping.Standard()
	}
	table, err := mapping.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return table, nil
}

// areOrigins refuses a list with anything in it that is no origin of web pages, naming each.
func areOrigins(value string) error {
	var wrong []error
	for _, origin := range listed(value) {
		if err := frontdesk.CheckOrigin(origin); err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}

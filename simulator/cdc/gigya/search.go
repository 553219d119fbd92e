package gigya

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/somsim/somsim/simulator/cdc"
)

// accountsSearch finds accounts by a query.
func (a *API) accountsSearch(m *method) (answer, error) {
	if !m.server() {
		return answer{}, &cdc.Error{Code: cdc.PermissionDenied, Rule: "cdc.search.server", Details: "Accounts are searched by server applications alone."}
	}
	if err := m.required("query"); err != nil {
		return answer{}, err
	}
	found, err := a.domain.Search(m.Tx, m.text("query"))
	if err != nil {
		return answer{}, err
	}
	out := answer{TotalCount: &found.Total}
	if found.Count {
		counted := 1
		out.ObjectsCount = &counted
		out.Results = []map[string]json.RawMessage{{"count(*)": json.RawMessage(fmt.Sprint(found.Total))}}
		return out, nil
	}
	listed := len(found.Accounts)
	out.ObjectsCount, out.Results = &listed, []map[string]json.RawMessage{}
	for _, acc := range found.Accounts {
		result, err := m.selected(acc, found.Fields)
		if err != nil {
			return answer{}, err
		}
		out.Results = append(out.Results, result)
	}
	return out, nil
}

// selected is an account with the fields of a query, or all of it.
func (m *method) selected(acc cdc.Account, fields []string) (map[string]json.RawMessage, error) {
	text, err := json.Marshal(m.describeWith(acc, "profile", "data", "emails", "loginIDs"))
	if err != nil {
		return nil, fmt.Errorf("describe account %s: %w", acc.UID, err)
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(text, &whole); err != nil || fields == nil {
		delete(whole, "UIDSignature")
		delete(whole, "signatureTimestamp")
		return whole, err
	}
	out := map[string]json.RawMessage{}
	for _, field := range fields {
		if err := pick(out, whole, strings.Split(field, ".")); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// pick copies a property by its path.
func pick(to, from map[string]json.RawMessage, path []string) error {
	value, ok := from[path[0]]
	if !ok || len(path) == 1 {
		if ok {
			to[path[0]] = value
		}
		return nil
	}
	inner, outer := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if err := json.Unmarshal(value, &inner); err != nil {
		return nil // no object: it has no such property
	}
	if known, ok := to[path[0]]; ok {
		if err := json.Unmarshal(known, &outer); err != nil {
			return err
		}
	}
	if err := pick(outer, inner, path[1:]); err != nil {
		return err
	}
	text, err := json.Marshal(outer)
	to[path[0]] = text
	return err
}

// Package storefront is the pages of a hybrid site over package b2c: a progressive web app and SFRA under one address. It has
// no pages to look at; it redirects between the two as rules at the edge do, and carries a shopper's visit over.
package storefront

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/shoppertoken"
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/specs"
)

// API answers the operations of the face.
type API struct {
	domain *b2c.B2C
	key    *shoppertoken.Key
}

// New returns the face over a domain.
func New(d *b2c.B2C) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile("b2c/storefront.yaml")
	if err != nil {
		return nil, fmt.Errorf("b2c: %w", err)
	}
	listed, err := specs.FS.ReadFile("b2c/rules.yaml")
	if err != nil {
		return nil, fmt.Errorf("b2c: %w", err)
	}
	rules, err := binding.LoadRules(listed)
	if err != nil {
		return nil, fmt.Errorf("b2c/rules.yaml: %w", err)
	}
	key, err := shoppertoken.Open()
	if err != nil {
		return nil, err
	}
	a := &API{domain: d, key: key}
	return &binding.Face{
		System: "b2c", Name: "b2c/storefront", Spec: spec, SpecFile: "b2c/storefront.yaml", Errors: answerError, Rules: rules, TrailingSlash: true, Sandbox: sandboxOf,
		Operations: map[string]binding.Handler{
			"openHomePage": binding.Raw(a.open), "openPage": binding.Raw(a.open), "openPageBelow": binding.Raw(a.open), "openPageOf": binding.Raw(a.open),
		},
	}, nil
}

// open answers with a page, or sends the browser to the side that has it.
func (a *API) open(c *binding.Call) (*binding.Response, error) {
	site, err := a.domain.Site(c.Tx, c.Request.Vars["site"])
	if err != nil {
		return nil, err
	}
	page, side, id, err := found(c.Request.Vars)
	if err != nil {
		return nil, err
	}
	resp := &binding.Response{Status: http.StatusOK, Header: http.Header{}}
	owner := a.domain.ServedBy(c.Tx, page)
	visit, how, err := a.visit(c, resp, site, owner)
	if err != nil {
		return nil, err
	}
	if side != owner {
		c.Note(&b2c.Error{Rule: "b2c.storefront.side"})
		resp.Status = http.StatusFound
		resp.Header.Set("Location", address(c, page, owner, id))
		return resp, nil
	}
	return a.page(c, resp, page, visit, how)
}

// found is the page of a path, the side that it is written for, and the id at its end.
func found(vars map[string]string) (page b2c.Page, side b2c.Side, id string, err error) {
	var path []string
	for _, name := range []string{"page", "below", "id"} {
		if vars[name] != "" {
			path = append(path, vars[name])
		}
	}
	for _, p := range b2c.Pages() {
		if len(path) == 1 && p.Controller == path[0] {
			return p, b2c.SFRA, "", nil
		}
		route := strings.FieldsFunc(p.Route, func(r rune) bool { return r == '/' })
		switch {
		case p.Parameter == "" && slices.Equal(route, path):
			return p, b2c.PWA, "", nil
		case p.Parameter != "" && len(path) == len(route)+1 && slices.Equal(route, path[:len(route)]):
			return p, b2c.PWA, path[len(route)], nil
		}
	}
	return page, side, "", &b2c.Error{Rule: "b2c.storefront.page", Message: "There is no page " + strings.Join(path, "/") + "."}
}

// address is where a side has a page: with what a route has at its end as a parameter of a controller, and the other way
// round. All other parameters stay.
func address(c *binding.Call, page b2c.Page, side b2c.Side, id string) string {
	query := c.Request.HTTP().URL.Query()
	base := c.BaseURL() + "/storefront/" + url.PathEscape(c.Request.Vars["site"])
	last := page.Controller
	if side == b2c.PWA {
		last = page.Route
		if page.Parameter != "" {
			last += "/" + url.PathEscape(query.Get(page.Parameter))
			query.Del(page.Parameter)
		}
	} else if page.Parameter != "" {
		query.Set(page.Parameter, id)
	}
	out := strings.TrimSuffix(base+"/"+last, "/")
	if len(query) > 0 {
		out += "?" + query.Encode()
	}
	return out
}

type pageDocument struct {
	Page       string   `json:"page"`
	Side       b2c.Side `json:"side"`
	Site       string   `json:"site"`
	USID       string   `json:"usid"`
	CustomerID string   `json:"customer_id"`
	Guest      bool     `json:"guest"`
	BasketID   string   `json:"basket_id,omitempty"`
	Session    session  `json:"session"`
}

func (a *API) page(c *binding.Call, resp *binding.Response, page b2c.Page, v b2c.Visit, how session) (*binding.Response, error) {
	doc := pageDocument{
		Page: page.Name, Side: a.domain.ServedBy(c.Tx, page), Site: v.SiteID, USID: v.USID, CustomerID: v.CustomerID, Guest: v.CustomerID == v.GuestID, Session: how,
	}
	baskets, err := a.domain.CustomerBaskets(c.Tx, b2c.Reader{SiteID: v.SiteID, CustomerID: v.CustomerID}, v.CustomerID)
	if err != nil {
		return nil, err
	}
	if len(baskets) > 0 {
		doc.BasketID = baskets[0].BasketID
	}
	resp.Body, err = json.Marshal(doc)
	return resp, err
}

// answerError is the one place where errors become answers.
func answerError(_ *binding.Call, err error) *binding.Response {
	status := http.StatusInternalServerError
	text := "An internal error occurred."
	var (
		domain   *b2c.Error
		unknown  *binding.NotFound
		verb     *binding.MethodNotAllowed
		invalid  *binding.InvalidRequest
		sandbox  *binding.SandboxError
		injected *binding.VendorFault
	)
	switch {
	case errors.As(err, &domain), errors.As(err, &unknown):
		status, text = http.StatusNotFound, err.Error()
	case errors.As(err, &verb):
		status, text = http.StatusMethodNotAllowed, err.Error()
	case errors.As(err, &invalid), errors.As(err, &sandbox):
		status, text = http.StatusBadRequest, err.Error()
	case errors.As(err, &injected):
		status, text = http.StatusServiceUnavailable, injected.Message
		if injected.Status != 0 {
			status = injected.Status
		}
	}
	return binding.JSONResponse(status, map[string]string{"error": text})
}

package ocapi

import (
	"crypto/md5" //nolint:gosec // names a cookie, protects nothing
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
)

// The cookies of a storefront. Those with a dash at the end of their names are told apart by site.
const (
	sessionCookie   = "dwsid"
	anonymousCookie = "dwanonymous_"
	secureCookie    = "dwsecuretoken_"
	// guestCookie and registeredCookie are ours: on an instance a script makes these signed sessions, for the bridge of SLAS.
	guestCookie      = "dwsgst"
	registeredCookie = "dwsrst"
)

// sessionCookies reads the session and its secure token out of a request.
func sessionCookies(r *http.Request) (id, secure string) {
	for _, cookie := range r.Cookies() {
		switch {
		case cookie.Name == sessionCookie:
			id = cookie.Value
		case strings.HasPrefix(cookie.Name, secureCookie):
			secure = cookie.Value
		}
	}
	return id, secure
}

// openSession gives a storefront session for a shopper's token.
func (a *API) openSession(c *binding.Call) (*binding.Response, error) {
	site, err := a.domain.Site(c.Tx, c.Request.Vars["site"])
	if err != nil {
		return nil, err
	}
	visit, err := a.visit(c, site)
	if err != nil {
		return nil, err
	}
	customer, err := a.domain.Customer(c.Tx, visit.CustomerID)
	if err != nil {
		return nil, err
	}
	session := a.domain.OpenStorefront(c.Tx, visit)
	signed, err := a.slas.SignSession(c.Tx, session, customer)
	if err != nil {
		return nil, err
	}
	named := guestCookie
	if !customer.Guest {
		named = registeredCookie
	}
	of := siteMark(site.ID)
	resp := &binding.Response{Status: http.StatusNoContent, Header: http.Header{}}
	setCookie(c, resp, sessionCookie, session.ID)
	setCookie(c, resp, anonymousCookie+of, visit.USID)
	if !site.EnforceHTTPS {
		setCookie(c, resp, secureCookie+of, session.SecureToken)
	}
	setCookie(c, resp, named, signed)
	return resp, nil
}

// visit is the one that the caller's token belongs to.
func (a *API) visit(c *binding.Call, site b2c.Site) (b2c.Visit, error) {
	if holder, err := a.slas.Hold(c.Tx, a.domain, c.Principal.Token); err == nil {
		if visit, ok := a.domain.Visit(c.Tx, holder.Grant.USID); ok {
			return visit, nil
		}
	}
	customer, err := a.domain.Customer(c.Tx, c.Principal.ID)
	if err != nil {
		return b2c.Visit{}, err
	}
	return a.domain.VisitOf(c.Tx, site.ID, customer), nil
}

// siteMark is what tells the cookies of sites apart: 32 hexadecimal digits.
func siteMark(siteID string) string {
	sum := md5.Sum([]byte(siteID)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

func setCookie(c *binding.Call, resp *binding.Response, name, value string) {
	cookie := http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true}
	if strings.HasPrefix(c.BaseURL(), "https:") {
		cookie.Secure, cookie.SameSite = true, http.SameSiteNoneMode
	}
	resp.Header.Add("Set-Cookie", cookie.String())
}

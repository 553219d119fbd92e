package somrest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

const soapPath = "/services/Soap/u/"

// soapRequest is a call of the SOAP API. Two are simulated: login and logout.
type soapRequest struct {
	SessionID string      `xml:"Header>SessionHeader>sessionId"`
	Login     *loginCall  `xml:"Body>login"`
	Logout    *logoutCall `xml:"Body>logout"`
}

type loginCall struct {
	Username string `xml:"username"`
	Password string `xml:"password"`
}

type logoutCall struct{}

func (r soapRequest) sandbox() string {
	if r.Login == nil {
		return som.SandboxOfToken(r.SessionID)
	}
	_, name := som.SplitCredential(r.Login.Username)
	return name
}

func readEnvelope(body []byte) (soapRequest, error) {
	var in soapRequest
	if err := xml.Unmarshal(body, &in); err != nil {
		return in, &binding.InvalidRequest{In: "body", Problem: binding.ProblemSyntax, Reason: err.Error()}
	}
	return in, nil
}

// soap runs a call of the SOAP API.
func (a *API) soap(c *binding.Call) (*binding.Response, error) {
	in, err := readEnvelope(c.Request.Body)
	switch {
	case err != nil:
		return nil, err
	case in.Login != nil:
		return a.soapLogin(c, *in.Login)
	case in.Logout != nil:
		if err := a.domain.Logout(c.Tx, in.SessionID); err != nil {
			return nil, err
		}
		return soapAnswer(http.StatusOK, `<logoutResponse/>`), nil
	default:
		return nil, &som.Error{Code: codeUnknownCall, Message: "No operation available for request", Rule: "som.soap.call"}
	}
}

// codeUnknownCall is the fault of a call that the SOAP API does not have here.
const codeUnknownCall som.Code = "UNKNOWN_EXCEPTION"

func (a *API) soapLogin(c *binding.Call, in loginCall) (*binding.Response, error) {
	username, _ := som.SplitCredential(in.Username)
	s, err := a.domain.Login(c.Tx, username, in.Password)
	if err != nil {
		return nil, err
	}
	c.Principal.ID = s.UserID
	u, err := a.user(c)
	if err != nil {
		return nil, err
	}
	serverURL := fmt.Sprintf("%s%s%s/%s", c.BaseURL(), soapPath, c.Request.Vars["soapVersion"], som.OrganizationID()[:15])
	return soapAnswer(http.StatusOK, fmt.Sprintf(loginAnswer, escaped(serverURL), escaped(s.Token), s.UserID,
		som.OrganizationID(), escaped(u.Text("Email")), escaped(u.Text("Name")), escaped(u.Text("Username")), s.UserID)), nil
}

// The documents of the partner WSDL, as far as clients read them.
const (
	soapEnvelope = `<?xml version="1.0" encoding="UTF-8"?>` +
		`<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" ` +
		`xmlns:sf="urn:fault.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<soapenv:Body>%s</soapenv:Body></soapenv:Envelope>`
	loginAnswer = `<loginResponse><result><passwordExpired>false</passwordExpired><sandbox>false</sandbox>` +
		`<serverUrl>%s</serverUrl><sessionId>%s</sessionId><userId>%s</userId><userInfo>` +
		`<organizationId>%s</organizationId><organizationMultiCurrency>true</organizationMultiCurrency>` +
		`<sessionSecondsValid>43200</sessionSecondsValid><userEmail>%s</userEmail><userFullName>%s</userFullName>` +
		`<userLanguage>en_US</userLanguage><userLocale>en_US</userLocale><userName>%s</userName><userId>%s</userId>` +
		`<userType>Standard</userType></userInfo></result></loginResponse>`
	soapFault = `<soapenv:Fault><faultcode>%s</faultcode><faultstring>%s</faultstring><detail>` +
		`<sf:UnexpectedErrorFault xsi:type="sf:UnexpectedErrorFault"><sf:exceptionCode>%s</sf:exceptionCode>` +
		`<sf:exceptionMessage>%s</sf:exceptionMessage></sf:UnexpectedErrorFault></detail></soapenv:Fault>`
)

func soapAnswer(status int, body string) *binding.Response {
	return &binding.Response{
		Status: status, Header: http.Header{"Content-Type": {"text/xml;charset=UTF-8"}}, Body: fmt.Appendf(nil, soapEnvelope, body),
	}
}

// fault renders a refusal as SOAP: the status is always 500.
func fault(f Failure) *binding.Response {
	code := escaped(f.Code)
	return soapAnswer(http.StatusInternalServerError, fmt.Sprintf(soapFault, code, escaped(f.Message), code, escaped(f.Message)))
}

func escaped(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil { // a buffer never fails
		return ""
	}
	return b.String()
}

package somrest

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
)

type identityInput struct {
	OrganizationID string `path:"organizationId"`
	UserID         string `path:"userId"`
}

type identityOutput struct {
	ID             string            `json:"id"`
	AssertedUser   bool              `json:"asserted_user"`
	UserID         string            `json:"user_id"`
	OrganizationID string            `json:"organization_id"`
	Username       string            `json:"username"`
	NickName       string            `json:"nick_name"`
	DisplayName    string            `json:"display_name"`
	Email          string            `json:"email"`
	EmailVerified  bool              `json:"email_verified"`
	FirstName      string            `json:"first_name"`
	LastName       string            `json:"last_name"`
	Timezone       string            `json:"timezone"`
	URLs           map[string]string `json:"urls"`
	Active         bool              `json:"active"`
	UserType       string            `json:"user_type"`
	Language       string            `json:"language"`
	Locale         string            `json:"locale"`
}

// identity tells who the session is of. The URL must name the session's own org and user.
func (a *API) identity(c *binding.Call, in identityInput) (identityOutput, error) {
	org, orgErr := sobject.NormalizeID(in.OrganizationID)
	user, userErr := sobject.NormalizeID(in.UserID)
	if orgErr != nil || userErr != nil || org != som.OrganizationID() || user != c.Principal.ID {
		return identityOutput{}, &som.Error{Code: som.CodeInvalidSession, Message: badToken, Rule: "som.identity.self"}
	}
	u, err := a.user(c)
	if err != nil {
		return identityOutput{}, err
	}
	return identityOutput{
		ID: identityURL(c, u.ID), AssertedUser: true, UserID: u.ID, OrganizationID: org, Username: u.Text("Username"),
		NickName: u.Text("CommunityNickname"), DisplayName: u.Text("Name"), Email: u.Text("Email"), EmailVerified: true,
		FirstName: u.Text("FirstName"), LastName: u.Text("LastName"), Timezone: u.Text("TimeZoneSidKey"), URLs: urls(c),
		Active: u.Bool("IsActive"), UserType: "STANDARD", Language: u.Text("LanguageLocaleKey"), Locale: u.Text("LocaleSidKey"),
	}, nil
}

type userinfoOutput struct {
	Sub               string            `json:"sub"`
	UserID            string            `json:"user_id"`
	OrganizationID    string            `json:"organization_id"`
	PreferredUsername string            `json:"preferred_username"`
	Nickname          string            `json:"nickname"`
	Name              string            `json:"name"`
	Email             string            `json:"email"`
	EmailVerified     bool              `json:"email_verified"`
	GivenName         string            `json:"given_name"`
	FamilyName        string            `json:"family_name"`
	Zoneinfo          string            `json:"zoneinfo"`
	URLs              map[string]string `json:"urls"`
	Active            bool              `json:"active"`
	UserType          string            `json:"user_type"`
	Language          string            `json:"language"`
	Locale            string            `json:"locale"`
}

func (a *API) userinfo(c *binding.Call, _ struct{}) (userinfoOutput, error) {
	u, err := a.user(c)
	if err != nil {
		return userinfoOutput{}, err
	}
	return userinfoOutput{
		Sub: identityURL(c, u.ID), UserID: u.ID, OrganizationID: som.OrganizationID(), PreferredUsername: u.Text("Username"),
		Nickname: u.Text("CommunityNickname"), Name: u.Text("Name"), Email: u.Text("Email"), EmailVerified: true,
		GivenName: u.Text("FirstName"), FamilyName: u.Text("LastName"), Zoneinfo: u.Text("TimeZoneSidKey"), URLs: urls(c),
		Active: u.Bool("IsActive"), UserType: "STANDARD", Language: u.Text("LanguageLocaleKey"), Locale: u.Text("LocaleSidKey"),
	}, nil
}

func (a *API) user(c *binding.Call) (*sobject.Record, error) {
	users, err := a.domain.Object("User")
	if err != nil {
		return nil, err
	}
	return a.domain.Record(c.Tx, users, c.Principal.ID)
}

// urls are templates: clients put the API version in.
func urls(c *binding.Call) map[string]string {
	data := c.BaseURL() + "/services/data/v{version}/"
	return map[string]string{
		"partner": c.BaseURL() + "/services/Soap/u/{version}", "rest": data, "sobjects": data + "sobjects/",
		"query": data + "query/", "custom_domain": c.BaseURL(),
	}
}

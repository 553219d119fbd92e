package httpapi

import (
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops/guest"
)

// codeRequest is the body of a request for a mailed code.
type codeRequest struct {
	Email string `json:"email"`
}

// codeAnswer is the same whatever came of it.
type codeAnswer struct {
	ExpiresIn int `json:"expires_in"`
}

// codeLife is how long commerce's codes work, in seconds.
const codeLife = 900

func (a *API) requestCode(ctx context.Context, r *http.Request) (answer, error) {
	var in codeRequest
	if err := decode(r, &in); err != nil {
		return answer{}, err
	}
	if err := a.Desk.RequestCode(ctx, a.shop(r), r.PathValue("order_no"), in.Email); err != nil {
		return answer{}, err
	}
	return answer{Status: http.StatusAccepted, Body: codeAnswer{codeLife}}, nil
}

// accessRequest is what a guest shows: the order's token, or the mailed code.
type accessRequest struct {
	OrderToken string `json:"order_token"`
	Code       string `json:"code"`
}

// access is what a guest gets: a bearer token for one order, with both faces.
type access struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"`
	OrderNo     string `json:"order_no"`
}

func (a *API) openOrder(ctx context.Context, r *http.Request) (answer, error) {
	var in accessRequest
	if err := decode(r, &in); err != nil {
		return answer{}, err
	}
	orderNo := r.PathValue("order_no")
	got, err := a.Desk.Open(ctx, a.shop(r), orderNo, guest.Proof{OrderToken: in.OrderToken, Code: in.Code})
	if err != nil {
		return answer{}, err
	}
	return answer{Status: http.StatusOK, Body: access{got.Token, "Bearer", int(got.Life.Seconds()), orderNo}}, nil
}

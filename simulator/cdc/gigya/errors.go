package gigya

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/cdc"
)

// answer is what every method answers with, and what the methods of accounts add to it.
type answer struct {
	APIVersion   int    `json:"apiVersion"`
	CallID       string `json:"callId"`
	ErrorCode    int    `json:"errorCode"`
	ErrorDetails string `json:"errorDetails,omitempty"`
	ErrorMessage string `json:"errorMessage,omitempty"`
	StatusCode   int    `json:"statusCode"`
	StatusReason string `json:"statusReason"`
	Time         string `json:"time"`
	RegToken     string `json:"regToken,omitempty"`
	*accountFields
	SessionInfo *sessionInfo `json:"sessionInfo,omitempty"`
	IDToken     string       `json:"id_token,omitempty"`
	NewUser     *bool        `json:"newUser,omitempty"`
	*webKey
	Keys         []webKey                     `json:"keys,omitempty"`
	Results      []map[string]json.RawMessage `json:"results,omitzero"`
	ObjectsCount *int                         `json:"objectsCount,omitempty"`
	TotalCount   *int                         `json:"totalCount,omitempty"`
}

// respond writes an answer; its HTTP status is 200 unless the caller wants it otherwise.
func respond(c *binding.Call, out answer) *binding.Response {
	out.APIVersion, out.Time = 2, c.Arrived().UTC().Format("2006-01-02T15:04:05.000Z")
	sum := sha256.Sum256([]byte(out.Time + c.Request.Path + string(c.Request.Body)))
	out.CallID = hex.EncodeToString(sum[:16])
	out.StatusCode = http.StatusOK
	if out.ErrorCode != 0 {
		out.StatusCode = out.ErrorCode / 1000
	}
	out.StatusReason = http.StatusText(out.StatusCode)
	status := http.StatusOK
	if parameters(c.Request).Get("httpStatusCodes") == "true" {
		status = out.StatusCode
	}
	return binding.JSONResponse(status, out)
}

// outcome is an answer that is no plain success.
func outcome(e *cdc.Error) answer {
	out := answer{ErrorCode: int(e.Code), ErrorDetails: e.Details, ErrorMessage: message(e.Code), RegToken: e.RegToken}
	if e.UID != "" {
		out.accountFields = &accountFields{UID: e.UID}
	}
	return out
}

// answerError is the one place where errors become answers.
func answerError(c *binding.Call, err error) *binding.Response {
	var (
		domain   *cdc.Error
		unknown  *binding.NotFound
		verb     *binding.MethodNotAllowed
		invalid  *binding.InvalidRequest
		sandbox  *binding.SandboxError
		large    *binding.TooLarge
		alone    *binding.NotComposable
		injected *binding.VendorFault
	)
	e := &cdc.Error{Code: cdc.ServerError}
	switch {
	case errors.As(err, &domain):
		e = domain
	case errors.As(err, &unknown):
		e = &cdc.Error{Code: cdc.NotFound, Details: unknown.Error()}
	case errors.As(err, &verb):
		e = &cdc.Error{Code: cdc.InvalidParameter, Details: verb.Error()}
	case errors.As(err, &invalid) && invalid.Problem == binding.ProblemMissing:
		e = &cdc.Error{Code: cdc.MissingParameter, Details: invalid.Error()}
	case errors.As(err, &invalid):
		e = &cdc.Error{Code: cdc.InvalidParameter, Details: invalid.Error()}
	case errors.As(err, &sandbox):
		e = &cdc.Error{Code: cdc.InvalidAPIKey, Details: sandbox.Error()}
	case errors.As(err, &large):
		e = &cdc.Error{Code: cdc.InvalidParameter, Details: large.Error()}
	case errors.As(err, &alone):
		e = &cdc.Error{Code: cdc.InvalidParameter, Details: alone.Error()}
	case errors.As(err, &injected):
		return injectedAnswer(c, injected)
	}
	return respond(c, outcome(e))
}

// injectedAnswer dresses a fault. Its code is the vendor's number; one that is none is a failure of the server.
func injectedAnswer(c *binding.Call, f *binding.VendorFault) *binding.Response {
	code, err := strconv.Atoi(f.Code)
	if err != nil || code < 200_000 || code > 599_999 {
		code = int(cdc.ServerError)
	}
	resp := respond(c, answer{ErrorCode: code, ErrorDetails: f.Message, ErrorMessage: message(cdc.Code(code))})
	if f.Status != 0 {
		resp.Status = f.Status
	}
	return resp
}

// message is the vendor's short name of a code.
func message(code cdc.Code) string {
	names := map[cdc.Code]string{
		cdc.PendingRegistration: "Account Pending Registration", cdc.PendingVerification: "Account Pending Verification",
		cdc.MissingParameter: "Missing required parameter", cdc.LoginIDExists: "Unique identifier exists",
		cdc.InvalidParameter: "Invalid parameter value", cdc.ValidationError: "Validation Errors", cdc.InvalidAPIKey: "Invalid ApiKey parameter",
		cdc.RequestExpired: "Request has expired", cdc.InvalidSignature: "Invalid request signature", cdc.DuplicateNonce: "Duplicate nonce",
		cdc.UnauthorizedUser: "Unauthorized user", cdc.PermissionDenied: "Permission denied", cdc.AccountDisabled: "Account disabled",
		cdc.InvalidLogin: "Invalid LoginID", cdc.RateLimited: "API rate limit exceeded", cdc.UnknownUser: "Unknown user", cdc.LockedOut: "Account temporarily locked out",
		cdc.NotFound: "Not found", cdc.ServerError: "General Server Error",
	}
	if name := names[code]; name != "" {
		return name
	}
	return http.StatusText(int(code) / 1000)
}

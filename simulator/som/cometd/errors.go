package cometd

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// The versions of the Streaming API. Source: Streaming API Developer Guide, error codes; the newest is the org's.
const (
	oldestVersion = 37
	newestVersion = 67
)

const (
	versionMissing     = "API version in the URI is mandatory. URI format: '/cometd/67.0'"
	versionUnsupported = "Unsupported API version. Only API versions '37.0' and above are supported. URI format: '/cometd/67.0'"
)

func checkVersion(version string) error {
	n, err := strconv.Atoi(strings.TrimSuffix(version, ".0"))
	if err != nil || !strings.HasSuffix(version, ".0") || n < oldestVersion || n > newestVersion {
		return &som.Error{Code: som.CodeStreamingRequest, Message: versionUnsupported, Rule: "som.streaming.version"}
	}
	return nil
}

func badConnection(kind string) error {
	return &som.Error{Code: som.CodeStreamingRequest, Message: "Invalid connection type {" + kind + "}", Rule: "som.streaming.connection-type"}
}

// refusalOf is the reply to a message that is refused.
func refusalOf(m message, err error) reply {
	r := m.reply()
	r.Subscription = m.Subscription
	var refused *som.Error
	if !errors.As(err, &refused) {
		r.Error = internalError
		return r
	}
	r.Error = explainRefusal(refused)
	r.Advice = adviceAfter(r.Error)
	return r
}

const (
	internalError = "500::Internal server error"
	unknownClient = "403::Unknown client"
)

// errorText is an error as Bayeux spells it: a number, arguments and a text. A denial has its reason as the argument.
func errorText(code, text string) string {
	switch {
	case strings.Contains(code, ":"):
		return code
	case text == "publish_denied":
		return code + ":denied_by_security_policy:" + text
	default:
		return code + "::" + text
	}
}

// adviceAfter is what a client is to do after an error; most of them it can only learn from.
func adviceAfter(text string) *advice {
	switch {
	case strings.HasPrefix(text, unknownClient):
		return &advice{Reconnect: reconnectHandshake}
	case strings.HasPrefix(text, "401:"):
		return &advice{Reconnect: reconnectNone}
	case strings.HasPrefix(text, "5"):
		return &advice{Reconnect: reconnectRetry}
	default:
		return nil
	}
}

// answerError answers a request that is refused as a whole: each of its messages with the same error. It is the one place
// where errors become answers.
func answerError(c *binding.Call, err error) *binding.Response {
	status, text := explain(err)
	var messages batch
	if json.Unmarshal(c.Request.Body, &messages) != nil || len(messages) == 0 {
		messages = batch{{}}
	}
	replies := make([]reply, len(messages))
	for i, m := range messages {
		replies[i] = denied(m, text)
	}
	return binding.JSONResponse(status, replies)
}

// denied is the reply to one message of a request that is refused. A handshake tells the reason elsewhere. Source: Streaming
// API Developer Guide, handling errors.
func denied(m message, text string) reply {
	r := m.reply()
	r.Error, r.Advice = text, adviceAfter(text)
	refused := strings.HasPrefix(text, "401:") || strings.HasPrefix(text, "400::API version") || strings.HasPrefix(text, "400::Unsupported API")
	if m.Channel == "/meta/handshake" && refused {
		r.Error, r.Ext, r.Advice = "403::Handshake denied", &replyExt{SFDC: &reason{text}}, &advice{Reconnect: reconnectNone}
	}
	return r
}

// explain finds the HTTP status and the Bayeux error of an error. What the vendor itself refuses has status 200: clients
// read messages of such answers only (inferred).
func explain(err error) (int, string) {
	var (
		refused  *som.Error
		unknown  *binding.NotFound
		verb     *binding.MethodNotAllowed
		invalid  *binding.InvalidRequest
		sandbox  *binding.SandboxError
		large    *binding.TooLarge
		injected *binding.VendorFault
		bug      *binding.Bug
	)
	switch {
	case errors.As(err, &bug):
		return http.StatusInternalServerError, internalError
	case errors.As(err, &refused):
		return http.StatusOK, explainRefusal(refused)
	case errors.As(err, &unknown):
		return http.StatusBadRequest, errorText("400", versionMissing)
	case errors.As(err, &verb):
		return http.StatusMethodNotAllowed, errorText("405", "Method not allowed")
	case errors.As(err, &invalid):
		return http.StatusBadRequest, errorText("400", "Bad request: "+invalid.Error())
	case errors.As(err, &sandbox):
		return http.StatusBadRequest, errorText("400", sandbox.Reason)
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge, errorText("413", large.Error())
	case errors.As(err, &injected):
		return max(injected.Status, http.StatusOK), errorText(injected.Code, injected.Message)
	default:
		return http.StatusInternalServerError, internalError
	}
}

func explainRefusal(refused *som.Error) string {
	switch {
	case refused.Rule == "som.session.missing":
		return "401::Request requires authentication"
	case refused.Code == som.CodeInvalidSession:
		return "401::Authentication invalid"
	default:
		return errorText(string(refused.Code), refused.Message)
	}
}

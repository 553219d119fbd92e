package inbound

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// SignatureHeader carries the signature of an event: t=SECONDS,v1=HEX, where HEX is the HMAC-SHA256 of the seconds since
// 1970, a full stop and the raw body, under the shared secret. Several v1 are allowed, so that a sender can change secrets.
const SignatureHeader = "Order-Ops-Signature"

// tolerance is how far a signature's time may lie from now, on either side.
const tolerance = 5 * time.Minute

var (
	errUnsigned  = errors.New("the header " + SignatureHeader + " is missing or not like t=SECONDS,v1=HEX")
	errSignature = errors.New("the signature is not of this body under the shared secret")
)

// signedAt checks a signature and returns when it was made.
func signedAt(secret, header string, body []byte) (time.Time, error) {
	seconds, candidates, err := parseSignature(header)
	if err != nil {
		return time.Time{}, err
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strconv.FormatInt(seconds, 10) + "."))
	mac.Write(body)
	want := mac.Sum(nil)
	for _, candidate := range candidates {
		if hmac.Equal(candidate, want) {
			return time.Unix(seconds, 0).UTC(), nil
		}
	}
	return time.Time{}, errSignature
}

func parseSignature(header string) (seconds int64, candidates [][]byte, err error) {
	timed := false
	for _, part := range strings.Split(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "t":
			if seconds, err = strconv.ParseInt(value, 10, 64); err != nil || timed {
				return 0, nil, errUnsigned
			}
			timed = true
		case "v1":
			if candidate, err := hex.DecodeString(value); err == nil {
				candidates = append(candidates, candidate)
			}
		}
	}
	if !timed || len(candidates) == 0 {
		return 0, nil, errUnsigned
	}
	return seconds, candidates, nil
}

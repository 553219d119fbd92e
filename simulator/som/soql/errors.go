package soql

import (
	"fmt"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// ErrorCode is an errorCode of the Salesforce REST API.
type ErrorCode string

// The codes a query can be refused with.
const (
	// MalformedQuery is for a text the grammar or a rule about its form refuses.
	MalformedQuery ErrorCode = "MALFORMED_QUERY"
	// InvalidField is for a name the object does not have, and a literal of the wrong type.
	InvalidField ErrorCode = "INVALID_FIELD"
	// InvalidType is for an object the org does not have.
	InvalidType ErrorCode = "INVALID_TYPE"
	// InvalidQueryFilterOperator is for an operator the field does not allow and for a malformed id.
	InvalidQueryFilterOperator ErrorCode = "INVALID_QUERY_FILTER_OPERATOR"
	// QueryTooComplicated is for a text beyond the limits of length and nesting.
	QueryTooComplicated ErrorCode = "QUERY_TOO_COMPLICATED"
	// NumberOutsideValidRange is for an OFFSET beyond 2,000.
	NumberOutsideValidRange ErrorCode = "NUMBER_OUTSIDE_VALID_RANGE"
	// InvalidQueryLocator is for a page of a query that there is none of, or no longer.
	InvalidQueryLocator ErrorCode = "INVALID_QUERY_LOCATOR"
	// ExceededIDLimit is for aggregated rows that do not fit one page.
	ExceededIDLimit ErrorCode = "EXCEEDED_ID_LIMIT"
)

// Error is a refusal of a query. Message is what the vendor's client would read, often of several lines.
type Error struct {
	Code    ErrorCode
	Message string
}

func (e *Error) Error() string { return string(e.Code) + ": " + strings.TrimPrefix(e.Message, "\n") }

func refuse(code ErrorCode, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// at puts the place in front of a refusal: an excerpt of the row, a caret below the column and a line that names both.
func (e *Error) at(text string, pos lexer.Position) *Error {
	excerpt, before := excerpt(text, pos.Offset)
	e.Message = fmt.Sprintf("\n%s\n%s^\nERROR at Row:%d:Column:%d\n%s", excerpt, strings.Repeat(" ", before), pos.Line, pos.Column, e.Message)
	return e
}

// excerptReach is how many bytes of the row are shown on either side of the place, at least: real messages end at the next white space or comma.
const excerptReach = 31

// excerpt cuts the surroundings of an offset out of its row and tells how many characters of it stand before the offset.
func excerpt(text string, offset int) (cut string, before int) {
	rowStart := strings.LastIndexByte(text[:offset], '\n') + 1
	rowEnd := len(text)
	if i := strings.IndexByte(text[offset:], '\n'); i >= 0 {
		rowEnd = offset + i
	}
	from, to := max(rowStart, offset-excerptReach), min(rowEnd, offset+excerptReach)
	for from > rowStart && !separator(text[from-1]) {
		from--
	}
	for to < rowEnd && !separator(text[to]) {
		to++
	}
	cut = strings.ToValidUTF8(text[from:to], "�")
	before = len([]rune(strings.ToValidUTF8(text[from:offset], "�")))
	trimmed := strings.TrimLeft(cut, " \t\r")
	return strings.TrimRight(trimmed, " \t\r"), max(0, before-(len(cut)-len(trimmed)))
}

func separator(c byte) bool { return c == ' ' || c == ',' || c == '\t' || c == '\r' }

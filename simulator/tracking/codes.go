package tracking

import "fmt"

// Code is a validation code, in the vendor's spelling.
type Code string

// The validation codes in use.
const (
	// ValueInvalid: the value cannot be what it should.
	ValueInvalid Code = "VALUE_INVALID"
	// ValueRequired: there is no value.
	ValueRequired Code = "VALUE_REQUIRED"
	// NameInvalid: the name has other characters than it may, or too many.
	NameInvalid Code = "NAME_INVALID"
	// NameReserved: the product uses the name itself.
	NameReserved Code = "NAME_RESERVED"
	// ValueOutOfBounds: the value is too long, too large or too far away.
	ValueOutOfBounds Code = "VALUE_OUT_OF_BOUNDS"
	// ExceededMaxEntities: there are too many of something.
	ExceededMaxEntities Code = "EXCEEDED_MAX_ENTITIES"
)

// Problem is what is wrong with a request or an event. It is an error, though nobody who sends events is told.
type Problem struct {
	Code                   Code
	FieldPath, Description string
	// Rule is the id of the rule in specs/tracking/rules.yaml.
	Rule string
	// Event is the index of the event that is wrong; -1 means all of them.
	Event int
}

func (p *Problem) Error() string { return string(p.Code) + ": " + p.Description }

// RuleID returns the id of the rule behind the problem.
func (p *Problem) RuleID() string { return p.Rule }

// every is the event index of problems of the request as a whole.
const every = -1

func problem(code Code, event int, rule, path, format string, args ...any) *Problem {
	return &Problem{Code: code, Event: event, Rule: rule, FieldPath: path, Description: fmt.Sprintf(format, args...)}
}

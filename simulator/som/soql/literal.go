package soql

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// operand is a literal made fit for comparison with one field: nil for null, string (ids in 18 characters), decimal.Decimal, bool, time.Time,
// dateSpan or money.
type operand any

// operand checks a literal against the type of the field and turns it into its value. at is where an error points: the field.
func (s *scope) operand(at lexer.Position, f *sobject.Field, l *literal, like bool) (operand, error) {
	if l.Word != nil && strings.EqualFold(*l.Word, "null") {
		return nil, nil //nolint:nilnil // null is a value here
	}
	if text := l.Money; text != nil {
		return s.moneyOperand(at, f, l, *text)
	}
	if l.Span != nil {
		return s.spanOperand(at, f, l)
	}
	switch {
	case f.Type == sobject.TypeTime && l.Time != nil:
		return timeOfDay(*l.Time), nil
	case f.Type == sobject.TypeID || f.Type == sobject.TypeReference || f.Type == sobject.TypeTime || f.Type.Textual():
		return s.textOperand(at, f, l, like)
	case f.Type.Numeric():
		return s.numberOperand(at, f, l)
	case f.Type == sobject.TypeBoolean:
		if l.Word == nil {
			return nil, s.wrongType(at, f)
		}
		return strings.EqualFold(*l.Word, "true"), nil
	default:
		return s.dateOperand(at, f, l)
	}
}

func (s *scope) textOperand(at lexer.Position, f *sobject.Field, l *literal, like bool) (operand, error) {
	if l.String == nil {
		return nil, s.wrongType(at, f)
	}
	text, err := s.unquote(l, like)
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(text) > maxText {
		return nil, refuse(MalformedQuery, "a string in a WHERE clause cannot be longer than 4,000 characters").at(s.text, l.Pos)
	}
	if text == "" {
		return nil, nil //nolint:nilnil // an empty text is null
	}
	if f.Type == sobject.TypeID || f.Type == sobject.TypeReference {
		id, err := sobject.NormalizeID(text)
		if err != nil {
			return nil, refuse(InvalidQueryFilterOperator, "invalid ID field: %s", text).at(s.text, at)
		}
		return id, nil
	}
	return text, nil
}

func (s *scope) numberOperand(at lexer.Position, f *sobject.Field, l *literal) (operand, error) {
	if l.Number == nil {
		return nil, s.wrongType(at, f)
	}
	d, err := decimal.NewFromString(strings.TrimPrefix(*l.Number, "+"))
	if err != nil || d.Exponent() > maxExponent || d.Exponent() < -maxExponent {
		return nil, s.wrongType(at, f)
	}
	return d, nil
}

// maxExponent keeps numbers such as 1e999999999 from being written out.
const maxExponent = 400

func (s *scope) dateOperand(at lexer.Position, f *sobject.Field, l *literal) (operand, error) {
	switch {
	case l.Date != nil && f.Type == sobject.TypeDate:
		if _, err := time.Parse(time.DateOnly, *l.Date); err != nil {
			return nil, refuse(MalformedQuery, "Invalid date: %s", *l.Date).at(s.text, l.Pos)
		}
		return *l.Date, nil
	case l.DateTime != nil && f.Type == sobject.TypeDatetime:
		t, err := parseDateTime(*l.DateTime)
		if err != nil {
			return nil, refuse(MalformedQuery, "Invalid datetime: %s", *l.DateTime).at(s.text, l.Pos)
		}
		return t, nil
	default:
		return nil, s.wrongType(at, f)
	}
}

// spanOperand reads a word that is neither quoted nor a number: a named date, or a mistake.
func (s *scope) spanOperand(at lexer.Position, f *sobject.Field, l *literal) (operand, error) {
	span, ok := parseSpan(*l.Span)
	if _, isMoney := parseMoney(*l.Span); isMoney && !ok {
		return s.moneyOperand(at, f, l, *l.Span)
	}
	switch {
	case !ok:
		return nil, unexpectedToken(s.text, l.Pos, *l.Span)
	case f.Type != sobject.TypeDate && f.Type != sobject.TypeDatetime:
		return nil, s.wrongType(at, f)
	}
	return span, nil
}

// moneyOperand reads an amount with a currency, which only a currency field compares with.
func (s *scope) moneyOperand(at lexer.Position, f *sobject.Field, l *literal, text string) (operand, error) {
	amount, ok := parseMoney(text)
	switch {
	case !ok:
		return nil, unexpectedToken(s.text, l.Pos, text)
	case f.Type != sobject.TypeCurrency:
		return nil, s.wrongType(at, f)
	}
	return amount, nil
}

// timeOfDay writes a time literal as fields hold it.
func timeOfDay(text string) string {
	text = strings.TrimRight(strings.ToUpper(text), "Z")
	at, err := time.Parse("15:04:05.999999999", text)
	if err != nil {
		return text
	}
	return at.Format("15:04:05.000") + "Z"
}

func parseDateTime(text string) (time.Time, error) {
	text = strings.ToUpper(text)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Parse(time.RFC3339, text)
}

// wrongType is the refusal of a literal that does not fit the field.
func (s *scope) wrongType(at lexer.Position, f *sobject.Field) error {
	name, quoted := soapType(f.Type)
	verb := "should not be"
	if quoted {
		verb = "should be"
	}
	return refuse(InvalidField, "value of filter criterion for field '%s' must be of type %s and %s enclosed in quotes", f.Name, name, verb).at(s.text, at)
}

// soapType is what a refusal calls a type, and whether its literals are quoted.
func soapType(t sobject.FieldType) (name string, quoted bool) {
	switch t {
	case sobject.TypeCurrency, sobject.TypeDouble, sobject.TypePercent:
		return "double", false
	case sobject.TypeDatetime:
		return "dateTime", false
	case sobject.TypeInt, sobject.TypeBoolean, sobject.TypeDate:
		return string(t), false
	default:
		return "string", true
	}
}

// unquote takes a text literal out of its quotes. For LIKE the escapes of % and _ stay, and a backslash keeps its own.
func (s *scope) unquote(l *literal, like bool) (string, error) {
	body := (*l.String)[1 : len(*l.String)-1]
	if !strings.Contains(body, `\`) {
		return body, nil
	}
	var b strings.Builder
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			b.WriteByte(body[i])
			continue
		}
		i++
		width, ok := unescape(&b, body[i:], like)
		if !ok {
			return "", refuse(MalformedQuery, `Invalid string literal '%s'. Illegal character sequence '\%c' in string literal`,
				body, []rune(body[i:])[0]).at(s.text, l.Pos)
		}
		i += width - 1
	}
	return b.String(), nil
}

package ocapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/price"
)

// coins writes amounts of one currency: as numbers with the decimals that the currency has.
type coins int32

func coinsOf(currency string) coins { return coins(price.Digits(currency)) }

func (c coins) money(amount decimal.Decimal) json.Number {
	return json.Number(amount.StringFixed(int32(c)))
}

// number is written as it is, as exact as it is.
func number(n decimal.Decimal) json.Number { return json.Number(n.String()) }

// instant renders a time as newer versions of the API do.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

const customPrefix = "c_"

var customID = regexp.MustCompile(`^c_[A-Za-z][A-Za-z0-9_]*$`)

// withCustom renders a document and puts the custom attributes behind its own properties, in the order of their ids.
func withCustom(document any, custom b2c.Attributes) ([]byte, error) {
	out, err := json.Marshal(document)
	if err != nil || len(custom) == 0 {
		return out, err
	}
	buf := bytes.NewBuffer(bytes.TrimSuffix(out, []byte("}")))
	for _, id := range slices.Sorted(maps.Keys(custom)) {
		value, err := json.Marshal(customValue(custom[id]))
		if err != nil {
			return nil, fmt.Errorf("custom attribute %s: %w", id, err)
		}
		fmt.Fprintf(buf, ",%q:%s", customPrefix+id, value)
	}
	buf.WriteByte('}')
	return buf.Bytes(), nil
}

func customValue(a b2c.Attribute) any {
	switch a.Kind {
	case b2c.KindNumber:
		return number(a.Number)
	case b2c.KindBoolean:
		return a.Flag
	case b2c.KindSet:
		return a.Set
	case b2c.KindString:
	}
	return a.Text
}

// readCustom reads the value of a custom attribute; a null removes it.
func readCustom(name string, raw json.RawMessage) (value b2c.Attribute, remove bool, err error) {
	if !customID.MatchString(name) {
		return value, false, invalidCustom(name, "is no id of a custom attribute")
	}
	var (
		text string
		flag bool
		set  []string
		num  json.Number
	)
	switch {
	case string(raw) == "null":
		return value, true, nil
	case json.Unmarshal(raw, &flag) == nil:
		return b2c.Flag(flag), false, nil
	case json.Unmarshal(raw, &set) == nil:
		return b2c.SetOf(set...), false, nil
	case strings.HasPrefix(string(raw), `"`) && json.Unmarshal(raw, &text) == nil:
		return b2c.Text(text), false, nil
	case json.Unmarshal(raw, &num) == nil:
		n, err := decimal.NewFromString(num.String())
		return b2c.Number(n), false, err
	}
	return value, false, invalidCustom(name, "holds a value that no custom attribute can have")
}

func invalidCustom(name, why string) error {
	return &fault{
		status: http.StatusBadRequest, name: "InvalidCustomProperty", rule: "b2c.order.custom-value",
		message: fmt.Sprintf("The property '%s' %s.", name, why), arguments: map[string]string{"property": name, "document": "order"},
	}
}

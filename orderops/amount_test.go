package orderops

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
)

func TestMinorUnitsFollowTheCurrency(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		amount, currency string
		want             int64
	}{{"149.59", "USD", 14959}, {"0.005", "EUR", 1}, {"1200", "JPY", 1200}, {"1.234", "KWD", 1234}} {
		if got := MinorUnits(decimal.RequireFromString(tc.amount), tc.currency); got != tc.want {
			t.Errorf("%s %s is %d, want %d", tc.amount, tc.currency, got, tc.want)
		}
		if tc.amount != "0.005" {
			if back := FromMinorUnits(tc.want, tc.currency); !back.Equal(decimal.RequireFromString(tc.amount)) {
				t.Errorf("%d %s is %s, want %s", tc.want, tc.currency, back, tc.amount)
			}
		}
	}
}

// An amount is a number in JSON, exactly; a string that holds one is understood too.
func TestAmountInJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"19.99": "19.99", `"19.99"`: "19.99", "20.00": "20", "1e2": "100"} {
		var a Amount
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatal(err)
		}
		if raw, err := json.Marshal(a); err != nil || string(raw) != want {
			t.Errorf("%s became %s, %v, want %s", text, raw, err, want)
		}
	}
	var a Amount
	if json.Unmarshal([]byte(`"ten"`), &a) == nil {
		t.Error("ten is an amount")
	}
}

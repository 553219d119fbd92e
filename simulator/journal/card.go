package journal

import "strings"

// A card number has 13 to 19 digits, grouped by single spaces or hyphens or not at all, and stands alone.
const shortestCard, longestCard = 13, 19

// withoutCards replaces card numbers. It is written out, and not a regular expression, since it reads every byte that
// goes through the simulator; it leaps over stretches that are too short for a card number.
func withoutCards(s string) string {
	var out strings.Builder
	kept := 0
	for i := 0; i+shortestCard <= len(s); {
		probe := i + shortestCard - 1
		if !cardByte(s[probe]) {
			i = probe + 1
			continue
		}
		from, to := probe, probe+1
		for from > i && cardByte(s[from-1]) {
			from--
		}
		for to < len(s) && cardByte(s[to]) {
			to++
		}
		kept = cardsBetween(&out, s, kept, from, to)
		i = to
	}
	if kept == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

// cardsBetween copies s from kept on to out, without the card numbers between from and to, and returns how far it got.
func cardsBetween(out *strings.Builder, s string, kept, from, to int) int {
	for i := from; i < to; {
		if s[i] < '0' || s[i] > '9' {
			i++
			continue
		}
		end, digits := numberAt(s, i)
		alone := (i == 0 || !wordByte(s[i-1])) && (end == len(s) || !wordByte(s[end]))
		if alone && digits >= shortestCard && digits <= longestCard && luhn(s[i:end]) {
			out.WriteString(s[kept:i])
			out.WriteString(Redacted)
			kept = end
		}
		i = end
	}
	return kept
}

func cardByte(c byte) bool { return c >= '0' && c <= '9' || c == ' ' || c == '-' }

// numberAt returns where the number that begins at i ends, and how many digits it has.
func numberAt(s string, i int) (end, digits int) {
	for i < len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
			i++
			end = i
		case (c == ' ' || c == '-') && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9':
			i++
		default:
			return end, digits
		}
	}
	return end, digits
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// luhn reports whether the digits carry a card number's check digit.
func luhn(s string) bool {
	sum, odd := 0, true
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		d := int(s[i] - '0')
		if !odd {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, odd = sum+d, !odd
	}
	return sum%10 == 0
}

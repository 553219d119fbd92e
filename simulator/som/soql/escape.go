package soql

import (
	"strconv"
	"strings"
)

// unescape writes what an escape sequence stands for and tells how many bytes after the backslash it took. The sequences are those of the SOQL
// reference: \n \r \t \b \f \" \' \\ \uXXXX, and \_ \% for LIKE.
func unescape(b *strings.Builder, rest string, like bool) (width int, ok bool) {
	switch c := rest[0]; c {
	case 'n', 'N':
		b.WriteByte('\n')
	case 'r', 'R':
		b.WriteByte('\r')
	case 't', 'T':
		b.WriteByte('\t')
	case 'b', 'B':
		b.WriteByte('\b')
	case 'f', 'F':
		b.WriteByte('\f')
	case '"', '\'':
		b.WriteByte(c)
	case '\\', '_', '%':
		if like {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	case 'u', 'U':
		return unicodeEscape(b, rest)
	default:
		return 0, false
	}
	return 1, true
}

func unicodeEscape(b *strings.Builder, rest string) (width int, ok bool) {
	const digits = 4
	if len(rest) < 1+digits {
		return 0, false
	}
	code, err := strconv.ParseUint(rest[1:1+digits], 16, 32)
	if err != nil {
		return 0, false
	}
	b.WriteRune(rune(code))
	return 1 + digits, true
}

// like matches text against a pattern, both in lower case: % stands for any characters, _ for one, and a backslash takes the meaning of the next.
// It goes back to the last % only, so time grows with the product of the lengths at worst.
func like(pattern, text []rune) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		width, hit := step(pattern[p:], text[t])
		switch {
		case hit:
			p += width
			t++
		case p < len(pattern) && pattern[p] == '%':
			star, mark = p, t
			p++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '%' {
		p++
	}
	return p == len(pattern)
}

// step compares one character with the head of a pattern and tells how long that head is.
func step(pattern []rune, c rune) (width int, hit bool) {
	switch {
	case len(pattern) == 0 || pattern[0] == '%':
		return 0, false
	case pattern[0] == '\\' && len(pattern) > 1:
		return 2, pattern[1] == c
	default:
		return 1, pattern[0] == '_' || pattern[0] == c
	}
}

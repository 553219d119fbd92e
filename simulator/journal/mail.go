package journal

import "strings"

// withoutMails takes out mail addresses wherever they stand, whatever they are called, in documents and in forms: systems
// put them into fields of many names, and into lists.
func withoutMails(s string) string {
	var out strings.Builder
	kept := 0
	plain, escaped := nextOf(s, 0, "@"), nextOf(s, 0, escapedAt)
	for plain < len(s) || escaped < len(s) {
		i := min(plain, escaped)
		after := i + 1
		if i == escaped {
			after = i + len(escapedAt)
		}
		from, to := i, after
		for from > kept && mailByte(s[from-1]) {
			from--
		}
		for to < len(s) && (wordByte(s[to]) || s[to] == '.' || s[to] == '-') {
			to++
		}
		if from < i && strings.Contains(strings.TrimRight(s[after:to], "."), ".") {
			if kept == 0 {
				out.Grow(len(s))
			}
			out.WriteString(s[kept:from])
			out.WriteString(Redacted)
			kept, after = to, to
		}
		if plain < after {
			plain = nextOf(s, after, "@")
		}
		if escaped < after {
			escaped = nextOf(s, after, escapedAt)
		}
	}
	if kept == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

// escapedAt is the at sign as forms write it.
const escapedAt = "%40"

// nextOf is where a text comes up next in another from a place on, or the other's length.
func nextOf(s string, from int, what string) int { return from + index(s[from:], what) }

func mailByte(c byte) bool { return wordByte(c) || c == '.' || c == '-' || c == '+' || c == '~' }

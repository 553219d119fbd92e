package journal

import "strings"

// withoutMails takes out mail addresses wherever they stand, whatever they are called, in documents and in forms: systems
// put them into fields of many names, and into lists.
func withoutMails(s string) string {
	var out strings.Builder
	kept := 0
	for i := 0; i < len(s); i++ {
		at := atSign(s[i:])
		if at == 0 {
			continue
		}
		from, to := i, i+at
		for from > kept && mailByte(s[from-1]) {
			from--
		}
		for to < len(s) && (wordByte(s[to]) || s[to] == '.' || s[to] == '-') {
			to++
		}
		if from == i || !strings.Contains(strings.TrimRight(s[i+at:to], "."), ".") {
			continue
		}
		out.WriteString(s[kept:from])
		out.WriteString(Redacted)
		kept, i = to, to-1
	}
	if kept == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

// atSign is the length of the at sign that a text begins with, as it is or as forms write it; 0 when it begins otherwise.
func atSign(s string) int {
	switch {
	case s[0] == '@':
		return 1
	case strings.HasPrefix(s, "%40"):
		return len("%40")
	default:
		return 0
	}
}

func mailByte(c byte) bool { return wordByte(c) || c == '.' || c == '-' || c == '+' || c == '~' }

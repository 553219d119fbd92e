// Package ident makes ids, numbers and tokens out of a seed and counters, so that the same requests in the same order
// get the same ids. It holds no state: the counters belong to the caller.
package ident

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Base62 writes n in base 62 with at least width digits, zero padded.
func Base62(n uint64, width int) string {
	var digits []byte
	for ; n > 0; n /= 62 {
		digits = append(digits, base62[n%62])
	}
	for len(digits) < width {
		digits = append(digits, '0')
	}
	for i, j := 0, len(digits)-1; i < j; i, j = i+1, j-1 {
		digits[i], digits[j] = digits[j], digits[i]
	}
	return string(digits)
}

// UUID returns the version-4-shaped UUID that the seed gives to the n-th thing of a kind.
func UUID(seed int64, kind string, n uint64) string {
	b := digest(seed, kind, n)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// Token returns an opaque URL-safe token of 43 characters that the seed gives to the n-th thing of a kind.
// It is unguessable only as far as the seed is: fit for simulation alone.
func Token(seed int64, kind string, n uint64) string {
	b := digest(seed, kind, n)
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Fraction returns a number in [0,1) that the seed gives to the n-th event of a kind; it decides faults of chance.
func Fraction(seed int64, kind string, n uint64) float64 {
	b := digest(seed, kind, n)
	return float64(binary.BigEndian.Uint64(b[:8])>>11) / (1 << 53)
}

func digest(seed int64, kind string, n uint64) [sha256.Size]byte {
	var in []byte
	in = binary.BigEndian.AppendUint64(in, uint64(seed))
	in = binary.BigEndian.AppendUint64(in, n)
	return sha256.Sum256(append(in, kind...))
}

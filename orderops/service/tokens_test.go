package service_test

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"sync"

	"github.com/golang-jwt/jwt/v5"
	"github.com/lestrrat-go/jwx/v3/jwk"
)

// commerceKey is what the stub of commerce signs shoppers' tokens with.
var commerceKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// customerKeys publishes the key.
func customerKeys(*http.Request) (int, any) {
	key, err := jwk.Import(commerceKey().Public())
	if err != nil {
		return http.StatusInternalServerError, nil
	}
	if err := key.Set(jwk.KeyIDKey, "commerce-1"); err != nil {
		return http.StatusInternalServerError, nil
	}
	return http.StatusOK, object{"keys": []jwk.Key{key}}
}

// shopperToken is a token as commerce issues it, the same for the same shopper; the stub compares it as a whole.
func shopperToken(customer, client string) string {
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": client, "sub": fmt.Sprintf(`{"_v":"1","customer_info":{"customer_id":"%s","guest":false}}`, customer), "exp": 4102444800,
	})
	token.Header["kid"] = "commerce-1"
	text, err := token.SignedString(commerceKey())
	if err != nil {
		panic(err)
	}
	return text
}

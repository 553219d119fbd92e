package gcs

import (
	"cmp"
	"strings"

	"github.com/somsim/somsim/simulator/worldline"
)

// Amount is money in minor units.
type Amount struct {
	Amount       int64  `json:"amount"`
	CurrencyCode string `json:"currencyCode"`
}

// OrderInput is what a new payment is for.
type OrderInput struct {
	AmountOfMoney Amount `json:"amountOfMoney"`
	References    struct {
		MerchantReference string `json:"merchantReference"`
		// MerchantParameters is of Direct alone.
		MerchantParameters string `json:"merchantParameters"`
	} `json:"references"`
}

// CardInput is how both generations are told of a card, or of one that was kept.
type CardInput struct {
	AuthorizationMode  string `json:"authorizationMode"`
	PaymentProductID   int    `json:"paymentProductId"`
	Token              string `json:"token"`
	Tokenize           bool   `json:"tokenize"`
	SkipAuthentication bool   `json:"skipAuthentication"`
	ReturnURL          string `json:"returnUrl"`
	Card               struct {
		CardNumber string `json:"cardNumber"`
		ExpiryDate string `json:"expiryDate"`
	} `json:"card"`
	ThreeDSecure struct {
		ChallengeIndicator string `json:"challengeIndicator"`
		SkipAuthentication bool   `json:"skipAuthentication"`
		RedirectionData    struct {
			ReturnURL string `json:"returnUrl"`
		} `json:"redirectionData"`
	} `json:"threeDSecure"`
}

// Charge is what a merchant asks for, but for how the money is to be taken, which each generation says in its own way.
func (in CardInput) Charge(merchantID string, o OrderInput) worldline.Charge {
	skip := in.SkipAuthentication || in.ThreeDSecure.SkipAuthentication
	return worldline.Charge{
		MerchantID: merchantID, Amount: o.AmountOfMoney.Amount, Currency: o.AmountOfMoney.CurrencyCode,
		MerchantReference: o.References.MerchantReference, Token: in.Token, Tokenize: in.Tokenize,
		Card:      worldline.PlainCard{Number: strings.ReplaceAll(in.Card.CardNumber, " ", ""), Expiry: in.Card.ExpiryDate, ProductID: in.PaymentProductID},
		ReturnURL: cmp.Or(in.ThreeDSecure.RedirectionData.ReturnURL, in.ReturnURL),
		Challenge: !skip && strings.HasPrefix(in.ThreeDSecure.ChallengeIndicator, "challenge-"),
	}
}

// MerchantAction is what a merchant has to do next.
type MerchantAction struct {
	ActionType   string       `json:"actionType"`
	RedirectData RedirectData `json:"redirectData"`
}

// RedirectData is where a shopper has to go.
type RedirectData struct {
	RedirectURL string `json:"redirectURL"`
	ReturnMAC   string `json:"RETURNMAC"`
}

// Redirect sends a shopper to an address of the platform.
func Redirect(address, mac string) *MerchantAction {
	return &MerchantAction{"REDIRECT", RedirectData{address, mac}}
}

package features

import (
	"regexp"
	"slices"

	"github.com/cucumber/godog"
)

// keyword says where in a scenario a sentence belongs.
type keyword string

const (
	given keyword = "Given"
	when  keyword = "When"
	then  keyword = "Then"
)

// step is a sentence that scenarios may use. Its expression is anchored and appears once; run is a method of the world
// whose arguments are the expression's groups.
type step struct {
	keyword    keyword
	expression string
	run        any
}

// topic is a group of sentences under the name under which people look for them.
type topic struct {
	name  string
	steps [][]step
}

// topics are all sentences.
func (w *world) topics() []topic {
	return []topic{
		{"Orders to begin with", [][]step{w.orderSteps(), w.checkoutSteps()}},
		{"Who asks, and where", [][]step{w.loginSteps(), w.channelSteps(), w.strangerSteps(), w.hookSteps(), w.keySteps()}},
		{"Cancelling and returning", [][]step{w.wishSteps(), w.togetherSteps(), w.quantitySteps(), w.groupSteps(), w.repriceSteps(), w.refusalSteps(), w.reopenSteps()}},
		{"Modifying and confirming", [][]step{w.changeSteps(), w.modifySteps(), w.redirectSteps(), w.confirmSteps()}},
		{"Announced returns, and reports about refunds", [][]step{w.returnSteps(), w.returnAnswerSteps(), w.reportSteps()}},
		{"Back office, warehouse and carrier", [][]step{w.officeSteps(), w.backOfficeSteps(), w.fulfillmentSteps(), w.reallocationSteps()}},
		{"Carriers, and until when something can be returned", [][]step{w.parcelSteps()}},
		{"Systems in trouble, and what they are asked", [][]step{w.mishapSteps(), w.askedSteps()}},
		{"Time", [][]step{w.timeSteps()}},
		{"What people are told", [][]step{w.answerSteps(), w.refusedSteps(), w.operatorSteps()}},
		{"What people see", [][]step{w.sightSteps(), w.historySteps(), w.detailSteps()}},
		{"Money, points and codes", [][]step{w.providerSteps(), w.moneySteps(), w.pointsSteps(), w.couponSteps()}},
		{"Goods and windows", [][]step{w.goodsSteps(), w.bookingSteps(), w.claimSteps()}},
		{"What became of it", [][]step{w.outcomeSteps(), w.analyticsSteps()}},
	}
}

// steps are all sentences, by topic.
func (w *world) steps() []step {
	var all []step
	for _, t := range w.topics() {
		all = append(all, slices.Concat(t.steps...)...)
	}
	return all
}

// expressions are those of all sentences, compiled: a run registers them anew for each of its scenarios.
func expressions() map[string]*regexp.Regexp {
	all := map[string]*regexp.Regexp{}
	for _, s := range new(world).steps() {
		all[s.expression] = regexp.MustCompile(s.expression)
	}
	return all
}

// register has every sentence understood wherever it stands: its keyword says where it reads well, and what is a wish in one
// scenario may be what happens in another.
func (w *world) register(sc *godog.ScenarioContext, compiled map[string]*regexp.Regexp) {
	for _, s := range w.steps() {
		sc.Step(compiled[s.expression], w.env.reach.within(s.run))
	}
}

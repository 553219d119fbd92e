package features

import (
	"regexp"

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

// steps are all sentences, by noun.
func (w *world) steps() []step {
	var all []step
	for _, some := range [][]step{
		w.orderSteps(), w.cancelSteps(), w.channelSteps(), w.accountSteps(), w.hookSteps(), w.analyticsSteps(), w.strangerSteps(), w.fulfillmentSteps(), w.faultSteps(), w.timeSteps(), w.answerSteps(), w.outcomeSteps(),
		w.refusalSteps(), w.providerSteps(), w.operatorSteps(), w.reallocationSteps(), w.goodsSteps(), w.patienceSteps(), w.pointsSteps(), w.groupSteps(), w.quantitySteps(),
		w.backOfficeSteps(), w.sightSteps(), w.modifySteps(), w.redirectSteps(), w.confirmSteps(), w.returnSteps(), w.returnAnswerSteps(),
		w.parcelSteps(), w.togetherSteps(), w.historySteps(), w.detailSteps(), w.checkoutSteps(), w.keySteps(), w.reportSteps(), w.reopenSteps(), w.couponSteps(), w.repriceSteps(),
		w.claimSteps(),
	} {
		all = append(all, some...)
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

func (w *world) register(sc *godog.ScenarioContext, compiled map[string]*regexp.Regexp) {
	for _, s := range w.steps() {
		run := w.env.reach.within(s.run)
		switch s.keyword {
		case given:
			sc.Given(compiled[s.expression], run)
		case when:
			sc.When(compiled[s.expression], run)
		case then:
			sc.Then(compiled[s.expression], run)
		}
	}
}

Feature: What may go wrong with points

  Scenario Outline: What cannot be asked about points is asked later, and every point is counted once
    Given the order "00000150" of "shopper-3" on the site "RefArchGlobal", which earned 90 points
    And the shopper has spent all points but 30
    And the points service <mishap>
    When the shopper cancels the order in the app
    And the points service works again
    And 30 minutes have passed
    Then the shopper has 0 points
    And the payment is given back in full, once
    And the operators are asked to look after nothing

    Examples:
      | mishap                                                |
      | does not get round to the question about the account  |
      | is too busy for the question about the account        |
      | does not get round to the question about the points   |
      | is too busy for the question about the points         |

  Scenario Outline: A reward is given up once
    Given the unallocated order "00000106" of "shopper-2"
    And the shopper reserved 100 points for the order
    And <mishap>
    When the shopper cancels the order in the app
    Then the shopper is told that the order is cancelled
    When the points service works again
    And 30 minutes have passed
    Then the shopper has as many points as before they paid
    And the operators are asked to look after nothing

    Examples:
      | mishap                                                                        |
      | the answer of the points service to the return of the reward gets lost        |
      | the answer of the points service to the return of the reward always gets lost |
      | the return of the reward gets lost on its way to the points service           |
      | the points service is too busy for the return of the reward                   |
      | the points service does not get round to the return of the reward             |

  Scenario: A reward that is not given up is for people to look after
    Given the unallocated order "00000106" of "shopper-2"
    And the shopper reserved 100 points for the order
    And the points service refuses the return of the reward once
    When the shopper cancels the order in the app
    Then the operators are asked to look after the points given back
    When the operators have it tried again
    And 5 minutes have passed
    Then the shopper has as many points as before they paid
    And the operators are asked to look after nothing

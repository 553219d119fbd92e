Feature: What may go wrong while the shop calls order-ops

  Scenario Outline: Nothing is cancelled that order-ops could not check
    Given the unallocated order "00000101" of "shopper-1"
    And the shop has order-ops do what its shoppers ask for
    And <mishap>
    When the shopper cancels the order at the shop
    Then the shopper is refused because <why>
    And nothing has changed in any system
    When order-ops works again
    And 2 minutes have passed
    And the shopper cancels the order at the shop
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel once, and carried it out once

    Examples:
      | mishap                                                 | why                                     |
      | order-ops does not get round to the shop's check       | the shop cannot do it at the moment     |
      | order-ops refuses the shop's check                     | something went wrong at the shop        |
      | the answer of order-ops to the shop's check gets lost  | something went wrong at the shop        |
      | the shop's check gets lost on its way to order-ops     | something went wrong at the shop        |

  Scenario Outline: What was cancelled and could not be told is told when it is asked again
    Given the unallocated order "00000101" of "shopper-1"
    And the shop has order-ops do what its shoppers ask for
    And <mishap>
    When the shopper cancels the order at the shop
    Then the shopper is refused because <why>
    When order-ops works again
    And 2 minutes have passed
    And the shopper repeats the cancel
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel once, and carried it out once
    And the authorisation of the card is released in full, once
    And the shop shows the order as cancelled

    Examples:
      | mishap                                                  | why                                     |
      | order-ops does not get round to the shop's answer       | the shop cannot do it at the moment     |
      | order-ops refuses the shop's answer                     | something went wrong at the shop        |

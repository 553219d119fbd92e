@orderops
Feature: Have the shop call order-ops in the middle of its own requests
  Storefronts that know the shop alone get their wishes done by it: it asks order-ops at its extension points. What goes wrong
  between the two leaves no order half cancelled, and a wish that is repeated is one wish.

  Scenario: A shopper cancels at the shop
    Given the unallocated order "00000101" of "shopper-1"
    And the shop has order-ops do what its shoppers ask for
    When the shopper cancels the order at the shop
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    And order management was asked for the cancel once, and carried it out once
    And the shop shows the order as cancelled

  @case-82
  Scenario: The circuit of the shop is open
    Given the unallocated order "00000101" of "shopper-1"
    And the shop has order-ops do what its shoppers ask for
    And order-ops has failed the shop until its circuit opened
    When the shopper cancels the order at the shop
    Then the shopper is refused because the shop cannot do it at the moment
    And order-ops was not asked to do anything
    And nothing has changed in any system
    When the shopper cancels the order in the app
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel once, and carried it out once

  @case-82
  Scenario: The circuit of the shop closes again
    Given the unallocated order "00000101" of "shopper-1"
    And the shop has order-ops do what its shoppers ask for
    And order-ops has failed the shop until its circuit opened
    When 2 minutes have passed
    And the shopper cancels the order at the shop
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel once, and carried it out once

  @case-83
  Scenario: The shop does not hear that order-ops has cancelled
    Given the unallocated order "00000101" of "shopper-1"
    And the shop has order-ops do what its shoppers ask for
    And the answer of order-ops to the shop's request gets lost
    When the shopper cancels the order at the shop
    Then the shopper is refused because something went wrong at the shop
    When the shopper repeats the cancel
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel once, and carried it out once
    And the authorisation of the card is released in full, once
    And the shop shows the order as cancelled

  @case-84
  Scenario: order-ops takes longer than the shop waits
    Given the unallocated order "00000101" of "shopper-1"
    And the shop has order-ops do what its shoppers ask for
    And the shop waits only a moment for order-ops
    And order management takes its time over the cancel
    When the shopper cancels the order at the shop
    Then the shopper is refused because something went wrong at the shop
    When order management gets to it
    And the shop waits for order-ops as ever
    And the shopper repeats the cancel
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel once, and carried it out once
    And the shop shows the order as cancelled

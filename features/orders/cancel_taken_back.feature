@orderops
Feature: Give units back when a cancel is refused halfway
  Units that a warehouse or a store holds leave it before they are cancelled. If order management then refuses the
  cancel, the same place gets them back at once; if that is not possible at once, the shopper is told, a person is
  asked to look, and it is tried until it works.

  @case-93
  Scenario Outline: Units go back to where they were when order management refuses the cancel
    Given the <state> order "<order>" of "<shopper>"
    And order management refuses the cancel once
    When the shopper cancels the order in the <channel>
    Then the shopper is refused because order management refused
    And the shopper is told of these effects:
      | effect        | state |
      | re-allocation | done  |
    And the same places hold the same units again
    And nothing has changed in any system but the fulfillment orders
    When the shopper repeats the cancel
    Then every tap got the same answer
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And order management has cancelled every unit, with one record for each line
    And the warehouse holds nothing of the order
    And the authorisation of the card is released in full, once
    And the shop shows the order as cancelled

    Examples: at the warehouse
      | state     | order    | shopper   | channel    |
      | allocated | 00000102 | shopper-1 | storefront |
      | allocated | 00000102 | shopper-1 | app        |

    Examples: put aside in a store
      | state     | order    | shopper   | channel    |
      | allocated | 00000108 | shopper-2 | storefront |
      | allocated | 00000108 | shopper-2 | app        |

    Examples: a part of the units
      | state            | order    | shopper   | channel    |
      | partly allocated | 00000109 | shopper-3 | storefront |
      | partly allocated | 00000109 | shopper-3 | app        |

  @case-93
  Scenario Outline: Units of two places go back to each
    Given the allocated order "00000119" of "shopper-4"
    And order management refuses the cancel once
    When the shopper cancels the order in the <channel>
    Then the shopper is refused because order management refused
    And the shopper is told of these effects:
      | effect        | state |
      | re-allocation | done  |
      | re-allocation | done  |
    And the same places hold the same units again
    And nothing has changed in any system but the fulfillment orders

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-93 @operator
  Scenario Outline: Units that cannot go back at once go back as soon as they can
    Given the allocated order "00000102" of "shopper-1"
    And order management refuses the cancel once
    And order management does not get round to the allocation
    When the shopper cancels the order in the <channel>
    Then the shopper is refused because order management refused
    And the shopper is told of these effects:
      | effect        | state   |
      | re-allocation | pending |
    And the operators are asked to look after the re-allocation
    When 5 minutes have passed
    And order management works again
    And 10 minutes have passed
    And the shopper repeats the cancel
    Then the shopper is refused because order management refused
    And the shopper is told of these effects:
      | effect        | state |
      | re-allocation | done  |
    And the same places hold the same units again
    And nothing has changed in any system but the fulfillment orders
    And the operators are asked to look after nothing

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-93 @operator
  Scenario Outline: Units that never went back are left to a person, who can have it tried again
    Given the allocated order "00000102" of "shopper-1"
    And order management refuses the cancel once
    And order management does not get round to the allocation
    When the shopper cancels the order in the <channel>
    And 3 hours have passed
    And the shopper repeats the cancel
    Then the shopper is refused because order management refused
    And the shopper is told of these effects:
      | effect        | state  |
      | re-allocation | failed |
    And the operators are asked to look after the re-allocation
    When order management works again
    And the operators have it tried again
    And the shopper repeats the cancel
    Then the shopper is told of these effects:
      | effect        | state |
      | re-allocation | done  |
    And the same places hold the same units again
    And the operators are asked to look after nothing

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-93
  Scenario Outline: Units that somebody else has allocated meanwhile are left alone
    Given the allocated order "00000102" of "shopper-1"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the <channel>
    And the warehouse takes the units on again
    And order management gets to it
    Then the shopper is refused because the order has changed
    And the shopper is told of these effects:
      | effect        | state      |
      | re-allocation | not needed |
    And nothing has changed in any system
    When the shopper repeats the cancel
    Then the shopper is told that the order is cancelled
    And order management has cancelled every unit, with one record for each line
    And the warehouse holds nothing of the order
    And the authorisation of the card is released in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

@orderops
Feature: Cancel at the edges of what is possible
  A cancel is refused after the cut-off of its slot, waits for an order that is still on its way, outlives the shopper's
  log-in, and gives each means of payment what it paid.

  @case-9
  Scenario Outline: After the cut-off of the slot it is too late
    Given the unallocated order "00000101" of "shopper-1"
    When 2 days have passed
    And the shopper cancels the order in the <channel>
    Then the shopper is refused because the cut-off has passed, and is told of "2026-06-03T05:00:00Z"
    And nothing has changed in any system

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-5
  Scenario Outline: An order that is on its way to order management has to arrive first
    Given the just placed order "00000154" of "shopper-5"
    When the shopper cancels the order in the <channel>
    Then the shopper is refused because the order is still on its way

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-36
  Scenario Outline: A cancel goes on when the shopper's log-in is over
    Given the unallocated order "00000101" of "shopper-1"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the <channel>
    And 1 hour has passed
    And order management gets to it
    Then the shopper is told that the order is cancelled
    And the authorisation of the card is released in full, once
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-26 @case-27
  Scenario Outline: What a gift certificate paid of a cancelled order is given back by a person
    Given the unallocated order "00000148" of "shopper-4"
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the authorisation of the card is released in full, once
    And the operators are asked to look after the gift certificate

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-26 @case-27 @spent-points
  Scenario Outline: Where a site says so, a part that is cancelled goes back to the gift certificate first
    Given "shopper-1" has ordered "2 SHIRT-M" in checkout on the site "RefArchOutlet", of which a gift certificate pays "40.00"
    When the shopper cancels 1 unit of "SHIRT-M" in the <channel>
    Then the operators are asked to look after the gift certificate, for "40.00"
    And "15.00" of the authorisation were released in all, and no more
    When the shopper cancels 1 unit of "SHIRT-M" in the <channel>
    Then the operators are asked to look after the gift certificate, for "40.00"
    And "76.59" of the authorisation were released in all, and no more

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-27
  Scenario Outline: A part that is cancelled goes back to the card first
    Given the unallocated order "00000148" of "shopper-4"
    When the shopper cancels 1 unit of "SOCKS" in the <channel>
    Then of the authorisation exactly what the cancelled units were worth is released, once
    And the operators are asked to look after nothing

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-6
  Scenario Outline: The shop leaves the cancel of an order to order management, which owns it
    Given the unallocated order "00000101" of "shopper-1"
    When the back office cancels the order in the shop
    Then the back office is refused because order management owns the order
    And nothing has changed in any system
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-21
  Scenario Outline: A window that is over gives no room back
    Given the unallocated order "00000101" of "shopper-1"
    When 4 days have passed
    And an agent serves the shopper
    And the agent sets the cut-off aside
    And the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state          |
      | release of the authorisation          | done           |
      | note of the money in order management | done           |
      | release of the reserved goods         | done           |
      | release of the booking                | does not apply |
      | refund event                          | done           |
      | status in the shop                    | done           |
    And the booking still takes its room

    Examples:
      | channel    |
      | storefront |
      | app        |

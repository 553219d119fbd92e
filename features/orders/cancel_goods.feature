@orderops
Feature: Let go of the goods of a cancelled order
  Inventory keeps goods for an order, at no particular place first and at a location once one is chosen. A cancel gives
  them free where they are kept, once, and never adds to the stock: what has left comes back through the warehouse.

  @case-16 @case-87
  Scenario Outline: A release that fails is owed, and made up for
    Given the unallocated order "00000101" of "shopper-1"
    And inventory <trouble> the release of the goods
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state   |
      | release of the authorisation          | done    |
      | note of the money in order management | done    |
      | release of the reserved goods         | pending |
      | release of the booking                | done    |
      | status in the shop                    | done    |
      | refund event                          | done    |
    And the goods are still reserved
    When inventory works again
    And 10 minutes have passed
    And the shopper asks how the cancel went
    Then the shopper is told of these effects:
      | effect                                | state |
      | release of the authorisation          | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
      | refund event                          | done  |
    And every reserved unit of the order is free again, where it was reserved
    And inventory was asked for the release of the goods again and again, each time in the same words
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once

    Examples:
      | trouble               | channel    |
      | does not get round to | storefront |
      | does not get round to | app        |
      | is too busy for       | storefront |
      | is too busy for       | app        |

  @case-87
  Scenario Outline: Inventory is left alone for as long as it wants
    Given the unallocated order "00000101" of "shopper-1"
    And inventory wants to be left alone for 240 seconds when asked for the release of the goods
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the goods are still reserved
    When 3 minutes have passed
    Then inventory was asked for the release of the goods once
    And the goods are still reserved
    When inventory works again
    And 2 minutes have passed
    Then inventory was asked for the release of the goods twice, each time in the same words
    And every reserved unit of the order is free again, where it was reserved

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-87
  Scenario Outline: Whoever has to be told of a cancel is left alone for as long as it wants
    Given the unallocated order "00000101" of "shopper-1"
    And <system> wants to be left alone for 240 seconds when asked for <what>
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    When 3 minutes have passed
    Then <system> was asked for <what> once
    When <system> works again
    And 2 minutes have passed
    Then <system> was asked for <what> twice

    Examples:
      | system               | what                       | channel    |
      | the payment provider | the release                | storefront |
      | the slot service     | the release of the booking | app        |
      | the shop             | the cancel                 | storefront |
      | web analytics        | the refund event           | app        |

  @case-16
  Scenario Outline: Goods whose release was not heard of are free once
    Given the allocated order "00000102" of "shopper-1"
    And the answer of inventory to the release of the goods gets lost
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And inventory was asked for the release of the goods twice, each time in the same words
    And every reserved unit of the order is free again, where it was reserved
    And the authorisation of the card is released in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-16
  Scenario Outline: A release that keeps failing is left to a person, and the cancel stands
    Given the unallocated order "00000106" of "shopper-2"
    And inventory does not get round to the release of the goods
    When the shopper cancels the order in the <channel>
    And 2 hours have passed
    And the shopper asks how the cancel went
    Then the shopper is told that the order is cancelled
    And the operators are asked to look after the release of the reserved goods
    And the goods are still reserved
    When inventory works again
    And the operators have it tried again
    And 1 minute has passed
    Then every reserved unit of the order is free again, where it was reserved
    And the operators are asked to look after nothing

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-17
  Scenario Outline: Only the goods that failed are asked for again
    Given the unallocated order "00000125" of "shopper-5"
    And inventory does not manage to release "CANDLE" at first
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state |
      | release of the authorisation          | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
      | refund event                          | done  |
    And inventory was asked once more to release "CANDLE", and nothing else
    And every reserved unit of the order is free again, where it was reserved

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-17
  Scenario Outline: Goods that keep failing are owed alone
    Given the unallocated order "00000125" of "shopper-5"
    And inventory does not manage to release "CANDLE"
    When the shopper cancels the order in the <channel>
    Then the shopper is told of these effects:
      | effect                                | state   |
      | release of the authorisation          | done    |
      | note of the money in order management | done    |
      | release of the reserved goods         | pending |
      | release of the booking                | done    |
      | status in the shop                    | done    |
      | refund event                          | done    |
    And every reserved unit of the order but those of "CANDLE" is free again, where it was reserved
    When inventory works again
    And 10 minutes have passed
    Then every reserved unit of the order is free again, where it was reserved

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-17 @case-18
  Scenario Outline: Goods that move while they are being released are released where they went
    Given the unallocated order "00000125" of "shopper-5"
    And inventory takes its time over the release of the goods
    When the shopper begins to cancel the order in the <channel>
    And routing moves the "CANDLE" of the order to the warehouse
    And inventory gets to it
    Then the shopper is told that the order is cancelled
    And every reserved unit of the order is free again, where it was reserved

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-18
  Scenario Outline: Goods are free again where they are kept by then
    Given the <state> order "<order>" of "<shopper>"
    When the shopper cancels <units> units of "<product>" in the <channel>
    Then <free> units of "<product>" are free again <where>, and no other

    Examples: all at the warehouse
      | state     | order    | shopper   | units | product | free | where            | channel    |
      | allocated | 00000102 | shopper-1 | 2     | MUG     | 2    | in the warehouse | storefront |
      | allocated | 00000102 | shopper-1 | 2     | MUG     | 2    | in the warehouse | app        |

    Examples: put aside in a store
      | state     | order    | shopper   | units | product | free | where        | channel    |
      | allocated | 00000142 | shopper-5 | 3     | CANDLE  | 3    | in the store | storefront |
      | allocated | 00000142 | shopper-5 | 3     | CANDLE  | 3    | in the store | app        |

    Examples: for some no place is chosen yet, and those go first
      | state            | order    | shopper   | units | product | free | where                  | channel    |
      | partly allocated | 00000109 | shopper-3 | 2     | MUG     | 2    | at no particular place | storefront |
      | partly allocated | 00000109 | shopper-3 | 2     | MUG     | 2    | at no particular place | app        |

  @case-18
  Scenario Outline: Every unit is free again where it was
    Given the <state> order "<order>" of "<shopper>"
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And every reserved unit of the order is free again, where it was reserved

    Examples:
      | state            | order    | shopper   | channel    |
      | allocated        | 00000108 | shopper-2 | storefront |
      | allocated        | 00000119 | shopper-4 | app        |
      | partly allocated | 00000109 | shopper-3 | storefront |
      | partly allocated | 00000132 | shopper-1 | app        |

  @case-19
  Scenario Outline: Goods that inventory knows to have left are not given free, nor put back
    Given the allocated order "00000102" of "shopper-1"
    When the warehouse tells inventory alone that the goods have left
    And the shopper cancels the order in the <channel>
    Then the shopper is told of these effects:
      | effect                                | state          |
      | release of the authorisation          | done           |
      | note of the money in order management | done           |
      | release of the reserved goods         | does not apply |
      | release of the booking                | done           |
      | status in the shop                    | done           |
      | refund event                          | done           |
    And inventory was not asked for the release of the goods
    And nothing was added to the stock

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-19
  Scenario Outline: Of a part-shipped order only what is still there is given free
    Given the partly shipped order "00000103" of "shopper-1"
    When the shopper cancels what is still open in the <channel>
    Then the shopper is told that exactly "2 CANDLE" is cancelled
    And 2 units of "CANDLE" are free again at no particular place, and no other
    And nothing was added to the stock

    Examples:
      | channel    |
      | storefront |
      | app        |

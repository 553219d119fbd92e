@orderops
Feature: Cancel units, and account for each to the cent
  Order management counts units and money. It cancels units that are free and no others; what it takes off a line is in
  whole cents, and what it took in parts adds up to the whole.

  @som-C1 @som
  Scenario Outline: All units of a line are cancelled, the other line stays
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper cancels 2 units of "SHIRT-M" in the <channel>
    Then the line of "SHIRT-M" is cancelled, with nothing to pay for
    And the line of "SCARF" is still ordered, with 1 unit to pay for
    And order management has cancelled exactly "2 SHIRT-M"
    And the change order is worth the opposite of what the shopper was told
    And of the authorisation exactly what the cancelled units were worth is released, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @som-C3 @som
  Scenario: Order management cancels no more units than are free
    Given the unallocated order "00000101" of "shopper-1"
    When the back office tries to cancel 3 units of "SHIRT-M"
    Then the back office is refused because the units are not free
    And nothing has changed in any system

  @som-C3 @som
  Scenario Outline: The shopper cannot give up more units than there are
    Given the <state> order "<order>" of "<shopper>"
    When the shopper cancels <units> units of "<product>" in the <channel>
    Then the shopper is refused because the order does not have so many, and is told of "<product>"
    And nothing has changed in any system

    Examples:
      | state            | order    | shopper   | units | product | channel    |
      | unallocated      | 00000101 | shopper-1 | 3     | SHIRT-M | storefront |
      | unallocated      | 00000101 | shopper-1 | 3     | SHIRT-M | app        |
      | partly allocated | 00000109 | shopper-3 | 6     | MUG     | storefront |
      | partly allocated | 00000109 | shopper-3 | 6     | MUG     | app        |

  @som-C5 @som
  Scenario: Of a partly allocated line order management cancels the free units alone
    Given the partly allocated order "00000109" of "shopper-3"
    When the back office tries to cancel 3 units of "MUG"
    Then the back office is refused because the units are not free
    And nothing has changed in any system

  @som-C5 @som
  Scenario Outline: The free units go first, and the warehouse keeps its own
    Given the partly allocated order "00000109" of "shopper-3"
    When the shopper cancels 2 units of "MUG" in the <channel>
    Then order management has cancelled exactly "2 MUG"
    And order management was not asked for the return of the units
    And the warehouse still holds 3 units of "MUG"
    And of the authorisation exactly what the cancelled units were worth is released, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @som-C5 @som-C33 @som
  Scenario Outline: Only what the free units lack is taken back from the warehouse
    Given the partly allocated order "00000109" of "shopper-3"
    When the shopper cancels 3 units of "MUG" in the <channel>
    Then order management has cancelled exactly "3 MUG"
    And the units left the warehouse before they were cancelled
    And the warehouse still holds 2 units of "MUG"
    And of the authorisation exactly what the cancelled units were worth is released, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @som-C6 @som
  Scenario: Order management does not cancel what was fulfilled
    Given the allocated order "00000102" of "shopper-1"
    When the warehouse ships the order
    And the back office tries to cancel 1 unit of "MUG"
    Then the back office is refused because the units are not free
    And nothing has changed in any system

  @som-C6 @som
  Scenario Outline: What was fulfilled can only be returned
    Given the allocated order "00000102" of "shopper-1"
    When the warehouse ships the order
    And the shopper cancels 1 unit of "MUG" in the <channel>
    Then the shopper is refused because it is too late to cancel
    And nothing has changed in any system

    Examples:
      | channel    |
      | storefront |
      | app        |

  @som-C7 @som
  Scenario Outline: Units that are allocated between the look and the cancel are cancelled at the next try
    Given the unallocated order "00000106" of "shopper-2"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the <channel>
    And the warehouse allocates the order
    And order management gets to it
    Then the shopper is refused because the order has changed
    And nothing has changed in any system
    When the shopper repeats the cancel
    Then the shopper is told that the order is cancelled
    And the units left the warehouse before they were cancelled
    And the warehouse holds nothing of the order
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @som-C16 @som
  Scenario Outline: A part of the units takes its share of the delivery fee, when order management is asked for it
    Given the unallocated order "<order>" of "<shopper>"
    When the back office asks what cancelling <units> units of "<product>" with their share of the delivery fee would come to
    Then it would come to "<total>", of which "<share>" are the share of the delivery fee
    And nothing has changed in any system

    Examples: one of two shirts and a scarf
      | order    | shopper   | units | product | total | share |
      | 00000101 | shopper-1 | 1     | SHIRT-M | 57.53 | 2.53  |

    Examples: the scarf
      | order    | shopper   | units | product | total | share |
      | 00000101 | shopper-1 | 1     | SCARF   | 34.52 | 1.52  |

    Examples: what is picked up has no part in the fee
      | order    | shopper   | units | product | total | share |
      | 00000118 | shopper-3 | 2     | MUG     | 27.50 | 0.00  |

  @som-C16 @som
  Scenario Outline: The fee of a group that goes is noted as a change of its price
    Given the unallocated order "00000118" of "shopper-3"
    When the shopper cancels 1 unit of "LAMP" in the <channel>
    Then order management has cancelled exactly "1 LAMP"
    And order management has noted that the delivery fee was given back
    And the change order is worth the opposite of what the shopper was told

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-30 @som-C21 @som
  Scenario Outline: Three units whose tax does not divide by three add up to the line
    Given the unallocated order "00000106" of "shopper-2"
    When the shopper cancels the units of "CANDLE" one by one in the <channel>
    Then what the shopper was told adds up to what was cancelled, to the cent
    And the line of "CANDLE" is cancelled, with nothing to pay for
    And nothing is left to pay and nothing is left authorised
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-30 @som-C21 @som
  Scenario Outline: Each of many units is worth the same but for a cent
    Given the unallocated order "00000134" of "shopper-2"
    When the shopper cancels the units of "<product>" one by one in the <channel>
    Then what the shopper was told adds up to what was cancelled, to the cent, and no unit differs by more than that
    And the line of "<product>" is cancelled, with nothing to pay for
    And the shop shows the order as it was

    Examples:
      | product | channel    |
      | BOARD   | storefront |
      | PENCILS | app        |
      | CANDLE  | storefront |
      | CANDLE  | app        |

  @case-30
  Scenario Outline: What comes off a discounted line in parts adds up too
    Given the unallocated order "00000111" of "shopper-4"
    When the shopper cancels the units of "SHIRT-M" one by one in the <channel>
    Then what the shopper was told adds up to what was cancelled, to the cent
    And the line of "SHIRT-M" is cancelled, with nothing to pay for

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-30
  Scenario Outline: Units that come back from the warehouse are worth what was told, to the cent
    Given the partly allocated order "00000109" of "shopper-3"
    When the shopper cancels the units of "MUG" one by one in the <channel>
    Then what the shopper was told adds up to what was cancelled, to the cent
    And nothing is left to pay and nothing is left authorised
    And the warehouse holds nothing of the order

    Examples:
      | channel    |
      | storefront |
      | app        |

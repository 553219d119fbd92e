@orderops
Feature: Cancel an order
  A shopper may give up an order until it ships. Order management decides whether it is still possible; once it has
  cancelled, money, booking and shop follow, and each of them follows exactly once, whatever gets lost on the way.

  @case-1 @money
  Scenario Outline: A second tap joins the cancel that is under way
    Given the unallocated order "00000101" of "shopper-1"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the <channel>
    And the shopper taps again meanwhile
    And order management gets to it
    Then every tap got the same answer
    And the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    And order management was asked for the cancel once, and carried it out once
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-1
  Scenario Outline: A second tap after the end gets the answer of the first
    Given the unallocated order "00000106" of "shopper-2"
    When the shopper cancels the order in the <channel>
    And the shopper repeats the cancel
    Then every tap got the same answer
    And the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state |
      | release of the authorisation          | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | refund event                          | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
    And every system was told only once to change anything
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-3
  Scenario Outline: A shopper who lost the connection gets the stored answer
    Given the unallocated order "00000107" of "shopper-2"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the <channel>
    And the shopper loses the connection
    And order management gets to it
    And the shopper repeats the cancel
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    And every system was told only once to change anything
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-3 @early-answer
  Scenario Outline: A shopper who comes back too early is told where to ask later
    Given the unallocated order "00000101" of "shopper-1"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the <channel>
    And the shopper loses the connection
    And the shopper repeats the cancel
    Then the shopper is told that the cancel is still under way
    When order management gets to it
    And the shopper repeats the cancel
    And the shopper asks how the cancel went
    Then the shopper is told that the order is cancelled
    And every system was told only once to change anything
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-4 @money
  Scenario Outline: An answer that got lost is found in the order itself
    Given the unallocated order "00000101" of "shopper-1"
    And the answer of order management to the cancel gets lost
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    And order management was asked for the cancel once, and carried it out once
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-4
  Scenario Outline: A cancel that never arrived is sent once more
    Given the unallocated order "00000106" of "shopper-2"
    And the cancel gets lost on its way to order management
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel twice, and carried it out once
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-4 @money
  Scenario Outline: A cancel whose outcome cannot be read is settled when it can, without asking again
    Given the unallocated order "00000101" of "shopper-1"
    And order management takes its time over the cancel
    And the answer of order management to the cancel gets lost
    When the shopper begins to cancel the order in the <channel>
    And order management does not get round to the question about the order
    And order management gets to it
    Then the shopper is told that the outcome is not known yet
    When order management works again
    And 1 minute has passed
    And the shopper asks how the cancel went
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state |
      | release of the authorisation          | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | refund event                          | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
    And order management was asked for the cancel once, and carried it out once
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-4
  Scenario Outline: A cancel that never arrived is sent once more as soon as that can be read
    Given the unallocated order "00000107" of "shopper-2"
    And order management takes its time over the cancel
    And the cancel gets lost on its way to order management
    When the shopper begins to cancel the order in the <channel>
    And order management does not get round to the question about the order
    And order management gets to it
    Then the shopper is told that the outcome is not known yet
    When order management works again
    Then nothing has changed in any system
    When 1 minute has passed
    And the shopper asks how the cancel went
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel twice, and carried it out once
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-7
  Scenario Outline: What has shipped can only be returned
    Given the allocated order "00000102" of "shopper-1"
    When the warehouse ships the order
    And the shopper cancels the order in the <channel>
    Then the shopper is refused because it is too late to cancel
    And nothing has changed in any system

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-7
  Scenario Outline: The warehouse ships while its units are being taken back, and wins
    Given the allocated order "00000102" of "shopper-1"
    And order management takes its time over the return of the units
    When the shopper begins to cancel the order in the <channel>
    And the warehouse ships the order
    And order management gets to it
    Then the shopper is refused because it is too late to cancel
    And nothing has changed in any system

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-7 @som-C37
  Scenario Outline: The warehouse ships right before order management cancels, and wins
    Given the unallocated order "00000106" of "shopper-2"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the <channel>
    And the warehouse allocates the order
    And the warehouse ships the order
    And order management gets to it
    Then the shopper is refused because it is too late to cancel
    And nothing has changed in any system

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-7
  Scenario Outline: The shopper cancels first, and nothing is left to ship
    Given the allocated order "00000102" of "shopper-1"
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    When the warehouse tries to ship the order
    Then the warehouse is refused
    And order management has cancelled every unit, with one record for each line
    And the warehouse holds nothing of the order
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-7
  Scenario Outline: The shopper cancels first, and nothing is left to allocate
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    When the warehouse tries to allocate the order
    Then the warehouse is refused
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-20
  Scenario Outline: A release that the slot service refuses is owed, and made up for
    Given the unallocated order "00000101" of "shopper-1"
    And the slot service does not get round to the release of the booking
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state   |
      | release of the authorisation          | done    |
      | note of the money in order management | done    |
      | release of the reserved goods         | done    |
      | refund event                          | done    |
      | release of the booking                | pending |
      | status in the shop                    | done    |
    And the booking still takes its room
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the shop shows the order as cancelled
    When the slot service works again
    And 10 minutes have passed
    And the shopper asks how the cancel went
    Then the shopper is told of these effects:
      | effect                                | state |
      | release of the authorisation          | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | refund event                          | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
    And the booking is released and its window has room for one more order

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-20
  Scenario Outline: A cancel does not wait for a slot service that is down
    Given the unallocated order "00000107" of "shopper-2"
    And the slot service is down
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state   |
      | release of the authorisation          | done    |
      | note of the money in order management | done    |
      | release of the reserved goods         | done    |
      | refund event                          | done    |
      | release of the booking                | pending |
      | status in the shop                    | done    |
    When the slot service works again
    And 10 minutes have passed
    And the shopper asks how the cancel went
    Then the shopper is told of these effects:
      | effect                                | state |
      | release of the authorisation          | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | refund event                          | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
    And the booking is released and its window has room for one more order
    And the slot service was asked for the release of the booking once
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-20
  Scenario Outline: Releasing twice gives the room back once
    Given the unallocated order "00000106" of "shopper-2"
    And the answer of the slot service to the release of the booking gets lost
    When the shopper cancels the order in the <channel>
    Then the shopper is told of these effects:
      | effect                                | state |
      | release of the authorisation          | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | refund event                          | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
    And the slot service was asked for the release of the booking twice
    And the booking is released and its window has room for one more order
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-35
  Scenario Outline: An order of somebody else looks like one that does not exist
    Given the unallocated order "00000101" of "shopper-1"
    When <who> <what> that order in the <channel>
    And the same with an order number that does not exist
    Then both answers are the same but for the number
    And the stranger is refused each time because there is no such order
    And nothing has changed in any system

    Examples:
      | who             | what            | channel    |
      | another shopper | tries to cancel | storefront |
      | another shopper | tries to cancel | app        |
      | another shopper | looks at        | storefront |
      | another shopper | looks at        | app        |
      | a guest         | tries to cancel | storefront |
      | a guest         | tries to cancel | app        |
      | a guest         | looks at        | storefront |
      | a guest         | looks at        | app        |

  @case-35
  Scenario Outline: Without logging in nobody learns which orders exist
    Given the unallocated order "00000101" of "shopper-1"
    When somebody who is not logged in <what> that order in the <channel>
    And the same with an order number that does not exist
    Then both answers are the same but for the number
    And the stranger is refused each time because they are not logged in
    And nothing has changed in any system

    Examples:
      | what            | channel    |
      | tries to cancel | storefront |
      | tries to cancel | app        |
      | looks at        | storefront |
      | looks at        | app        |

  @som-C4 @som
  Scenario: Order management does not cancel units that a warehouse holds
    Given the allocated order "00000102" of "shopper-1"
    When the back office tries to cancel the order
    Then the back office is refused because the units are not free
    And nothing has changed in any system

  @som-C4 @som @money
  Scenario Outline: Units that a warehouse holds are taken back before they are cancelled
    Given the <state> order "<order>" of "<shopper>"
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    And the units left the warehouse before they were cancelled
    And the warehouse holds nothing of the order
    And order management was asked for the cancel once, and carried it out once
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples: all units are allocated to the warehouse
      | state     | order    | shopper   | channel    |
      | allocated | 00000102 | shopper-1 | storefront |
      | allocated | 00000102 | shopper-1 | app        |

    Examples: all units are put aside in a store
      | state     | order    | shopper   | channel    |
      | allocated | 00000108 | shopper-2 | storefront |
      | allocated | 00000108 | shopper-2 | app        |

    Examples: some units are allocated, others are free
      | state            | order    | shopper   | channel    |
      | partly allocated | 00000109 | shopper-3 | storefront |
      | partly allocated | 00000109 | shopper-3 | app        |

  @som-C2 @som @money
  Scenario Outline: Giving up some units keeps the rest, its money and its window
    Given the unallocated order "00000106" of "shopper-2"
    When the shopper cancels 1 unit of "CANDLE" in the <channel>
    Then the shopper is told of these effects:
      | effect                                | state          |
      | release of the authorisation          | done           |
      | note of the money in order management | done           |
      | release of the reserved goods         | done           |
      | refund event                          | done           |
      | release of the booking                | does not apply |
      | status in the shop                    | does not apply |
    And order management has cancelled exactly "1 CANDLE"
    And of the authorisation exactly what the cancelled units were worth is released, once
    And the booking still takes its room

    Examples:
      | channel    |
      | storefront |
      | app        |

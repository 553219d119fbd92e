@orderops @money
Feature: Take back the points that a cancelled order earned
  Points that an order earned go with it. When the shopper has spent them meanwhile, the site decides what happens: the
  shopper owes them, or they are forgiven, or the shopper pays for them out of the refund. The answer says which.

  @case-22 @spent-points
  Scenario Outline: Spent points are owed
    Given the order "00000137" of "shopper-3" on the site "RefArch", which earned 90 points
    And the shopper has spent all points but 30
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    And the shopper is told that 90 points are taken back, and that missing ones are owed
    And the shopper has -60 points
    And the payment is given back in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-22 @spent-points
  Scenario Outline: Spent points are forgiven
    Given the order "00000150" of "shopper-3" on the site "RefArchGlobal", which earned 90 points
    And the shopper has spent all points but <left>
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told that 90 points are taken back, and that missing ones are forgiven
    And the shopper is told that <forgiven> points are forgiven
    And the shopper has 0 points
    And the payment is given back in full, once

    Examples:
      | left | forgiven | channel    |
      | 30   | 60       | storefront |
      | 0    | 90       | app        |

  @case-22 @spent-points
  Scenario Outline: Nothing is forgiven of points that are still there
    Given the order "00000150" of "shopper-3" on the site "RefArchGlobal", which earned 90 points
    And the shopper has spent all points but 100
    When the shopper cancels the order in the <channel>
    Then the shopper is told of these effects:
      | effect                                | state |
      | refund                                | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | release of the booking                | done  |
      | points taken back                     | done  |
      | status in the shop                    | done  |
      | refund event                          | done  |
    And the shopper has 10 points
    And the payment is given back in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-22 @spent-points
  Scenario Outline: Spent points are paid for out of the refund, to the cent
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which earned 90 points
    And the shopper has spent all points but <left>
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told that 90 points are taken back, and that missing ones are deducted from the refund
    And the shopper is told that "<price>" was kept for points
    And the payment is given back in full but for "<price>", once
    And order management has a fee of "<price>" for spent points
    And the shopper has 0 points

    Examples:
      | left | price | channel    |
      | 30   | 6.00  | storefront |
      | 30   | 6.00  | app        |
      | 89   | 0.10  | storefront |
      | 0    | 9.00  | app        |

  @case-22 @spent-points
  Scenario Outline: Nothing is kept for points that are still there
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which earned 90 points
    And the shopper has spent all points but 95
    When the shopper cancels the order in the <channel>
    Then the shopper is told that 90 points are taken back, and that missing ones are deducted from the refund
    And the payment is given back in full, once
    And order management has a fee of "0.00" for spent points
    And the shopper has 5 points

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-22 @spent-points
  Scenario Outline: Where no money was taken yet, spent points are owed after all
    Given the order "00000152" of "shopper-4" on the site "RefArchOutlet", which earned 90 points
    And the shopper has spent all points but 30
    When the shopper cancels the order in the <channel>
    Then the shopper is told that 90 points are taken back, and that missing ones are owed
    And the authorisation of the card is released in full, once
    And the shopper has -60 points

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-22 @spent-points
  Scenario Outline: Each part of an order pays for its own share of spent points
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which earned 90 points
    And the shopper has spent all points but 30
    When the shopper cancels 1 unit of "PILLOW" in the <channel>
    Then the shopper is told that 42 points are taken back, and that missing ones are deducted from the refund
    And the shopper is told that "1.20" was kept for points
    And of the payment exactly what the cancelled units were worth is given back but for "1.20", once
    And order management has a fee of "1.20" for spent points
    And the shopper has 0 points
    When the shopper cancels the order in the <channel>
    Then the shopper is told that 48 points are taken back, and that missing ones are deducted from the refund
    And the shopper is told that "4.80" was kept for points
    And order management has a fee of "6.00" for spent points
    And the shopper has 0 points

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-22 @spent-points
  Scenario Outline: A refund waits until it is known what is kept of it
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which earned 90 points
    And the shopper has spent all points but 30
    And the points service is down
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                        | state   |
      | return of the money           | pending |
      | release of the reserved goods | done    |
      | release of the booking        | done    |
      | status in the shop            | done    |
      | refund event                  | done    |
    And the payment provider was not asked to do anything
    When the points service works again
    And 10 minutes have passed
    And the shopper asks how the cancel went
    Then the shopper is told that 90 points are taken back, and that missing ones are deducted from the refund
    And the shopper is told that "6.00" was kept for points
    And the payment is given back in full but for "6.00", once
    And order management has a fee of "6.00" for spent points
    And the shopper has 0 points

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-22
  Scenario Outline: A part takes its own share of the points, while that of an earlier part is owed
    Given the unallocated order "00000106" of "shopper-2"
    And the shopper got 90 points for the order
    And the shopper has spent all points but 100
    And the points service is down
    When the shopper cancels 1 unit of "CANDLE" in the <channel>
    Then the shopper has 100 points
    When the points service works again
    And the shopper cancels 1 unit of "CANDLE" in the <channel>
    Then the shopper is told that 25 points are taken back, and that missing ones are owed
    And the shopper has 75 points
    When 10 minutes have passed
    Then the shopper has 50 points

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-23 @money
  Scenario Outline: What was paid with points comes back as points, the rest of them with the last part
    Given the unallocated order "00000106" of "shopper-2"
    And the shopper paid 100 points for the order
    When the shopper cancels 1 unit of "CANDLE" in the <channel>
    Then the shopper is told that 27 points are given back
    When the shopper cancels 1 unit of "CANDLE" in the <channel>
    Then the shopper is told that 28 points are given back
    When the shopper cancels 1 unit of "CANDLE" in the <channel>
    Then the shopper is told that 45 points are given back
    And the shopper has as many points as before they paid

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-23
  Scenario Outline: A reward that was never redeemed is given up, and its points are there again
    Given the unallocated order "00000106" of "shopper-2"
    And the shopper reserved 100 points for the order
    When the shopper cancels the order in the <channel>
    Then the shopper is told that 100 points are given back
    And the shopper has as many points as before they paid

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-23
  Scenario Outline: Points come back once, however often the answer gets lost
    Given the unallocated order "00000106" of "shopper-2"
    And the shopper paid 100 points for the order
    And the points service is down
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    When the points service works again
    And 10 minutes have passed
    And the shopper asks how the cancel went
    Then the shopper is told that 100 points are given back
    And the shopper has as many points as before they paid

    Examples:
      | channel    |
      | storefront |
      | app        |

  # Points last twelve months. What is given back of those that are over by now can be spent for thirty days.
  @case-24
  Scenario Outline: Points that have expired meanwhile can be spent again for a while
    Given the unallocated order "00000112" of "shopper-5"
    And the shopper paid 100 points for the order
    When 600 days have passed
    Then the shopper has 0 points
    When the shopper cancels the order in the <channel>
    Then the shopper is told that 100 points are given back
    And the shopper has 100 points
    When 29 days have passed
    Then the shopper has 100 points

    Examples:
      | channel    |
      | storefront |
      | app        |

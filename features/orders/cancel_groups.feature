@orderops @money
Feature: Cancel what is delivered and what is picked up apart from each other
  An order may be delivered for a part and picked up for the rest. Each part has a window, a fee and goods of its own, and
  a cancel of the one leaves the other as it is. The delivery fee comes back with the last unit that was to be delivered.

  @case-29 @som-C17
  Scenario Outline: The delivery fee comes back with the whole order
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper cancels the order in the <channel>
    Then the shopper is told that everything the order was worth comes back
    And the delivery fee comes back
    And order management has noted that the delivery fee was given back
    And the authorisation of the card is released in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-29
  Scenario Outline: The delivery fee stays as long as something is delivered
    Given the <state> order "<order>" of "<shopper>"
    When the shopper cancels 1 unit of "<product>" in the <channel>
    Then the delivery fee is still to be paid
    And the shopper is told that what the cancelled units were worth comes back
    And of the authorisation exactly what the cancelled units were worth is released, once

    Examples:
      | state       | order    | shopper   | product | channel    |
      | unallocated | 00000101 | shopper-1 | SHIRT-M | storefront |
      | unallocated | 00000101 | shopper-1 | SHIRT-M | app        |
      | allocated   | 00000102 | shopper-1 | MUG     | storefront |
      | allocated   | 00000102 | shopper-1 | MUG     | app        |

  @case-29
  Scenario Outline: The delivery fee comes back, whole, with the last unit that is given up
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper cancels 2 units of "SHIRT-M" in the <channel>
    Then the delivery fee is still to be paid
    When the shopper cancels 1 unit of "SCARF" in the <channel>
    Then the delivery fee comes back
    And what the shopper was told adds up to what was cancelled, to the cent
    And nothing is left to pay and nothing is left authorised
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-29 @case-32
  Scenario Outline: What is delivered goes with its fee and its window, what is picked up stays
    Given the <state> order "<order>" of "<shopper>"
    When the shopper cancels 1 unit of "<product>" in the <channel>
    Then the shopper is told that exactly "1 <product>" is cancelled
    And the delivery fee comes back
    And the booking for the delivery is released and its window has room for one more order
    And the booking for the pickup still takes its room
    And the shopper is told that what the cancelled units were worth comes back
    And of the authorisation exactly what the cancelled units were worth is released, once
    And the shop shows the order as it was
    And the shopper sees in the <channel> that the order is confirmed, and a part of it was cancelled

    Examples:
      | state       | order    | shopper   | product | channel    |
      | unallocated | 00000118 | shopper-3 | LAMP    | storefront |
      | unallocated | 00000118 | shopper-3 | LAMP    | app        |
      | allocated   | 00000119 | shopper-4 | BLANKET | storefront |
      | allocated   | 00000119 | shopper-4 | BLANKET | app        |

  @case-29 @case-32
  Scenario Outline: What is picked up goes with its window, what is delivered stays
    Given the unallocated order "00000118" of "shopper-3"
    When the shopper cancels 2 units of "MUG" in the <channel>
    Then the delivery fee is still to be paid
    And the booking for the pickup is released and its window has room for one more order
    And the booking for the delivery still takes its room
    And 2 units of "MUG" are free again at no particular place, and no other
    And of the authorisation exactly what the cancelled units were worth is released, once
    And the shop shows the order as it was

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-32
  Scenario Outline: A part of what is picked up keeps its window
    Given the unallocated order "00000118" of "shopper-3"
    When the shopper cancels 1 unit of "MUG" in the <channel>
    Then the booking for the pickup still takes its room
    And the booking for the delivery still takes its room
    And of the authorisation exactly what the cancelled units were worth is released, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-32
  Scenario Outline: One part after the other, and the order is cancelled
    Given the unallocated order "00000118" of "shopper-3"
    When the shopper cancels 2 units of "MUG" in the <channel>
    Then the shop shows the order as it was
    When the shopper cancels 1 unit of "LAMP" in the <channel>
    Then the booking for the pickup is released and its window has room for one more order
    And the booking for the delivery is released and its window has room for one more order
    And what the shopper was told adds up to what was cancelled, to the cent
    And nothing is left to pay and nothing is left authorised
    And the shop shows the order as cancelled
    And the shopper sees in the <channel> that the order is cancelled, and nothing else was cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-32
  Scenario Outline: What was picked up is closed, what is still to be sent can be given up
    Given the order "00000120" of "shopper-4", whose "MUG" was picked up already
    When the shopper cancels what is still open in the <channel>
    Then the shopper is told that exactly "1 RADIO" is cancelled
    And the booking for the delivery is released and its window has room for one more order
    And the booking for the pickup still takes its room
    And the delivery fee comes back
    And what was taken of the card stays taken
    And the shop shows the order as it was

    Examples:
      | channel    |
      | storefront |
      | app        |

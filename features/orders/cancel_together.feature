@orderops
Feature: Cancel what belongs together
  A bundle goes with its parts, a product with what was chosen for it, and what was given for a purchase with the purchase.
  None of these goes by itself, and what has left already holds its bundle back.

  @case-31
  Scenario Outline: What belongs to a line is cancelled with it
    Given the unallocated order "<order>" of "shopper-1"
    When the shopper cancels <units> unit of "<line>" in the <channel>
    Then the shopper is told that exactly "<gone>" are cancelled
    And the shopper is told that what the cancelled units were worth comes back
    And order management has cancelled exactly "<gone>"
    And of the authorisation exactly what the cancelled units were worth is released, once
    And order management was asked for the cancel once, and carried it out once

    Examples:
      | order    | units | line    | gone                          | channel    |
      | 00000155 | 1     | TEA-SET | 1 TEA-SET, 1 TEAPOT, 2 BOWL   | storefront |
      | 00000155 | 1     | TEA-SET | 1 TEA-SET, 1 TEAPOT, 2 BOWL   | app        |
      | 00000156 | 1     | WATCH   | 1 WATCH, 1 engraving-initials | storefront |
      | 00000156 | 1     | WATCH   | 1 WATCH, 1 engraving-initials | app        |
      | 00000156 | 1     | PERFUME | 1 PERFUME, 1 SAMPLE           | storefront |
      | 00000156 | 1     | PERFUME | 1 PERFUME, 1 SAMPLE           | app        |

  @case-31
  Scenario Outline: A line that belongs to another is not cancelled by itself
    Given the unallocated order "<order>" of "shopper-1"
    When the shopper cancels 1 unit of "<line>" in the <channel>
    Then the shopper is refused because it goes only together with what it belongs to, and is told of "<line>"
    And nothing has changed in any system

    Examples:
      | order    | line               | channel    |
      | 00000155 | BOWL               | storefront |
      | 00000155 | BOWL               | app        |
      | 00000156 | engraving-initials | storefront |
      | 00000156 | engraving-initials | app        |
      | 00000156 | SAMPLE             | storefront |
      | 00000156 | SAMPLE             | app        |

  @case-31
  Scenario Outline: Naming what goes along changes nothing, and naming more of it is refused
    Given the unallocated order "00000155" of "shopper-1"
    When the shopper cancels "1 TEA-SET, 3 BOWL" in the <channel>
    Then the shopper is refused because it goes only together with what it belongs to, and is told of "BOWL"
    And nothing has changed in any system
    When the shopper cancels "1 TEA-SET, 2 BOWL" in the <channel>
    Then the shopper is told that exactly "1 TEA-SET, 1 TEAPOT, 2 BOWL" are cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-31
  Scenario Outline: Allocated parts leave the warehouse with their bundle
    Given the allocated order "00000157" of "shopper-1"
    When the shopper cancels 1 unit of "TEA-SET" in the <channel>
    Then the shopper is told that exactly "1 TEA-SET, 1 TEAPOT, 2 BOWL" are cancelled
    And order management has cancelled exactly "1 TEA-SET, 1 TEAPOT, 2 BOWL"
    And the units left the warehouse before they were cancelled
    And the warehouse still holds 1 unit of "PERFUME"
    And the warehouse still holds 1 unit of "SAMPLE"

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-31
  Scenario Outline: A bundle of which a part has left stays, and a bonus that has left is kept
    Given the partly shipped order "00000158" of "shopper-1"
    When the shopper cancels 1 unit of "TEA-SET" in the <channel>
    Then the shopper is refused because it is too late to cancel, and is told of "BOWL"
    And nothing has changed in any system
    When the shopper cancels what is still open in the <channel>
    Then the shopper is told that exactly "1 PERFUME" is cancelled
    And order management has cancelled exactly "1 PERFUME"

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-31
  Scenario Outline: The whole order goes with everything in it
    Given the unallocated order "<order>" of "shopper-1"
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the shop shows the order as cancelled

    Examples:
      | order    | channel    |
      | 00000155 | storefront |
      | 00000155 | app        |
      | 00000156 | storefront |
      | 00000156 | app        |

  @case-31
  Scenario Outline: The shopper sees what belongs together
    Given the unallocated order "00000156" of "shopper-1"
    When the shopper opens the order in the <channel>
    Then cancelling is offered
    And the shopper sees in the <channel> that "engraving-initials" belongs to "WATCH"
    And the shopper sees in the <channel> that "SAMPLE" belongs to "PERFUME" as a bonus
    And the shopper sees in the <channel> that 2 units of "WATCH" can be cancelled
    And the shopper sees in the <channel> that 0 units of "engraving-initials" can be cancelled
    And the shopper sees in the <channel> that 0 units of "SAMPLE" can be cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

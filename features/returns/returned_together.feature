@orderops @money
Feature: Take back what belongs together
  What comes back is paid at the price that was paid. A bundle comes back whole. What was given for a purchase comes back with
  it, or its price is kept.

  @case-71
  Scenario Outline: A bonus comes back with its purchase, or its price is kept
    Given the delivered order "00000159" of "shopper-1"
    When the shopper returns "<units>" in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "<refund>" comes back and "<kept>" is kept
    And order management has taken back exactly "<units>"
    And "<refund>" of the payment were given back in all, and no more
    And the operators are asked to look after nothing

    Examples:
      | units               | refund | kept  | channel    |
      | 1 PERFUME, 1 SAMPLE | 77.00  | 0.00  | storefront |
      | 1 PERFUME, 1 SAMPLE | 77.00  | 0.00  | app        |
      | 1 PERFUME           | 63.80  | 13.20 | storefront |
      | 1 PERFUME           | 63.80  | 13.20 | app        |

  @case-71
  Scenario Outline: A bonus that came back before is not kept
    Given the delivered order "00000159" of "shopper-1"
    When the shopper returns 1 unit of "SAMPLE" in the <channel>
    Then the shopper is told that "0.00" comes back
    When the shopper returns 1 unit of "PERFUME" in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "77.00" comes back
    And "77.00" of the payment were given back in all, and no more

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-71
  Scenario Outline: What belongs to a line comes back with it
    Given the delivered order "00000159" of "shopper-1"
    When the shopper returns 1 unit of "<line>" in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "<refund>" comes back
    And the shopper is told that exactly "<back>" are taken back
    And order management has taken back exactly "<back>"
    And "<refund>" of the payment were given back in all, and no more

    Examples:
      | line    | back                          | refund | channel    |
      | TEA-SET | 1 TEA-SET, 1 TEAPOT, 2 BOWL   | 93.50  | storefront |
      | TEA-SET | 1 TEA-SET, 1 TEAPOT, 2 BOWL   | 93.50  | app        |
      | WATCH   | 1 WATCH, 1 engraving-initials | 148.50 | storefront |
      | WATCH   | 1 WATCH, 1 engraving-initials | 148.50 | app        |

  @case-71
  Scenario Outline: A part of a bundle does not come back by itself
    Given the delivered order "00000159" of "shopper-1"
    When the shopper returns 1 unit of "<line>" in the <channel>
    Then the shopper is refused because it goes only together with what it belongs to, and is told of "<line>"
    And nothing has changed in any system

    Examples:
      | line               | channel    |
      | BOWL               | storefront |
      | BOWL               | app        |
      | engraving-initials | storefront |
      | engraving-initials | app        |

  @case-71
  Scenario Outline: Everything comes back, and nothing is kept
    Given the delivered order "00000159" of "shopper-1"
    When the shopper returns everything in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "325.59" comes back
    And "325.59" of the payment were given back in all, and no more
    And nothing is left to pay and nothing is left authorised

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-71
  Scenario Outline: What a promotion made cheaper is paid back at the price that was paid
    Given the unallocated order "00000146" of "shopper-5"
    When the warehouse allocates the order
    And the warehouse ships the order
    And the shopper returns 1 unit of "TOWEL" in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "19.14" comes back
    And the shopper sees in the <channel> that "19.14" were taken off the order
    And the shopper sees in the <channel> that the line of "BOWL" is worth what it was

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-71 @spent-points
  Scenario Outline: Where a site requires it, a bonus comes back with its purchase or neither does
    Given "shopper-1" has ordered "1 PERFUME" in checkout on the site "RefArchGlobal"
    When the warehouse allocates the order
    And the warehouse ships the order
    And the retailer takes all the money
    And 10 minutes have passed
    And the shopper returns 1 unit of "PERFUME" in the <channel>
    Then the shopper is refused because it goes only together with what it belongs to, and is told of "SAMPLE"
    When the shopper returns "1 PERFUME, 1 SAMPLE" in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "75.89" comes back and "7.70" is kept
    And order management has taken back exactly "1 PERFUME, 1 SAMPLE"
    And the operators are asked to look after nothing

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-71 @spent-points
  Scenario Outline: Where a site forgives it, a bonus is a present when its purchase comes back
    Given "shopper-1" has ordered "1 PERFUME" in checkout on the site "RefArchOutlet"
    When the warehouse allocates the order
    And the warehouse ships the order
    And the retailer takes all the money
    And 10 minutes have passed
    And the shopper returns 1 unit of "PERFUME" in the <channel>
    And 1 hour has passed
    Then the shopper is told that "77.00" comes back, once the goods have arrived
    When the back office books 1 of the announced units as arrived and 0 as not coming
    And 7 hours have passed
    Then order management has taken back exactly "1 PERFUME"
    And the operators are asked to look after nothing

    Examples:
      | channel    |
      | storefront |
      | app        |

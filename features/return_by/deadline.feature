@orderops
Feature: Until when something can be returned
  A shopper sees of every line until when it can come back. Days are those of a calendar on the wall, in the shop's own
  time zone; the last one counts to its end. In these scenarios a shop in New York gives 14 days.

  @case-61
  Scenario Outline: The last second is in time, the next one is not
    Given the delivered order "00000113" of "shopper-2"
    When the carrier reports that "RAINCOAT" arrived at "2026-06-01 09:30" in "New York"
    And it is "<moment>" in "New York"
    Then the shopper sees in the <channel> that "RAINCOAT" can be returned until "2026-06-15 23:59:59.999" in "New York"
    And the shopper sees in the <channel> that "RAINCOAT" <possible> returned

    Examples:
      | moment                  | channel    | possible         |
      | 2026-06-15 23:59:59     | storefront | can still be     |
      | 2026-06-15 23:59:59.999 | storefront | can still be     |
      | 2026-06-15 23:59:59.999 | app        | can still be     |
      | 2026-06-16 00:00:00     | storefront | can no longer be |
      | 2026-06-16 00:00:00     | app        | can no longer be |

  @case-61
  Scenario Outline: Hours of grace are given without being announced
    Given the delivered order "00000140" of "shopper-4"
    When the carrier reports that "JEANS-32" arrived at "2026-06-01 09:30" in "New York"
    And it is "<moment>" in "New York"
    Then the shopper sees in the app that "JEANS-32" can be returned until "2026-06-15 23:59:59.999" in "New York"
    And the shopper sees in the app that "JEANS-32" <possible> returned

    Examples:
      | moment                  | possible         |
      | 2026-06-16 05:59:59.999 | can still be     |
      | 2026-06-16 06:00:00     | can no longer be |

  @case-62 @case-77
  Scenario Outline: Days are counted on the calendar
    Given the delivered order "00000113" of "shopper-2"
    When the carrier reports that "RAINCOAT" arrived at "<arrived>" in "New York"
    Then the shopper sees in the <channel> that "RAINCOAT" can be returned until "<until>" in "New York"

    Examples: Clocks change on the way
      | arrived          | until                   | channel    |
      | 2027-03-01 10:00 | 2027-03-15 23:59:59.999 | storefront |
      | 2027-03-14 01:30 | 2027-03-28 23:59:59.999 | app        |
      | 2026-10-25 10:00 | 2026-11-08 23:59:59.999 | storefront |
      | 2026-10-18 23:30 | 2026-11-01 23:59:59.999 | app        |

    Examples: Fourteen times 24 hours would end on another day
      | arrived          | until                   | channel    |
      | 2026-10-25 00:30 | 2026-11-08 23:59:59.999 | storefront |
      | 2026-10-25 00:30 | 2026-11-08 23:59:59.999 | app        |
      | 2027-03-13 23:30 | 2027-03-27 23:59:59.999 | storefront |
      | 2027-03-13 23:30 | 2027-03-27 23:59:59.999 | web app    |

    Examples: Ends of months and years, and leap days
      | arrived          | until                   | channel    |
      | 2028-02-15 10:00 | 2028-02-29 23:59:59.999 | storefront |
      | 2028-02-16 10:00 | 2028-03-01 23:59:59.999 | app        |
      | 2027-02-15 10:00 | 2027-03-01 23:59:59.999 | app        |
      | 2027-01-31 10:00 | 2027-02-14 23:59:59.999 | storefront |
      | 2027-12-25 10:00 | 2028-01-08 23:59:59.999 | app        |

  @case-62
  Scenario Outline: The day on which it is tried goes by the calendar as well
    Given the delivered order "00000113" of "shopper-2"
    When the carrier reports that "RAINCOAT" arrived at "2026-10-25 00:30" in "New York"
    And it is "2026-11-08 23:59:59.999" in "New York"
    And the shopper returns 1 unit of "RAINCOAT" in the <channel>
    Then the shopper is told that "163.90" comes back
    And the shopper sees in the <channel> that 1 unit of "RAINCOAT" came back

    Examples:
      | channel    |
      | storefront |
      | web app    |

  @case-62
  Scenario Outline: An hour less in spring gives no hour more
    Given the delivered order "00000113" of "shopper-2"
    When the carrier reports that "RAINCOAT" arrived at "2027-03-13 23:30" in "New York"
    And it is "2027-03-28 00:00:00" in "New York"
    And the shopper returns 1 unit of "RAINCOAT" in the <channel>
    Then the shopper is refused because the time for returning has ended, and is told of "2027-03-27 23:59:59.999" in "New York"
    And the shopper sees in the <channel> that 0 units of "RAINCOAT" came back

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-63
  Scenario Outline: A moment that clocks skip or show twice counts in the shopper's favour
    Given the delivered order "00000128" of "shopper-5"
    When the carrier reports that "CLOCK" arrived at "<arrived>" in "Berlin"
    Then the shopper sees in the <channel> that "CLOCK" can be returned until "<until>" in "Berlin"

    Examples:
      | arrived          | until            | channel    |
      | 2027-03-14 02:30 | 2027-03-28 03:00 | storefront |
      | 2027-03-14 01:30 | 2027-03-28 01:30 | app        |
      | 2027-06-01 10:15 | 2027-06-15 10:15 | app        |

  @case-63
  Scenario Outline: Of a moment that clocks show twice the second counts
    Given the delivered order "00000128" of "shopper-5"
    When the carrier reports that "CLOCK" arrived at "<arrived>" in "Berlin"
    Then the shopper sees in the <channel> that "CLOCK" can be returned until "<until>" in "Berlin"

    Examples: When summer time ends, the clocks of Berlin show the hour after two o'clock twice
      | arrived          | until                   | channel    |
      | 2026-10-11 01:59 | 2026-10-25 01:59 +02:00 | app        |
      | 2026-10-11 02:30 | 2026-10-25 02:30 +01:00 | storefront |
      | 2026-10-11 02:30 | 2026-10-25 02:30 +01:00 | app        |
      | 2026-10-11 03:00 | 2026-10-25 03:00 +01:00 | storefront |

  @case-63
  Scenario Outline: At the moment that clocks show twice it is possible until the second time
    Given the delivered order "00000128" of "shopper-5"
    When the carrier reports that "CLOCK" arrived at "2026-10-11 02:30" in "Berlin"
    And it is "<moment>" in "Berlin"
    Then the shopper sees in the <channel> that "CLOCK" <possible> returned

    Examples:
      | moment                  | channel    | possible         |
      | 2026-10-25 02:31 +02:00 | storefront | can still be     |
      | 2026-10-25 02:30 +01:00 | app        | can still be     |
      | 2026-10-25 02:31 +01:00 | web app    | can no longer be |

  @case-64
  Scenario Outline: The shop's time zone counts, wherever the parcel arrives
    Given the delivered order "00000113" of "shopper-2"
    When the carrier reports that "CAP" arrived at "<arrived>" in "<where>"
    Then the shopper sees in the <channel> that "CAP" can be returned until "<until>" in "New York"

    Examples:
      | arrived          | where         | until                   | channel    |
      | 2026-06-02 05:00 | Berlin | 2026-06-15 23:59:59.999 | storefront |
      | 2026-06-02 06:30 | Berlin | 2026-06-16 23:59:59.999 | app        |
      | 2026-06-02 10:00 | Tokyo    | 2026-06-15 23:59:59.999 | app        |

  @case-64
  Scenario: The clocks that counted are named when it is too late
    Given the delivered order "00000128" of "shopper-5"
    When the carrier reports that "CLOCK" arrived at "2026-06-02 10:15" in "Berlin"
    And it is "2026-06-16 10:16" in "Berlin"
    And the shopper returns 1 unit of "CLOCK" in the app
    Then the shopper is refused because the time for returning has ended, and is told of "2026-06-16 10:15" in "Berlin"

  @case-65
  Scenario Outline: Seasons prolong, and of several dates the latest counts
    Given the order "<order>" of "<shopper>"
    When the carrier reports that "<product>" arrived at "<arrived>" in "New York"
    Then the shopper sees in the app that "<product>" can be returned until "<until>" in "New York"

    Examples: From November until Christmas Eve everything may come back until the end of January
      | order    | shopper   | product  | arrived             | until                   |
      | 00000113 | shopper-2 | RAINCOAT | 2026-10-31 23:59:59 | 2026-11-14 23:59:59.999 |
      | 00000113 | shopper-2 | RAINCOAT | 2026-11-01 00:00:00 | 2027-01-31 23:59:59.999 |
      | 00000113 | shopper-2 | RAINCOAT | 2026-12-19 12:00    | 2027-01-31 23:59:59.999 |
      | 00000113 | shopper-2 | RAINCOAT | 2026-12-25 00:00:00 | 2027-01-08 23:59:59.999 |

    Examples: Two seasons at once
      | order    | shopper   | product  | arrived          | until                   |
      | 00000113 | shopper-2 | RAINCOAT | 2026-11-25 12:00 | 2027-01-31 23:59:59.999 |
      | 00000113 | shopper-2 | RAINCOAT | 2026-12-20 12:00 | 2027-02-18 23:59:59.999 |
      | 00000113 | shopper-2 | RAINCOAT | 2026-12-24 23:59 | 2027-02-22 23:59:59.999 |
      | 00000113 | shopper-2 | RAINCOAT | 2026-12-25 00:00 | 2027-01-08 23:59:59.999 |

    Examples: A season of those who ordered on the first of June, and one of those who ordered in its second half
      | order    | shopper   | product  | arrived          | until                   |
      | 00000129 | shopper-5 | KNIFE    | 2026-06-20 12:00 | 2026-07-20 23:59:59.999 |

    Examples: A last day without work moves to the next working day
      | order    | shopper   | product  | arrived          | until                   |
      | 00000140 | shopper-4 | JEANS-32 | 2026-06-06 12:00 | 2026-06-22 23:59:59.999 |
      | 00000140 | shopper-4 | JEANS-32 | 2026-12-01 12:00 | 2027-02-02 23:59:59.999 |

@orderops @money
Feature: Pay for announced goods when they have come
  Where goods are announced with a return order, nothing is paid before they arrive. What arrives is paid back; what does
  not, or is called off, is not.

  @case-72
  Scenario Outline: What has arrived is paid back, the rest when it comes
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which has been handed over
    When the shopper returns 2 units of "PILLOW" in the <channel>
    And 1 hour has passed
    Then the shopper is told that "106.58" comes back, once the goods have arrived
    And "0" of the payment were given back in all, and no more
    And web analytics counts no refunds of the order
    And the shopper sees in the <channel> that 2 units of "PILLOW" are to come back
    And the shopper sees in the <channel> that 0 units of "PILLOW" can be returned
    When the back office books 1 of the announced units as arrived and 0 as not coming
    And 7 hours have passed
    Then "53.30" of the payment were given back in all, and no more
    And web analytics counts 1 refund of the order
    And the shopper sees in the <channel> that 1 unit of "PILLOW" came back
    And the shopper sees in the <channel> that 1 unit of "PILLOW" is to come back
    When the back office books 1 of the announced units as arrived and 0 as not coming
    And 7 hours have passed
    Then "106.58" of the payment were given back in all, and no more
    And web analytics counts 2 refunds of the order
    And the shopper sees in the <channel> that 2 units of "PILLOW" came back
    And nothing is left to pay and nothing is left authorised

    Examples:
      | channel    |
      | storefront |
      | app        |
      | web app    |

  @case-72
  Scenario Outline: What did not arrive, or is not accepted, is not paid back and stays the shopper's
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which has been handed over
    When the shopper returns 2 units of "PILLOW" in the <channel>
    And the back office books 1 of the announced units as arrived and 1 as not coming
    And 7 hours have passed
    Then "53.30" of the payment were given back in all, and no more
    And web analytics counts 1 refund of the order
    And the shopper sees in the <channel> that 1 unit of "PILLOW" came back
    And the shopper sees in the <channel> that 1 unit of "PILLOW" can be returned
    When the shopper asks how the return went
    Then the shopper is told of these effects:
      | effect                                | state |
      | arrival of the goods                  | done  |
      | note of the money in order management | done  |
      | points taken back                     | done  |
      | refund event                          | done  |
      | refund                                | done  |

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-73
  Scenario Outline: A return that is called off pays nothing, and its goods may be returned anew
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which has been handed over
    When the shopper returns 2 units of "PILLOW" in the <channel>
    Then the shopper sees in the <channel> that 0 units of "PILLOW" can be returned
    When the back office calls the announced return off
    And 7 hours have passed
    Then "0" of the payment were given back in all, and no more
    And the shopper sees in the <channel> that 0 units of "PILLOW" are to come back
    And the shopper sees in the <channel> that 2 units of "PILLOW" can be returned
    And the operators are asked to look after nothing
    When the shopper asks how the return went
    Then the shopper is told of these effects:
      | effect               | state          |
      | arrival of the goods | does not apply |
    When the shopper returns 2 units of "PILLOW" in the <channel>
    Then the shopper is told that "106.58" comes back, once the goods have arrived
    When the back office books 2 of the announced units as arrived and 0 as not coming
    And 7 hours have passed
    Then "106.58" of the payment were given back in all, and no more
    And web analytics counts 1 refund of the order

    Examples:
      | channel    |
      | storefront |
      | app        |
      | web app    |

  @case-73
  Scenario Outline: A return that is called off when the time is over cannot be begun anew
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which has been handed over
    When the carrier reports that "PILLOW" arrived at "2026-06-02 10:00" in "New York"
    And the shopper returns 1 unit of "PILLOW" in the <channel>
    And it is "2026-06-17 00:00" in "New York"
    And the back office calls the announced return off
    And 7 hours have passed
    And the shopper returns 1 unit of "PILLOW" in the <channel>
    Then the shopper is refused because the time for returning has ended, and is told of "2026-06-16 23:59:59.999" in "New York"
    And "0" of the payment were given back in all, and no more

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-72 @case-61
  Scenario: What was announced in time may arrive late
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which has been handed over
    When the carrier reports that "PILLOW" arrived at "2026-06-02 10:00" in "New York"
    And the shopper returns 2 units of "PILLOW" in the app
    And it is "2026-06-20 00:00" in "New York"
    And the back office books 2 of the announced units as arrived and 0 as not coming
    And 7 hours have passed
    Then "106.58" of the payment were given back in all, and no more

  @case-75 @case-72
  Scenario Outline: Points that announced goods had earned go with each part that arrives
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which earned 90 points
    And the order "00000151" of "shopper-3" on the site "RefArchOutlet", which has been handed over
    When the shopper returns 2 units of "PILLOW" in the <channel>
    And 1 hour has passed
    Then the shopper has 520 points
    When the back office books 1 of the announced units as arrived and 0 as not coming
    And 7 hours have passed
    Then the shopper has 475 points
    When the back office books 1 of the announced units as arrived and 0 as not coming
    And 7 hours have passed
    Then the shopper has 430 points

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-75 @case-22 @spent-points @money
  Scenario Outline: What is paid for arrived goods is lowered by points that they had earned and that are spent
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which earned 90 points
    And the order "00000151" of "shopper-3" on the site "RefArchOutlet", which has been handed over
    And the shopper has spent all points but 30
    When the shopper returns 2 units of "PILLOW" in the <channel>
    And the back office books 2 of the announced units as arrived and 0 as not coming
    And 7 hours have passed
    And 10 minutes have passed
    Then "100.58" of the payment were given back in all, and no more
    And order management has a fee of "6.00" for spent points
    And the shopper has 0 points

    Examples:
      | channel    |
      | storefront |
      | app        |

@orderops
Feature: From when the days for a return are counted
  Days are counted from the day on which a shopper has the goods. What was told once is never taken back.

  @case-66
  Scenario Outline: A date that was told only ever moves later
    Given the order "00000129" of "shopper-5"
    Then the shopper sees in the <channel> that "VASE" can be returned until "2026-06-20 23:59:59.999" in "New York"
    And the shopper sees in the <channel> that this date of "VASE" may still move later
    When the carrier reports that "VASE" arrived at "2026-06-03 10:00" in "New York"
    Then the shopper sees in the <channel> that "VASE" can be returned until "2026-06-20 23:59:59.999" in "New York"
    And the shopper sees in the <channel> that this date of "VASE" is certain
    When the carrier reports that "VASE" arrived at "2026-06-09 10:00" in "New York"
    Then the shopper sees in the <channel> that "VASE" can be returned until "2026-06-23 23:59:59.999" in "New York"
    When the carrier reports that "VASE" arrived at "2026-06-09 12:00" in "New York"
    And the carrier reports that "VASE" arrived at "2026-06-02 10:00" in "New York"
    Then the shopper sees in the <channel> that "VASE" can be returned until "2026-06-23 23:59:59.999" in "New York"

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-67
  Scenario: Each line counts from its own parcel
    Given the order "00000119" of "shopper-4"
    When the warehouse ships the order
    And the retailer takes all the money
    And the carrier reports that "BLANKET" arrived at "2026-06-05 10:00" in "New York"
    Then the shopper sees in the app that "BLANKET" can be returned until "2026-06-19 23:59:59.999" in "New York"
    And the shopper sees in the storefront that "SOAP-LAV" can be returned until "2026-06-15 23:59:59.999" in "New York"

  @case-67
  Scenario Outline: A line in two parcels counts from the last of them
    Given the order "00000102" of "shopper-1"
    When the warehouse ships the order
    And the retailer takes all the money
    And the carrier brings 1 "MUG" in a parcel of its own at "2026-06-04 10:00" in "New York"
    Then the shopper sees in the <channel> that "MUG" can be returned until "2026-06-18 23:59:59.999" in "New York"
    When the carrier brings 1 "MUG" in a parcel of its own at "2026-06-09 10:00" in "New York"
    Then the shopper sees in the <channel> that "MUG" can be returned until "2026-06-23 23:59:59.999" in "New York"

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-67
  Scenario Outline: Where the first parcel of a line counts, a later one prolongs nothing
    Given the allocated order "00000137" of "shopper-3"
    When the warehouse ships the order
    And the carrier brings 1 "PILLOW" in a parcel of its own at "2026-06-04 10:00" in "New York"
    And the carrier brings 1 "PILLOW" in a parcel of its own at "2026-06-09 10:00" in "New York"
    Then the shopper sees in the <channel> that "PILLOW" can be returned until "2026-06-18 23:59:59.999" in "New York"
    When it is "2026-06-19 00:00" in "New York"
    And the shopper returns 1 unit of "PILLOW" in the <channel>
    Then the shopper is refused because the time for returning has ended, and is told of "2026-06-18 23:59:59.999" in "New York"

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-66
  Scenario: What was told holds when it comes to it
    Given the order "00000129" of "shopper-5"
    When the carrier reports that "VASE" arrived at "2026-06-09 10:00" in "New York"
    Then the shopper sees in the app that "VASE" can be returned until "2026-06-23 23:59:59.999" in "New York"
    When the carrier reports that "VASE" arrived at "2026-06-02 10:00" in "New York"
    And it is "2026-06-23 23:59:59" in "New York"
    And the shopper returns 1 unit of "VASE" in the storefront
    Then the shopper is told that "42.90" comes back

  @case-67
  Scenario: One parcel's time is up while another's is not
    Given the order "00000119" of "shopper-4"
    When the warehouse ships the order
    And the retailer takes all the money
    And the carrier reports that "BLANKET" arrived at "2026-06-05 10:00" in "New York"
    And it is "2026-06-16 00:00" in "New York"
    And the shopper returns 1 unit of "SOAP-LAV" in the app
    Then the shopper is refused because the time for returning has ended, and is told of "2026-06-15 23:59:59.999" in "New York"
    When the shopper returns 1 unit of "BLANKET" in the app
    Then the shopper is told that "138.58" comes back

  @case-68
  Scenario: What is collected counts from when it was handed over, not from when it was ready
    Given the order "00000108" of "shopper-2"
    Then the shopper sees in the app that "LAMP" cannot be returned
    When it is "2026-06-04 11:00" in "New York"
    And the store hands over the order
    Then the shopper sees in the app that "LAMP" can be returned until "2026-06-18 23:59:59.999" in "New York"
    And the shopper sees in the storefront that this date of "LAMP" is certain
    And the service desk reads that "LAMP" is under policy "standard@1" and was collected at "2026-06-04 11:00" in "New York"

  @case-76
  Scenario: An order keeps the policy under which it was placed
    Given the delivered order "00000113" of "shopper-2"
    When it is "2026-06-12 10:00" in "New York"
    And the carrier reports that "RAINCOAT" arrived at "2026-06-11 10:00" in "New York"
    Then the shopper sees in the app that "RAINCOAT" can be returned until "2026-06-25 23:59:59.999" in "New York"
    And the service desk reads that "RAINCOAT" is under policy "standard@1" and was delivered at "2026-06-11 10:00" in "New York"

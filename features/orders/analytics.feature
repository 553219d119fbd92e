@orderops
Feature: Tell web analytics of a cancelled order once, and not too soon
  What is counted is what happened: nothing before order management has cancelled, each cancel once however often it is told,
  and of an order that is cancelled in part that part.

  @case-91
  Scenario Outline: What is told twice counts once
    Given the unallocated order "00000101" of "shopper-1"
    And the answer of web analytics to the refund event gets lost
    When the shopper cancels the order in the <channel>
    And 10 minutes have passed
    Then web analytics counts 1 refund of the order, though it was told more than once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-91
  Scenario: Nothing counts before order management has cancelled
    Given the unallocated order "00000101" of "shopper-1"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the app
    Then web analytics counts no refund of the order
    When order management gets to it
    Then the shopper is told that the order is cancelled
    And web analytics counts 1 refund of the order

  @case-91
  Scenario Outline: Of an order that is cancelled in part that part counts
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper cancels 1 unit of "SHIRT-M" in the <channel>
    Then web analytics counts the refund of 1 unit of "SHIRT-M", worth what the shopper was told

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-91
  Scenario: A cancel that is refused counts nothing
    Given the unallocated order "00000101" of "shopper-1"
    When 2 days have passed
    And the shopper cancels the order in the app
    Then the shopper is refused because the cut-off has passed
    And web analytics counts no refund of the order

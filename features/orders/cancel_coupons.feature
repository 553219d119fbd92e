@orderops
Feature: Cancel an order that was placed with a code
  A code that works once is free again when its whole order is cancelled before anything of it has shipped. While a part of
  the order lives by it, it stays used.

  @case-25
  Scenario Outline: With the whole order the code comes back
    Given "shopper-1" has ordered "2 SHIRT-M" in checkout with the code "WELCOME10"
    Then the code "WELCOME10" does not work in another basket
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the code "WELCOME10" can be used again
    And the code "WELCOME10" works in another basket

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-25
  Scenario Outline: With a part of the order the code stays used
    Given "shopper-1" has ordered "2 SHIRT-M" in checkout with the code "WELCOME10"
    When the shopper cancels 1 unit of "SHIRT-M" in the <channel>
    Then the shopper is told that the code "WELCOME10" stays used
    And the code "WELCOME10" does not work in another basket

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-28
  Scenario Outline: A part of the order is cancelled at the price that was paid
    Given "shopper-1" has ordered "2 SHIRT-M" in checkout with the code "WELCOME10"
    When the shopper cancels 1 unit of "SHIRT-M" in the <channel>
    Then the shopper is told that what the cancelled units were worth comes back
    And of the authorisation exactly what the cancelled units were worth is released, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-28
  Scenario Outline: Too little would be left of the order
    Given "shopper-1" has ordered "2 SOAP" in checkout
    When the shopper cancels 1 unit of "SOAP" in the <channel>
    Then the shopper is told that goods for at least "5.00" have to be left
    And nothing has changed in any system
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

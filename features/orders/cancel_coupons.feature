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
    Then the shopper is refused because too little would be left, and is told of "5.00"
    And nothing has changed in any system
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-28 @spent-points @money
  Scenario Outline: What stays loses a promotion, and the shopper agrees to what is kept for that
    Given "shopper-1" has ordered "1 SHIRT-M, 2 MUG" in checkout on the site "RefArchGlobal" with the code "BULK20"
    When the shopper asks in the <channel> what cancelling 1 unit of "SHIRT-M" would come to
    Then the shopper is told that "38.50" comes back and "5.50" is kept
    And nothing has changed in any system but the baskets that it was priced in, which are gone again
    When the shopper cancels 1 unit of "SHIRT-M" in the <channel>
    Then the shopper is refused because the refund is not the one agreed to, and is told of "38.50"
    And nothing has changed in any system but the baskets that it was priced in, which are gone again
    When the shopper agrees to that
    Then the shopper is told that "38.50" comes back and "5.50" is kept
    And order management has a fee of "5.50" for the lost promotion
    And "38.50" of the authorisation were released in all, and no more
    When the shopper cancels 1 unit of "MUG" in the <channel>
    Then the shopper is told that "13.75" comes back, of which "2.75" had been kept
    And order management has a fee of "2.75" for the lost promotion
    When the shopper cancels the order in the <channel>
    Then the shopper is told that "20.34" comes back, of which "2.75" had been kept
    And order management has a fee of "0.00" for the lost promotion
    And "72.59" of the authorisation were released in all, and no more
    And nothing is left to pay and nothing is left authorised

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-28 @spent-points @money
  Scenario Outline: Of money that was taken, what is kept is not given back before nothing stays
    Given "shopper-1" has ordered "1 SHIRT-M, 2 MUG" in checkout on the site "RefArchGlobal" with the code "BULK20"
    When the retailer takes all the money
    And 10 minutes have passed
    And the shopper asks in the <channel> what cancelling 1 unit of "SHIRT-M" would come to
    And the shopper agrees to that
    Then order management has a fee of "5.50" for the lost promotion
    And "38.50" of the payment were given back in all, and no more
    When the shopper cancels the order in the <channel>
    Then order management has a fee of "0.00" for the lost promotion
    And "72.59" of the payment were given back in all, and no more
    And nothing is left to pay and nothing is left authorised

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-28 @spent-points
  Scenario Outline: Nothing is kept where what stays has its promotion still
    Given "shopper-1" has ordered "1 SHIRT-M, 2 MUG" in checkout on the site "RefArchGlobal" with the code "BULK20"
    When the shopper cancels 1 unit of "MUG" in the <channel>
    Then the shopper is told that "11.00" comes back and "0.00" is kept
    And of the authorisation exactly what the cancelled units were worth is released, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-28 @spent-points
  Scenario Outline: What nobody can buy any more keeps its price
    Given "shopper-1" has ordered "1 SHIRT-M, 2 MUG" in checkout on the site "RefArchGlobal" with the code "BULK20"
    When somebody else takes the last "MUG"
    And the shopper cancels 1 unit of "SHIRT-M" in the <channel>
    Then the shopper is told that "44.00" comes back, and that what stays keeps its price
    And order management has a fee of "0.00" for the lost promotion

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-28 @spent-points
  Scenario Outline: Nothing is cancelled while what stays cannot be priced
    Given "shopper-1" has ordered "1 SHIRT-M, 2 MUG" in checkout on the site "RefArchGlobal" with the code "BULK20"
    And the shop does not get round to the basket
    When the shopper cancels 1 unit of "SHIRT-M" in the <channel>
    Then the shopper is refused because another system fails
    And nothing has changed in any system

    Examples:
      | channel    |
      | storefront |
      | app        |

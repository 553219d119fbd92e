@orderops @money
Feature: Pay back for returned goods to the cent
  What comes back for units is what was paid for them: after discounts and codes, with tax, less the fee of the site, and
  with the delivery fee when the last of them comes back. However a shopper splits a return, it adds up to the whole.

  @case-69
  Scenario Outline: What the shopper was told is what comes back
    Given the delivered order "00000114" of "shopper-2"
    When the shopper asks in the <channel> what returning 3 units of "BOWL" would come to
    Then the shopper is told that "43.73" comes back
    And nothing has changed in any system
    When the shopper agrees to that
    And 10 minutes have passed
    Then the shopper is told that "43.73" comes back
    And "43.73" of the payment were given back in all, and no more

    Examples:
      | channel    |
      | storefront |
      | app        |
      | web app    |

  @case-69
  Scenario Outline: Whoever agreed to another amount is asked again
    Given the delivered order "00000114" of "shopper-2"
    When the shopper returns 3 units of "BOWL" in the <channel> and expects "<expected>"
    Then the shopper is refused because the refund is not the one agreed to, and is told of "43.73"
    And order management was not asked to do anything
    And nothing has changed in any system
    When the shopper returns 3 units of "BOWL" in the <channel> and expects "43.73"
    And 10 minutes have passed
    Then "43.73" of the payment were given back in all, and no more

    Examples:
      | expected | channel    |
      | 43.72    | storefront |
      | 43.74    | app        |
      | 43.74    | web app    |

  @case-69 @som-M18
  Scenario: What was told before the price was lowered is told anew
    Given the delivered order "00000114" of "shopper-2"
    When the shopper asks in the app what returning 4 units of "BOWL" would come to
    Then the shopper is told that "58.30" comes back
    When the back office takes "10" off the line of "BOWL"
    And the back office gives back what that was worth
    And the shopper agrees to that
    Then the shopper is refused because the refund is not the one agreed to, and is told of "47.30"
    And order management was not asked to do anything

  @case-69 @case-72
  Scenario Outline: Of announced goods as well the shopper agrees to an amount
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which has been handed over
    When the shopper asks in the <channel> what returning 1 unit of "PILLOW" would come to
    Then the shopper is told that "<worth>" comes back
    When the shopper returns 1 unit of "PILLOW" in the <channel> and expects "50.01"
    Then the shopper is refused because the refund is not the one agreed to, and is told of "<worth>"
    And order management was not asked to do anything
    When the shopper returns 1 unit of "PILLOW" in the <channel> and expects "<worth>"
    Then the shopper is told that "<worth>" comes back, once the goods have arrived
    When the back office books 1 of the announced units as arrived and 0 as not coming
    And 7 hours have passed
    Then "<worth>" of the payment were given back in all, and no more

    Examples:
      | channel    | worth |
      | storefront | 50.00 |
      | app        | 50.00 |
      | web app    | 50.00 |

  @case-69 @case-30 @case-29
  Scenario Outline: A discounted order in parts
    Given the delivered order "00000140" of "shopper-4"
    When the shopper returns 1 unit of "JEANS-32" in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "83.48" comes back
    And "83.48" of the payment were given back in all, and no more
    And nothing is left to pay and nothing is left authorised

    Examples:
      | channel    |
      | storefront |
      | web app    |

  @case-69 @case-30 @case-29
  Scenario Outline: An order with a code, line by line and unit by unit
    Given the order "00000146" of "shopper-5" on the site "RefArch", which has been handed over
    When the retailer takes all the money
    And 10 minutes have passed
    And the shopper returns 1 unit of "PENCILS" in the <channel>
    And the shopper returns 1 unit of "BOWL" in the <channel>
    And the shopper returns 1 unit of "PENCILS" in the <channel>
    And the shopper returns 1 unit of "TOWEL" in the <channel>
    And the shopper returns 1 unit of "PENCILS" in the <channel>
    And 10 minutes have passed
    Then the delivery fee is still to be paid
    When the shopper returns 1 unit of "BOWL" in the <channel>
    And 10 minutes have passed
    Then what the shopper was told adds up to what was returned, to the cent
    And "69.08" of the payment were given back in all, and no more
    And nothing is left to pay and nothing is left authorised

    Examples:
      | channel    |
      | storefront |
      | web app    |

  @case-69 @case-26 @case-27 @case-29
  Scenario Outline: What a gift certificate paid is left when the card has got back what it paid
    Given the order "00000148" of "shopper-4" on the site "RefArch", which has been handed over
    When the retailer takes all the money
    And 10 minutes have passed
    And the shopper returns 1 unit of "SOCKS" in the <channel>
    And 10 minutes have passed
    Then "13.15" of the payment were given back in all, and no more
    And the operators are asked to look after nothing
    When the shopper returns 1 unit of "SOCKS" in the <channel>
    And the shopper returns 1 unit of "GLOVES" in the <channel>
    And 10 minutes have passed
    Then "57.78" of the payment were given back in all, and no more
    And the operators are asked to look after the gift certificate, for "40.00"

    Examples:
      | channel    |
      | storefront |
      | web app    |

  @case-75 @case-69 @case-23
  Scenario Outline: Points that paid for goods come back with their share of them
    Given the order "00000133" of "shopper-1" on the site "RefArch", which has been handed over
    Then the shopper has 150 points
    When the retailer takes all the money
    And 10 minutes have passed
    And the shopper returns 1 unit of "RAINCOAT" in the <channel>
    And 10 minutes have passed
    Then "158.40" of the payment were given back in all, and no more
    And the shopper has 171 points
    When the shopper returns everything in the <channel>
    And 10 minutes have passed
    Then "739.18" of the payment were given back in all, and no more
    And the shopper has 250 points
    And nothing is left to pay and nothing is left authorised

    Examples:
      | channel    |
      | storefront |
      | web app    |

  @case-69
  Scenario Outline: The fee that a site keeps adds up to that of the whole
    Given the order "00000150" of "shopper-3" on the site "RefArchGlobal", which has been handed over
    When the shopper returns 1 unit of "PILLOW" in the <channel>
    Then the shopper is told that "45.00" comes back and "5.00" is kept
    When the shopper returns 1 unit of "PILLOW" in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "51.58" comes back and "5.00" is kept
    And "96.58" of the payment were given back in all, and no more

    Examples:
      | channel    |
      | storefront |
      | web app    |

  @case-69 @case-32
  Scenario Outline: Pickup and delivery come back each with its own fee
    Given the allocated order "00000119" of "shopper-4"
    When the warehouse ships the order
    And the retailer takes all the money
    And 10 minutes have passed
    And the shopper returns 3 units of "SOAP-LAV" in the <channel>
    And 10 minutes have passed
    Then "13.86" of the payment were given back in all, and no more
    And the delivery fee is still to be paid
    When the shopper returns 1 unit of "BLANKET" in the <channel>
    And 10 minutes have passed
    Then the delivery fee comes back
    And "152.44" of the payment were given back in all, and no more

    Examples:
      | channel    |
      | storefront |
      | web app    |

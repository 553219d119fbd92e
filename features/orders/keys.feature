@orderops
Feature: A key belongs to one request
  Every request that changes something carries a key, so that asking again is harmless. A key that comes with another request
  is a mistake of the caller's, whatever is asked and whichever way it comes: nobody guesses which of the two was meant.

  @case-88
  Scenario Outline: The key of a cancel comes with another cancel
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper cancels 1 unit of "SHIRT-M" in the <channel>
    And the shopper asks for something else under the same key in the <other>
    Then the shopper is refused because the key was used for something else
    And nothing has changed in any system

    Examples:
      | channel    | other      |
      | storefront | storefront |
      | storefront | app        |
      | app        | app        |
      | app        | storefront |

  @case-88
  Scenario Outline: The key of a return comes with another return
    Given the delivered order "00000114" of "shopper-2"
    When the shopper returns 1 unit of "BOWL" in the <channel>
    And the shopper asks for something else under the same key in the <other>
    Then the shopper is refused because the key was used for something else
    And nothing has changed in any system

    Examples:
      | channel    | other      |
      | storefront | storefront |
      | app        | app        |

  @case-88
  Scenario Outline: The key of a modification comes with another modification
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the <channel>
    And the shopper asks for something else under the same key in the <other>
    Then the shopper is refused because the key was used for something else
    And nothing has changed in any system

    Examples:
      | channel    | other      |
      | storefront | storefront |
      | app        | app        |

  @case-88
  Scenario Outline: The key of a confirmation comes with another confirmation
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the <channel>
    And the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the <channel>
    And the shopper asks for something else under the same key in the <other>
    Then the shopper is refused because the key was used for something else
    And nothing has changed in any system

    Examples:
      | channel    | other      |
      | storefront | storefront |
      | app        | app        |

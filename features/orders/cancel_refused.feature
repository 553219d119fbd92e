@orderops
Feature: Refuse to cancel, and say how to go on
  One order has one action at a time. What cannot be cancelled is refused for a reason that tells the shopper what is
  still possible, and a refusal changes nothing in any system.

  @case-2
  Scenario Outline: A second cancel has to wait for the first, and then finds the order cancelled
    Given the unallocated order "00000101" of "shopper-1"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the <first>
    And the shopper cancels the order in the <second>
    Then the shopper is refused because another action is under way
    When order management gets to it
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    When the shopper cancels the order in the <second>
    Then the shopper is told that the order was cancelled already
    And order management was asked for the cancel once, and carried it out once
    And every system was told only once to change anything
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | first      | second     |
      | storefront | storefront |
      | app        | app        |
      | storefront | app        |
      | app        | storefront |

  @case-2
  Scenario Outline: A second cancel pays nothing back twice
    Given the unallocated order "00000110" of "shopper-3", which is paid
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order was cancelled already
    And order management was asked for the cancel once, and carried it out once
    And the payment is given back in full, once
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-2 @case-4
  Scenario Outline: A second cancel has to wait while the outcome of the first is not known
    Given the unallocated order "00000107" of "shopper-2"
    And order management takes its time over the cancel
    And the answer of order management to the cancel gets lost
    When the shopper begins to cancel the order in the <channel>
    And order management does not get round to the question about the order
    And order management gets to it
    Then the shopper is told that the outcome is not known yet
    When the shopper cancels the order in the <channel>
    Then the shopper is refused because another action is under way
    When order management works again
    And 1 minute has passed
    And the shopper cancels the order in the <channel>
    Then the shopper is told that the order was cancelled already
    And order management was asked for the cancel once, and carried it out once
    And the authorisation of the card is released in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-8
  Scenario Outline: Of an order that shipped in part, all cannot be cancelled
    Given the partly shipped order "<order>" of "<shopper>"
    When the shopper cancels the order in the <channel>
    Then the shopper is refused because a part of the order has left, and is told of "<gone>"
    And nothing has changed in any system

    Examples: one of two lines has shipped
      | order    | shopper   | gone | channel    |
      | 00000103 | shopper-1 | LAMP | storefront |
      | 00000103 | shopper-1 | LAMP | app        |

    Examples: a part of a line has shipped
      | order    | shopper   | gone  | channel    |
      | 00000127 | shopper-5 | TOWEL | storefront |
      | 00000127 | shopper-5 | TOWEL | app        |

    Examples: one of two deliveries was picked up
      | order    | shopper   | gone | channel    |
      | 00000120 | shopper-4 | MUG  | storefront |
      | 00000120 | shopper-4 | MUG  | app        |

  @case-10
  Scenario Outline: Cancelling what is cancelled changes nothing
    Given the cancelled order "<order>" of "<shopper>"
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order was cancelled already
    And nothing has changed in any system

    Examples:
      | order    | shopper   | channel    |
      | 00000105 | shopper-1 | storefront |
      | 00000105 | shopper-1 | app        |
      | 00000130 | shopper-5 | storefront |
      | 00000130 | shopper-5 | app        |

  @case-10
  Scenario Outline: An order that was never placed cannot be cancelled
    Given the never placed order "<order>" of "shopper-5"
    When the shopper cancels the order in the <channel>
    Then the shopper is refused because the order was never placed
    And nothing has changed in any system

    Examples: the shopper is still at the bank
      | order    | channel    |
      | 00000143 | storefront |
      | 00000143 | app        |

    Examples: the bank said no
      | order    | channel    |
      | 00000144 | storefront |
      | 00000144 | app        |

  @case-10
  Scenario Outline: Instead of a replaced order the one that took its place can be cancelled
    Given the replaced order "00000145" of "shopper-2"
    When the shopper cancels the order in the <channel>
    Then the shopper is refused because the order is replaced, and is told of "00000136"
    And nothing has changed in any system

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-34
  Scenario Outline: A reason that is not known is refused with those that are
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper cancels the order in the <channel> for the reason "<reason>"
    Then the shopper is refused because there is no such reason
    And every reason that the shopper was told of would do
    And nothing has changed in any system

    Examples:
      | reason           | channel    |
      | no time for it   | storefront |
      | no time for it   | app        |
      | Damaged in Store | storefront |
      | Damaged in Store | app        |

  @case-34
  Scenario Outline: A reason that is known reaches order management
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper cancels the order in the <channel> for the reason "<reason>"
    Then the shopper is told that the order is cancelled
    And order management has noted the reason "<noted>"

    Examples:
      | reason       | noted        | channel    |
      | changed mind | Changed Mind | storefront |
      | changed mind | Changed Mind | app        |
      | too late     | Too Late     | storefront |
      | too late     | Too Late     | app        |

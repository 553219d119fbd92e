@orderops
Feature: Go on while order management is away
  Commerce still knows its orders. They are shown, with the note that the rest is missing, and nothing is offered that nobody
  could do. An action is refused before it has changed anything, and works again once order management does.

  @case-78
  Scenario Outline: An order is shown as the shop has it
    Given the unallocated order "00000101" of "shopper-1"
    When order management does not get round to the question about the order
    And the shopper opens the order in the <channel>
    Then the order is shown as the shop has it, with the note that order management may answer later
    When order management works again
    And 1 minute has passed
    Then the shopper sees the order in the <channel> as it was

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-79
  Scenario Outline: A cancel is refused, changes nothing, and works later under the same key
    Given the unallocated order "00000101" of "shopper-1"
    When order management does not get round to the question about the order
    And the shopper cancels the order in the <channel>
    Then the shopper is refused because order management is away
    When order management works again
    Then nothing has changed in any system
    When 1 minute has passed
    And the shopper repeats the cancel
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel once, and carried it out once

    Examples:
      | channel    |
      | storefront |
      | app        |

  Scenario: While it stays away it is not asked again and again
    Given the unallocated order "00000101" of "shopper-1"
    When order management does not get round to the question about the order
    And the shopper opens the order 10 times in the app
    Then the order is shown as the shop has it, with the note that order management may answer later
    And order management was asked the question about the order at most 10 times
    When order management works again
    And 1 minute has passed
    Then the shopper sees the order in the app as it was

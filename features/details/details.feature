@orderops
Feature: The page of an order
  A shopper sees how an order is doing, out of one question to the shop and one to order management. What cannot be found
  out is said to be missing.

  Scenario Outline: A page costs two questions
    Given the order "<order>" of "<shopper>"
    When the shopper opens the order in the <channel>
    Then the order is shown as <status>
    And the shop was asked one question and order management one

    Examples:
      | order    | shopper   | status             | channel    |
      | 00000101 | shopper-1 | confirmed          | storefront |
      | 00000103 | shopper-1 | partially shipped  | app        |
      | 00000104 | shopper-1 | shipped            | storefront |
      | 00000105 | shopper-1 | cancelled          | app        |
      | 00000113 | shopper-2 | delivered          | storefront |
      | 00000144 | shopper-5 | failed             | app        |
      | 00000143 | shopper-5 | pending            | app        |
      | 00000153 | shopper-3 | partially returned | app        |

  @case-35
  Scenario Outline: Nobody learns about returning what somebody else ordered
    Given the delivered order "00000113" of "shopper-2"
    When <who> asks about returning that order in the app
    And the same with an order number that does not exist
    Then both answers are the same but for the number
    And the stranger is refused each time because there is no such order

    Examples:
      | who             |
      | another shopper |
      | a guest         |

  @case-35
  Scenario: Without logging in nobody learns about returning
    Given the delivered order "00000113" of "shopper-2"
    When somebody who is not logged in asks about returning that order in the app
    Then the stranger is refused each time because they are not logged in

  @case-78
  Scenario Outline: With order management down the shop's own view is shown
    Given the order "00000101" of "shopper-1"
    And order management is down
    When the shopper opens the order in the <channel>
    Then the order is shown as the shop has it, with the note that order management may answer later
    And no action is offered
    When order management works again
    And 2 minutes have passed
    And the shopper opens the order in the <channel>
    Then the order is shown as confirmed
    And cancelling is offered

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-79
  Scenario Outline: With order management down nothing is cancelled
    Given the unallocated order "00000101" of "shopper-1"
    And order management is down
    When the shopper cancels the order in the <channel>
    Then the shopper is refused because order management is away
    When order management works again
    Then nothing has changed in any system

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-80
  Scenario Outline: A part that cannot be read is missing by name
    Given the order "00000101" of "shopper-1"
    And order management does not tell delivery methods
    When the shopper opens the order in the <channel>
    Then the order is shown without delivery methods, because they may not be seen
    And cancelling is offered

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-81
  Scenario Outline: Of several failures the first cause is told
    Given the order "00000101" of "shopper-1"
    And order management does not tell orders, and therefore tries nothing else
    When the shopper opens the order in the <channel>
    Then the order is shown without what order management has, because a field is not known
    And no action is offered

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-92
  Scenario Outline: A login that expires meanwhile does not touch what is under way
    Given the unallocated order "00000106" of "shopper-2"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the <channel>
    And the shopper's log-in has expired
    And order management gets to it
    And the shopper asks how it went without waiting
    Then the shopper is refused because they are not logged in
    When the shopper logs in again
    And the shopper asks how the cancel went
    Then the shopper is told that the order is cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

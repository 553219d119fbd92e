@orderops
Feature: Serve storefront, app and web app alike
  A shopper gets the same by whichever channel and with whichever token. Whose order it is decides who sees it: of somebody
  else's order nobody learns even that there is one. Guests get at the one order that they can prove is theirs, and agents
  at every order, with their name in the audit log.

  Scenario Outline: A token of SLAS does what a token of the storefront does
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper comes with a token of SLAS
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    And the shopper sees in the <channel> that the order is cancelled, and nothing else was cancelled
    And order management was asked to cancel once and cancelled once
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-35
  Scenario Outline: Somebody else's token of SLAS opens no order
    Given the unallocated order "00000101" of "shopper-1"
    When another shopper with a token of SLAS <tries> that order in the <channel>
    And the same with an order number that does not exist
    Then both answers are the same but for the number
    And the answers say that there is no such order
    And nothing has changed in any system

    Examples:
      | tries           | channel    |
      | looks at        | storefront |
      | looks at        | app        |
      | tries to cancel | storefront |
      | tries to cancel | app        |

  Scenario Outline: A token that has expired, or was made up, opens nothing
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper comes with a token of <kind> that <spoiled>
    And the shopper opens the order in the <channel>
    Then the shopper is asked to log in

    Examples:
      | kind  | spoiled               | channel    |
      | SLAS  | has expired           | storefront |
      | SLAS  | has expired           | app        |
      | OCAPI | has expired           | app        |
      | SLAS  | somebody has tampered | app        |
      | OCAPI | somebody has tampered | storefront |

  Scenario Outline: A guest gets at an order by the code that commerce mails
    Given the unallocated order "00000101" of "shopper-1"
    When a guest asks for a code for the order
    And the guest types in the code from the mail
    And the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And order management was asked to cancel once and cancelled once

    Examples:
      | channel    |
      | storefront |
      | app        |

  Scenario: A guest who knows neither token nor code gets at nothing, and may not guess for long
    Given the unallocated order "00000101" of "shopper-1"
    When a guest asks for a code for the order
    And the guest types in a wrong code 5 times
    Then the guest is told each time that it does not open the order
    When the guest types in the code from the mail
    Then the guest is told to wait
    When 16 minutes have passed
    And a guest asks for a code for the order
    And the guest types in the code from the mail
    And the shopper opens the order in the app
    Then the shopper sees the order in the app as it was

  @case-9
  Scenario Outline: An agent may set a cut-off aside that holds for shoppers
    Given the unallocated order "00000101" of "shopper-1"
    When 2 days have passed
    And the shopper cancels the order in the <channel>
    Then the shopper is told that the cut-off has passed
    When the shopper sets the cut-off aside
    And the shopper cancels the order in the <channel>
    Then the shopper is told that only agents may
    When an agent serves the shopper
    And the shopper cancels the order in the <channel>
    Then the shopper is told that the cut-off has passed
    When the agent sets the cut-off aside
    And the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And order management was asked to cancel once and cancelled once

    Examples:
      | channel    |
      | storefront |
      | app        |

@orderops
Feature: Serve storefront, app and web app alike
  A shopper gets the same by whichever channel and with whichever token. Whose order it is decides who sees it: of somebody
  else's order nobody learns even that there is one. Guests get at the one order that they can prove is theirs, and agents
  at every order, with their name in the audit log.

  Scenario: What the storefront changes of an order otherwise is the shop's
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper leaves the wish "ring twice" with the order in the storefront
    Then the shop has the wish "ring twice" with the order

  Scenario Outline: A token of SLAS does what a token of the storefront does
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper logs in by SLAS
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    And the shopper sees in the <channel> that the order is cancelled, and nothing else was cancelled
    And order management was asked for the cancel once, and carried it out once
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  Scenario Outline: A log-in at the identity provider does what a log-in of the storefront does
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper has logged in at the identity provider
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    And order management was asked for the cancel once, and carried it out once
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-92
  Scenario Outline: What the identity provider does not vouch for opens nothing
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper has logged in at the identity provider
    When the shopper's log-in <spoiled>
    And the shopper opens the order in the <channel>
    Then the shopper is refused because <why>

    Examples:
      | spoiled                                   | channel    | why                                           |
      | has expired                               | app        | the log-in at the identity provider has ended |
      | has expired                               | storefront | the log-in at the identity provider has ended |
      | was tampered with                         | app        | they are not logged in                        |
      | is of an account that was switched off    | app        | they may not do that                          |
      | is of a registration that is not complete | app        | the registration is not complete              |
      | is of a registration that is not complete | storefront | the registration is not complete              |

  @case-92
  Scenario: A log-in at the identity provider that expires meanwhile does not touch what is under way
    Given the unallocated order "00000106" of "shopper-2"
    And the shopper has logged in at the identity provider
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the app
    And the shopper's log-in has expired
    And order management gets to it
    And the shopper asks how it went without waiting
    Then the shopper is refused because the log-in at the identity provider has ended
    When the shopper logs in at the identity provider
    And the shopper asks how the cancel went
    Then the shopper is told that the order is cancelled

  @case-35
  Scenario Outline: Somebody else's token of SLAS opens no order
    Given the unallocated order "00000101" of "shopper-1"
    When another shopper with a token of SLAS <tries> that order in the <channel>
    And the same with an order number that does not exist
    Then both answers are the same but for the number
    And the stranger is refused each time because there is no such order
    And nothing has changed in any system

    Examples:
      | tries           | channel    |
      | looks at        | storefront |
      | looks at        | app        |
      | tries to cancel | storefront |
      | tries to cancel | app        |

  Scenario Outline: A token that has expired, or was made up, opens nothing
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper logs in <how>
    And the shopper's log-in <spoiled>
    And the shopper opens the order in the <channel>
    Then the shopper is refused because they are not logged in

    Examples:
      | how               | spoiled           | channel    |
      | by SLAS           | has expired       | storefront |
      | by SLAS           | has expired       | app        |
      | at the storefront | has expired       | app        |
      | by SLAS           | was tampered with | app        |
      | at the storefront | was tampered with | storefront |

  @guest
  Scenario Outline: A guest gets at an order by the code that commerce mails
    Given the unallocated order "00000101" of "shopper-1"
    When a guest asks for a code for the order
    And the guest types in the code from the mail
    And the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel once, and carried it out once

    Examples:
      | channel    |
      | storefront |
      | app        |

  Scenario: A guest who knows neither token nor code gets at nothing, and may not guess for long
    Given the unallocated order "00000101" of "shopper-1"
    When a guest asks for a code for the order
    And the guest types in a wrong code 5 times
    Then the guest is refused each time because they are not logged in
    When the guest types in the code from the mail
    Then the guest is refused because they have to wait
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
    Then the shopper is refused because the cut-off has passed
    When the shopper sets the cut-off aside
    And the shopper cancels the order in the <channel>
    Then the shopper is refused because they may not do that
    When an agent serves the shopper
    And the shopper cancels the order in the <channel>
    Then the shopper is refused because the cut-off has passed
    When the agent sets the cut-off aside
    And the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel once, and carried it out once

    Examples:
      | channel    |
      | storefront |
      | app        |

  Scenario: An agent sees the history of the customer they serve
    Given "shopper-2" is logged in
    When an agent serves the shopper
    And the agent opens the order history
    Then the history shows the order "00000136"
    And the history does not show the order "00000145"
    And the history does not show the order "00000101"

  Scenario: An agent sees the history that storefronts show
    Given "shopper-2" is logged in
    When an agent serves the shopper
    And the agent opens the order history in the storefront
    Then the history shows the order "00000136"
    And the history does not show the order "00000145"
    And the history does not show the order "00000101"

  @case-87
  Scenario: A guest is told for how long the identity service wants to be left alone
    Given the unallocated order "00000101" of "shopper-1"
    And the identity service wants to be left alone for 30 seconds
    When a guest tries to ask for a code for the order
    Then the guest is refused because they have to wait
    When the identity service works again
    And a guest asks for a code for the order
    And the guest types in the code from the mail
    And the shopper opens the order in the app
    Then the shopper sees the order in the app as it was

  @case-58
  Scenario: What was ordered while signed out belongs to no account, and opens by the code from the mail
    Given a guest has ordered "2 SHIRT-M, 1 SCARF" in checkout
    When the shopper logs in as "shopper-4"
    And the shopper opens the order in the app
    Then the shopper is refused because there is no such order
    When the shopper opens the order history
    Then the history does not show that order
    When a guest asks for a code for the order
    And the guest types in the code from the mail
    And the shopper cancels the order in the app
    Then the shopper is told that the order is cancelled

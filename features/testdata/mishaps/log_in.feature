Feature: What may go wrong with log-ins

  Scenario Outline: While the identity provider does not answer nobody is let in by it, and nothing happens
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper has logged in at the identity provider
    And the identity provider <mishap>
    When the shopper cancels the order in the <channel>
    Then the shopper is refused because <why>
    And nothing has changed in any system
    When the identity provider works again
    And 1 minute has passed
    And the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And order management was asked for the cancel once, and carried it out once

    Examples:
      | mishap                                                | channel    | why                                                  |
      | is down                                               | app        | another system fails                                 |
      | does not get round to the question about the account  | app        | another system fails                                 |
      | does not get round to the keys of log-ins             | app        | another system fails                                 |
      | is too busy for the question about the account        | app        | they have to wait                                    |
      | is too busy for the keys of log-ins                   | app        | they have to wait                                    |
      | refuses the question about the account                | app        | another system refuses                               |
      | refuses the keys of log-ins                           | app        | another system refuses                               |
      | is too busy for the question about the account        | storefront | they have to wait                                    |

  Scenario: A log-in that was believed a moment ago is believed while the identity provider is away
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper has logged in at the identity provider
    When the shopper opens the order in the app
    And the identity provider does not get round to the question about the account
    And the shopper cancels the order in the app
    Then the shopper is told that the order is cancelled
    When 2 minutes have passed
    And the shopper opens the order in the app
    Then the shopper is refused because another system fails
    When the identity provider works again
    And 1 minute has passed
    Then the shopper sees in the app that the order is cancelled, and nothing else was cancelled

  Scenario Outline: A guest is not told of a wrong code, and loses no try, while the identity service does not let order-ops in
    Given the unallocated order "00000101" of "shopper-1"
    And a guest asks for a code for the order
    And the identity service <mishap> the log-in
    When the guest types in a wrong code 4 times
    Then the guest is refused each time because <why>
    When the identity service works again
    And 1 minute has passed
    And the guest types in a wrong code 4 times
    And the guest types in the code from the mail
    And the shopper opens the order in the app
    Then the shopper sees the order in the app as it was

    Examples:
      | mishap                | why                   |
      | refuses               | another system fails  |
      | does not get round to | another system fails  |
      | is too busy for       | they have to wait     |

  Scenario Outline: An agent does not have to log in again because order-ops has to
    Given the unallocated order "00000101" of "shopper-1"
    And the shop <mishap> the log-in
    When an agent serves the shopper
    And the shopper cancels the order in the app
    Then the agent is refused because <why>
    And nothing has changed in any system
    When the shop works again
    And 1 minute has passed
    And the shopper cancels the order in the app
    Then the shopper is told that the order is cancelled

    Examples:
      | mishap                | why                   |
      | refuses               | another system fails  |
      | does not get round to | another system fails  |
      | is too busy for       | they have to wait     |

  Scenario Outline: Nothing is cancelled while order management does not let order-ops in
    Given the unallocated order "00000101" of "shopper-1"
    And order management <mishap> the log-in
    When the shopper opens the order in the <channel>
    Then the order is shown as the shop has it, with the note that order management may answer later
    When the shopper cancels the order in the <channel>
    Then the shopper is refused because order management is away
    When order management works again
    Then nothing has changed in any system
    When 1 minute has passed
    And the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled

    Examples:
      | mishap                | channel    |
      | refuses               | app        |
      | refuses               | storefront |
      | does not get round to | app        |
      | is too busy for       | storefront |

@orderops @money
Feature: Take goods back and pay for them
  What was handed over may come back until the last day of its window. It is paid back once, to the cent, and what belongs
  to it follows: points that were earned, the event for web analytics, and a note for what no payment provider can give back.

  @case-69 @case-68
  Scenario Outline: A part of what was picked up comes back
    Given the delivered order "00000114" of "shopper-2"
    When the shopper returns 1 unit of "BOWL" in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "14.58" comes back
    And the shopper is told of these effects:
      | effect                                | state          |
      | refund                                | done           |
      | note of the money in order management | done           |
      | points taken back                     | does not apply |
      | refund event                          | done           |
    And "14.58" of the payment were given back in all, and no more
    And the shopper sees in the <channel> that 1 unit of "BOWL" came back
    And the shopper sees in the <channel> that 3 units of "BOWL" can be returned
    When the shopper returns 3 units of "BOWL" in the <channel>
    And 10 minutes have passed
    Then "58.30" of the payment were given back in all, and no more
    And the shopper sees in the <channel> that 0 units of "BOWL" can be returned
    And the operators are asked to look after nothing

    Examples:
      | channel    |
      | storefront |
      | app        |
      | web app    |

  @case-69
  Scenario Outline: Of two returns of the last unit one is made
    Given the delivered order "00000113" of "shopper-2"
    And order management takes its time over the return of the shopper
    When the shopper begins to return 1 unit of "CAP" in the <channel>
    And the shopper returns 1 unit of "CAP" in the <other>
    Then the shopper is refused because another action is under way
    When order management gets to it
    Then the shopper is told that "27.39" comes back
    When the shopper returns 1 unit of "CAP" in the <other>
    Then the shopper is refused because so many cannot be returned, and is told of "CAP"
    And "27.39" of the payment were given back in all, and no more

    Examples:
      | channel    | other      |
      | storefront | app        |
      | app        | storefront |
      | app        | web app    |

  @case-69
  Scenario Outline: The last unit comes back at a till while the shopper returns it
    Given the delivered order "00000113" of "shopper-2"
    And order management takes its time over the return of the shopper
    When the shopper begins to return 1 unit of "CAP" in the <channel>
    And the back office takes back 1 unit of "CAP"
    And order management gets to it
    Then the shopper is refused because so many cannot be returned, and is told of "CAP"
    And "0" of the payment were given back in all, and no more
    When the back office gives back what that was worth
    Then the shopper sees in the <channel> that 1 unit of "CAP" came back

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-69
  Scenario Outline: More than was handed over cannot come back
    Given the delivered order "00000114" of "shopper-2"
    When the shopper returns 5 units of "BOWL" in the <channel>
    Then the shopper is refused because so many cannot be returned, and is told of "BOWL"
    And nothing has changed in any system

    Examples:
      | channel    |
      | storefront |
      | app        |
      | web app    |

  @case-1 @case-69
  Scenario Outline: Two taps are one return
    Given the delivered order "00000114" of "shopper-2"
    When the shopper returns 2 units of "BOWL" in the <channel>
    And the shopper repeats the return
    And 10 minutes have passed
    Then every tap got the same answer
    And order management was asked for the return of the shopper once, and carried it out once
    And "29.15" of the payment were given back in all, and no more

    Examples:
      | channel    |
      | storefront |
      | app        |

  @som-R38
  Scenario Outline: An answer of order management that gets lost makes no second return
    Given the delivered order "00000114" of "shopper-2"
    And <what is lost>
    When the shopper returns 1 unit of "BOWL" in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "14.58" comes back
    And order management was asked for the return of the shopper <asked>, and carried it out once
    And "14.58" of the payment were given back in all, and no more

    Examples:
      | what is lost                                                          | asked | channel    |
      | the answer of order management to the return of the shopper gets lost | once  | storefront |
      | the answer of order management to the return of the shopper gets lost | once  | app        |
      | the return of the shopper gets lost on its way to order management    | twice | storefront |
      | the return of the shopper gets lost on its way to order management    | twice | app        |

  @case-61 @case-77
  Scenario Outline: The last minute of the window is in time, the next is not
    Given the delivered order "00000114" of "shopper-2"
    When 14 days have passed
    And 10 hours have passed
    And 59 minutes have passed
    And the shopper returns 1 unit of "BOWL" in the <channel>
    Then the shopper is told that "14.58" comes back
    When 1 minute has passed
    And the shopper returns 1 unit of "BOWL" in the <channel>
    Then the shopper is refused because the time for returning has ended, and is told of "2026-06-15T23:59:59.999Z"
    When 10 minutes have passed
    Then "14.58" of the payment were given back in all, and no more

    Examples:
      | channel    |
      | storefront |
      | app        |
      | web app    |

  @case-70
  Scenario Outline: Of what is made to order a shopper sees before that it is not taken back
    Given the delivered order "00000114" of "shopper-2"
    Then the shopper sees in the <channel> that "TEAPOT" is never taken back
    And the shopper sees in the <channel> that "BOWL" can still be returned
    When the shopper returns 1 unit of "TEAPOT" in the <channel>
    Then the shopper is refused because it is not taken back, and is told of "TEAPOT"
    And nothing has changed in any system

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-70
  Scenario Outline: Who asks for what is made to order beside other goods gets none of them back, or only the others
    Given the delivered order "00000114" of "shopper-2"
    When the shopper returns 1 unit of "TEAPOT" and 2 units of "BOWL" in the <channel>
    Then the shopper is refused because it is not taken back, and is told of "TEAPOT"
    And nothing has changed in any system
    When the shopper returns 1 unit of "TEAPOT" and 2 units of "BOWL" in the <channel> as far as that is possible
    And 10 minutes have passed
    Then the shopper is told that "29.15" comes back
    And the shopper is told that "TEAPOT" was left out
    And "29.15" of the payment were given back in all, and no more
    And the shopper sees in the <channel> that 2 units of "BOWL" came back
    And the shopper sees in the <channel> that 0 units of "TEAPOT" came back

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-70 @case-61
  Scenario Outline: An agent may take back what is late, and not what is made to order
    Given the delivered order "00000114" of "shopper-2"
    When 20 days have passed
    And the shopper sets the return window aside
    And the shopper returns 1 unit of "BOWL" in the <channel>
    Then the shopper is refused because they may not do that
    When an agent serves the shopper
    And the shopper returns 1 unit of "BOWL" in the <channel>
    Then the shopper is refused because the time for returning has ended, and is told of "2026-06-15T23:59:59.999Z"
    When the agent sets the return window aside
    And the shopper returns 1 unit of "TEAPOT" in the <channel>
    Then the shopper is refused because it is not taken back, and is told of "TEAPOT"
    When the shopper returns 1 unit of "BOWL" in the <channel>
    And 10 minutes have passed
    Then "14.58" of the payment were given back in all, and no more

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-70
  Scenario Outline: What is made to order is not taken back, and the rest only if the shopper accepts that
    Given the delivered order "00000114" of "shopper-2"
    When the shopper returns everything in the <channel>
    Then the shopper is refused because it is not taken back, and is told of "TEAPOT"
    And nothing has changed in any system
    When the shopper returns what can be returned in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "58.30" comes back
    And the shopper is told that "TEAPOT" was left out
    And "58.30" of the payment were given back in all, and no more

    Examples:
      | channel    |
      | storefront |
      | app        |
      | web app    |

  @case-75 @case-29
  Scenario Outline: Points that a returned order earned are taken back, and the delivery fee comes back with the last unit
    Given the delivered order "00000113" of "shopper-2", which earned 173 points
    Then the shopper has 423 points
    When the shopper returns 1 unit of "CAP" in the <channel>
    And the shopper repeats the return
    And 10 minutes have passed
    Then "27.39" of the payment were given back in all, and no more
    And the shopper has 400 points
    When the shopper returns everything in the <channel>
    And the shopper repeats the return
    And 10 minutes have passed
    Then the shopper has 250 points
    And "197.88" of the payment were given back in all, and no more
    And nothing is left to pay and nothing is left authorised
    And the operators are asked to look after nothing

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-26 @case-27
  Scenario Outline: What a gift certificate paid does not go to the card
    Given the delivered order "00000149" of "shopper-5"
    When the shopper returns everything in the <channel>
    And 10 minutes have passed
    Then the payment is given back in full, once
    And the operators are asked to look after the gift certificate

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-74 @case-14
  Scenario Outline: A refund that the card no longer takes goes to a person
    Given the delivered order "00000114" of "shopper-2"
    And the payment provider refuses the refund
    When the shopper returns 1 unit of "BOWL" in the <channel>
    Then the shopper is told that "14.58" comes back
    And the operators are asked to look after the refund
    And "0" of the payment were given back in all, and no more
    And the shopper sees in the <channel> that 1 unit of "BOWL" came back
    When the payment provider works again
    And the operators have it tried again
    And 10 minutes have passed
    Then the operators are asked to look after nothing
    And "14.58" of the payment were given back in all, and no more

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-69
  Scenario Outline: A site that keeps a fee says so before, and keeps it once
    Given the order "00000150" of "shopper-3" on the site "RefArchGlobal", which has been handed over
    When the shopper asks in the app what returning everything would come to
    Then the shopper is told that "96.58" comes back and "10.00" is kept
    When the shopper returns everything in the <channel>
    And 10 minutes have passed
    Then the shopper is told that "96.58" comes back and "10.00" is kept
    And "96.58" of the payment were given back in all, and no more

    Examples:
      | channel    |
      | storefront |
      | app        |

@orderops
Feature: Show what the back office changed in order management
  Discounts, returns and cancels are also made by people who work in order management itself. Channels show what became of
  the order, whoever did it, and order management keeps to its own rules whoever asks.

  @som-M1 @som-M3 @som-M4 @som
  Scenario Outline: A discount on a line makes the order cheaper, by its tax too
    Given the unallocated order "00000101" of "shopper-1"
    When the back office takes <much>
    And the back office gives back what that was worth
    Then the shopper sees in the <channel> that "<less>" were taken off the order
    And the shopper sees in the <channel> that the line of "SCARF" is worth what it was

    Examples:
      | much                                        | less  | channel    |
      | "10" off the line of "SHIRT-M"              | 11.00 | storefront |
      | "10" off the line of "SHIRT-M"              | 11.00 | app        |
      | "11" off the line of "SHIRT-M" with its tax | 11.00 | storefront |
      | "10%" off the line of "SHIRT-M"             | 11.00 | app        |

  @som-M2 @som-M11 @som
  Scenario Outline: A discount that is none, or too much, is refused
    Given the unallocated order "00000101" of "shopper-1"
    When the back office tries to take "<much>" off the line of "SHIRT-M"
    Then the back office is refused because <why>
    And nothing has changed in any system
    And the shopper sees the order in the app as it was

    Examples:
      | much | why                            |
      | -10  | a discount makes a price lower |
      | 5000 | the line is not worth so much  |

  @som-M6 @som-M12 @som
  Scenario Outline: A line of which no unit is before or after its fulfilment gets no discount
    Given the order "<order>" of "<shopper>"
    When the back office tries to take "1" off the line of "<product>"
    Then the back office is refused because no unit of the line may take part
    And nothing has changed in any system
    And the shopper sees the order in the app as it was

    Examples: all of it is being picked
      | order    | shopper   | product |
      | 00000102 | shopper-1 | MUG     |

    Examples: all of it was cancelled
      | order    | shopper   | product |
      | 00000116 | shopper-3 | BELT    |

  @som-M18 @som
  Scenario Outline: What was made cheaper is paid back at the price it has by then
    Given the delivered order "00000114" of "shopper-2"
    When the back office takes "8" off the line of "BOWL"
    And the back office gives back what that was worth
    And 10 minutes have passed
    Then the shopper sees in the <channel> that "8.80" were taken off the order
    And the shopper sees in the <channel> that "8.80" were paid back
    When the back office takes back 1 unit of "BOWL"
    And the back office gives back what that was worth
    And 10 minutes have passed
    Then the shopper sees in the <channel> that 1 unit of "BOWL" came back
    And the shopper sees in the <channel> that "<all>" were paid back

    Examples:
      | channel    | all   |
      | storefront | 21.18 |
      | app        | 21.18 |

  @som-R1 @som-R2 @som
  Scenario Outline: Units that came back are shown, and paid back
    Given the delivered order "00000114" of "shopper-2"
    When the back office takes back 1 unit of "BOWL"
    And the back office gives back what that was worth
    And 10 minutes have passed
    Then the shopper sees in the <channel> that 1 unit of "BOWL" came back
    And the shopper sees in the <channel> that 3 units of "BOWL" can be returned
    And the shopper sees in the <channel> that "14.58" were paid back
    When the back office takes back 3 units of "BOWL"
    And the back office gives back what that was worth
    And 10 minutes have passed
    Then the shopper sees in the <channel> that 4 units of "BOWL" came back
    And the shopper sees in the <channel> that 0 units of "BOWL" can be returned
    And the shopper sees in the <channel> that the line of "TEAPOT" is worth what it was

    Examples:
      | channel    |
      | storefront |
      | app        |

  @som-R3 @som-R4 @som
  Scenario Outline: Nothing comes back that was not delivered
    Given the order "<order>" of "<shopper>"
    When the back office tries to take back <units> units of "<product>"
    Then the back office is refused because so many units were not delivered
    And nothing has changed in any system
    And the shopper sees the order in the app as it was

    Examples: more than there are
      | order    | shopper   | units | product |
      | 00000114 | shopper-2 | 5     | BOWL    |

    Examples: not shipped yet
      | order    | shopper   | units | product |
      | 00000101 | shopper-1 | 1     | SHIRT-M |

  @som-R5 @som-R6 @som-R14 @som-R15 @som
  Scenario Outline: Announced units are shown as such, and cannot be announced or taken back again
    Given the delivered order "00000114" of "shopper-2"
    When the back office announces the return of 3 units of "BOWL"
    Then the shopper sees in the <channel> that 3 units of "BOWL" are to come back
    And the shopper sees in the <channel> that 1 unit of "BOWL" can be returned
    When the back office tries to take back 2 units of "BOWL"
    Then the back office is refused because so many units were not delivered
    When the back office tries to book 3 of the announced units as arrived and 1 as not coming
    Then the back office is refused because so many units were not announced
    When the back office tries to book 0 of the announced units as arrived and 1 as not coming
    Then the back office is refused because at least one unit has to arrive

    Examples:
      | channel    |
      | storefront |
      | app        |

  @som-R12 @som
  Scenario Outline: Of announced units some arrive, and the rest is still to come
    Given the delivered order "00000114" of "shopper-2"
    When the back office announces the return of 3 units of "BOWL"
    And the back office books 1 of the announced units as arrived and 0 as not coming
    And the back office gives back what that was worth
    And 10 minutes have passed
    Then the shopper sees in the <channel> that 1 unit of "BOWL" came back
    And the shopper sees in the <channel> that 2 units of "BOWL" are to come back
    And the shopper sees in the <channel> that 1 unit of "BOWL" can be returned

    Examples:
      | channel    |
      | storefront |
      | app        |

  @som-R13 @som
  Scenario Outline: Announced units that are given up can be returned later
    Given the delivered order "00000114" of "shopper-2"
    When the back office announces the return of 3 units of "BOWL"
    And the back office books 1 of the announced units as arrived and <given up> as not coming
    And the back office gives back what that was worth
    And 10 minutes have passed
    Then the shopper sees in the <channel> that 1 unit of "BOWL" came back
    And the shopper sees in the <channel> that <returnable> units of "BOWL" can be returned

    Examples:
      | given up | returnable | channel    |
      | 1        | 2          | app        |
      | 2        | 3          | storefront |

  @som-C8 @som
  Scenario Outline: The back office cancels the last units while the shopper does, and one of the two wins
    Given the unallocated order "00000101" of "shopper-1"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the <channel>
    And the back office cancels 1 unit of "SCARF"
    And order management gets to it
    Then the shopper is refused because the order has changed
    When the back office gives back what that was worth
    Then the shopper sees in the <channel> that 1 unit of "SCARF" was cancelled
    And the shopper sees in the <channel> that 0 units of "SHIRT-M" were cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @som-C22 @som
  Scenario Outline: What is left of a discounted order keeps its own share of the discount
    Given the unallocated order "00000146" of "shopper-5"
    When the shopper cancels 1 unit of "<product>" in the <channel>
    Then the shopper is told that what the cancelled units were worth comes back
    And the shopper sees in the <channel> that the line of "<kept>" is worth what it was

    Examples:
      | product | kept | channel    |
      | TOWEL    | BOWL    | storefront |
      | TOWEL    | PENCILS | app        |

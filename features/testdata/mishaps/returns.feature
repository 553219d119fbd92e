Feature: What may go wrong with announced returns

  Scenario Outline: A return is announced once
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which has been handed over
    And <mishap>
    When the shopper returns 2 units of "PILLOW" in the app
    And 30 minutes have passed
    And the shopper asks how the return went
    Then the shopper is told that "106.58" comes back, once the goods have arrived
    And the shopper sees in the app that 2 units of "PILLOW" are to come back
    And order management was asked for the announcement <often>, and carried it out once
    When the back office books 2 of the announced units as arrived and 0 as not coming
    And 7 hours have passed
    Then "106.58" of the payment were given back in all, and no more

    Examples:
      | mishap                                                          | often |
      | the answer of order management to the announcement gets lost    | once  |
      | the announcement gets lost on its way to order management       | twice |

  Scenario Outline: What order management does not announce is not under way
    Given the order "00000151" of "shopper-3" on the site "RefArchOutlet", which has been handed over
    And order management <mishap> the announcement
    When the shopper returns 2 units of "PILLOW" in the app
    Then the shopper is refused because <why>
    When order management works again
    And 1 minute has passed
    And the shopper returns 2 units of "PILLOW" in the app
    Then the shopper sees in the app that 2 units of "PILLOW" are to come back
    When the back office books 2 of the announced units as arrived and 0 as not coming
    And 7 hours have passed
    Then "106.58" of the payment were given back in all, and no more

    Examples:
      | mishap                | why                       |
      | refuses               | it is not taken back      |
      | is too busy for       | order management is away  |
      | does not get round to | order management is away  |

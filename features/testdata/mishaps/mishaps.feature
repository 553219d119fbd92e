Feature: What may go wrong, where and with what, as no other scenario has it

  Scenario Outline: A cancel goes through, whatever goes wrong with one system for a while
    Given the allocated order "00000102" of "shopper-1"
    And <mishap>
    When the shopper cancels the order in the app
    Then the shopper is told that the order is cancelled
    When <system> works again
    And 30 minutes have passed
    Then order management has cancelled every unit, with one record for each line
    And the authorisation of the card is released in full, once
    And the booking is released and its window has room for one more order
    And every reserved unit of the order is free again, where it was reserved
    And the shop shows the order as cancelled
    And web analytics counts 1 refund of the order
    And the operators are asked to look after nothing

    Examples:
      | system               | mishap                                                                                 |
      | order management     | the answer of order management to the return of the units gets lost                    |
      | order management     | the return of the units gets lost on its way to order management                       |
      | the payment provider | the payment provider is down                                                           |
      | the payment provider | the payment provider does not get round to the release                                 |
      | the payment provider | the payment provider is too busy for the release                                       |
      | the payment provider | the answer of the payment provider to the release gets lost                            |
      | the payment provider | the release gets lost on its way to the payment provider                               |
      | the slot service     | the slot service is too busy for the release of the booking                            |
      | the slot service     | the slot service wants to be left alone for 60 seconds                                 |
      | the slot service     | the answer of the slot service to the release of the booking always gets lost          |
      | the slot service     | the release of the booking gets lost on its way to the slot service                    |
      | inventory            | inventory is down                                                                      |
      | inventory            | inventory wants to be left alone for 60 seconds                                        |
      | inventory            | the answer of inventory to the release of the goods always gets lost                   |
      | inventory            | the release of the goods gets lost on its way to inventory                             |
      | the shop             | the shop does not get round to the cancel                                              |
      | the shop             | the shop is too busy for the cancel once                                               |
      | the shop             | the answer of the shop to the cancel gets lost                                         |
      | the shop             | the cancel gets lost on its way to the shop                                            |
      | web analytics        | web analytics is down                                                                  |
      | web analytics        | web analytics is too busy for the refund event                                         |
      | web analytics        | the answer of web analytics to the refund event always gets lost                       |
      | web analytics        | the refund event gets lost on its way to web analytics                                 |
      | web analytics        | web analytics does not get round to the refund event                                   |

  Scenario Outline: Nothing is cancelled while order management does not do what has to come before it
    Given the allocated order "00000102" of "shopper-1"
    And order management <mishap> once
    When the shopper cancels the order in the app
    Then the shopper is refused because order management is away
    And the old order is as it was
    When the shopper cancels the order in the app
    Then the shopper is told that the order is cancelled
    And order management has cancelled every unit, with one record for each line

    Examples:
      | mishap                                        |
      | does not get round to the return of the units |
      | is too busy for the return of the units       |
      | is too busy for the cancel                    |

  Scenario Outline: What a system refuses for good is left to people
    Given the allocated order "00000102" of "shopper-1"
    And <system> refuses <what>
    When the shopper cancels the order in the app
    And 2 hours have passed
    Then the operators are asked to look after the <work>
    And <system> was asked for <what> once
    When <system> works again
    And the operators have it tried again
    And 30 minutes have passed
    Then the operators are asked to look after nothing
    And <system> was asked for <what> <often>

    Examples:
      | system           | what                       | work                          | often   |
      | the slot service | the release of the booking | release of the booking        | twice   |
      | inventory        | the release of the goods   | release of the reserved goods | twice   |
      | the shop         | the cancel                 | status in the shop            | twice   |

  Scenario Outline: Whatever takes its time, nothing is done twice
    Given the allocated order "00000102" of "shopper-1"
    And <mishap>
    When the shopper begins to cancel the order in the app
    And <system> gets to it
    And 30 minutes have passed
    And the shopper asks how the cancel went
    Then the shopper is told that the order is cancelled
    And <system> was asked for <what> once, and carried it out once
    And nothing is left to pay and nothing is left authorised

    Examples:
      | system               | what                       | mishap                                                                            |
      | order management     | the return of the units    | the answer of order management to the return of the units is long on its way      |
      | order management     | the cancel                 | the answer of order management to the cancel is long on its way                   |
      | the payment provider | the release                | the answer of the payment provider to the release is long on its way              |
      | the slot service     | the release of the booking | the slot service takes its time over the release of the booking                   |
      | inventory            | the release of the goods   | the answer of inventory to the release of the goods is long on its way            |
      | the shop             | the cancel                 | the shop takes its time over the cancel                                           |
      | web analytics        | the refund event           | web analytics takes its time over the refund event                                |

  Scenario: Two systems take their time, one after the other
    Given the allocated order "00000102" of "shopper-1"
    And order management takes its time over the return of the units
    And inventory takes its time over the release of the goods
    When the shopper begins to cancel the order in the app
    And order management gets to it
    And inventory gets to it
    Then the shopper is told that the order is cancelled
    And every reserved unit of the order is free again, where it was reserved

  Scenario Outline: Nothing has come of a modification whose order cannot be held back
    Given the unallocated order "00000101" of "shopper-1"
    And order management <mishap> the hold on the order
    When the shopper modifies the order in the app
    Then the old order and its payment are as they were
    And the shopper has no basket
    When order management works again
    And the shopper modifies the order in the app
    Then order management holds the order back

    Examples:
      | mishap                |
      | refuses               |
      | is too busy for       |

  Scenario Outline: Points that were not taken back at once are taken back once
    Given the order "00000137" of "shopper-3" on the site "RefArch", which earned 90 points
    And <mishap>
    When the shopper cancels the order in the app
    And the points service works again
    And 30 minutes have passed
    Then the points service was asked for the change of the points <often>
    And the shopper has <points> points

    Examples:
      | mishap                                                                   | often | points |
      | the points service does not get round to the change of the points once   | twice | 430    |
      | the answer of the points service to the change of the points gets lost   | twice | 430    |
      | the change of the points gets lost on its way to the points service      | twice | 430    |

  Scenario: A refund that was refused once is tried again by people
    Given the unallocated order "00000110" of "shopper-3", which is paid
    And the payment provider refuses the refund once
    When the shopper cancels the order in the app
    And 2 hours have passed
    Then the payment provider was not asked for the release
    When the operators have it tried again
    And 30 minutes have passed
    Then the payment provider was asked for the refund twice
    And the payment is given back in full, once

Feature: What may go wrong on the way from an order to the one that takes its place

  Scenario Outline: Nothing has come of a modification while the slot service is away
    Given the unallocated order "00000101" of "shopper-1"
    And the slot service <mishap> the hold on the window
    When the shopper modifies the order in the app
    Then the shopper is refused because <why>
    And the old order and its payment are as they were
    And the shopper has no basket
    When the slot service works again
    And the shopper modifies the order in the app
    Then order management holds the order back
    And the booking has no other room than before, and another order is to take it over

    Examples:
      | mishap                | why                  |
      | is too busy for       | they have to wait    |
      | does not get round to | another system fails |

  Scenario Outline: Whatever gets lost, the window is held once
    Given the unallocated order "00000101" of "shopper-1"
    And <mishap>
    When the shopper modifies the order in the app
    Then the shopper is told that the window is held for the new order
    And order management holds the order back
    And the booking has no other room than before, and another order is to take it over

    Examples:
      | mishap                                                                 |
      | the answer of the slot service to the hold on the window gets lost     |
      | the hold on the window gets lost on its way to the slot service        |
      | the slot service is too busy for the hold on the window once           |

  Scenario: A window that is not held is told, and goes with the old order
    Given the unallocated order "00000101" of "shopper-1"
    And the slot service refuses the hold on the window
    When the shopper modifies the order in the app
    Then the shopper is told that the window is not held for the new order
    When the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the app
    Then the new order is the only one that lives
    And the booking is released and its window has room for one more order
    And the operators are asked to look after nothing

  Scenario Outline: The booking goes over to the new order, if later
    Given the unallocated order "00000101" of "shopper-1"
    And <mishap>
    When the shopper modifies the order in the app
    And the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the app
    Then the shopper is told that the new order has taken the place of the old one
    When the slot service works again
    And 30 minutes have passed
    Then the booking is the new order's and takes no more room
    And the new order is the only one that lives
    And the operators are asked to look after nothing

    Examples:
      | mishap                                                                        |
      | the answer of the slot service to the move to the new order gets lost         |
      | the answer of the slot service to the move to the new order always gets lost  |
      | the move to the new order gets lost on its way to the slot service            |
      | the slot service is too busy for the move to the new order                    |
      | the slot service does not get round to the move to the new order              |

  Scenario: A booking that cannot go over is for people to look after
    Given the unallocated order "00000101" of "shopper-1"
    And the slot service refuses the move to the new order once
    When the shopper modifies the order in the app
    And the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the app
    Then the shopper is told that the new order has taken the place of the old one
    And the operators are asked to look after the move of the booking
    When the operators have it tried again
    And 5 minutes have passed
    Then the booking is the new order's and takes no more room
    And the operators are asked to look after nothing

  Scenario: While the booking takes its time to go over, the order that was ordered is the one that lives
    Given the unallocated order "00000101" of "shopper-1"
    And the slot service takes its time over the move to the new order
    When the shopper modifies the order in the app
    And the shopper orders the follow-up basket in checkout
    And the shopper begins to confirm with the new order in the app
    And the slot service gets to it
    Then the shopper is told that the new order has taken the place of the old one
    And the booking is the new order's and takes no more room
    And the new order is the only one that lives

  Scenario Outline: Only the window moves, and once, whatever gets lost
    Given the unallocated order "00000101" of "shopper-1"
    And <mishap>
    When the shopper modifies the order to come in another window in the app
    Then the booking has gone to another window, and order management knows when the goods are wanted
    And order management does not hold the order back
    And the shopper has no basket

    Examples:
      | mishap                                                                       |
      | the answer of the slot service to the move to another window gets lost       |
      | the move to another window gets lost on its way to the slot service          |
      | the slot service is too busy for the move to another window once             |

  Scenario Outline: The window stays what it was until the slot service moves it
    Given the unallocated order "00000101" of "shopper-1"
    And the slot service <mishap> the move to another window
    When the shopper modifies the order to come in another window in the app
    Then the shopper is refused because <why>
    And the old order and its payment are as they were
    When the slot service works again
    And the shopper modifies the order to come in another window in the app
    Then the booking has gone to another window, and order management knows when the goods are wanted

    Examples:
      | mishap                | why                     |
      | refuses               | the window is full      |
      | is too busy for       | they have to wait       |
      | does not get round to | another system fails    |

  Scenario Outline: An order is cancelled whose bookings are not known yet
    Given the unallocated order "00000101" of "shopper-1"
    And the slot service <mishap> the question about bookings
    When the shopper cancels the order in the app
    And 5 minutes have passed
    Then the shopper is told that the order is cancelled
    And the operators are asked to look after nothing
    When the slot service works again
    And 10 minutes have passed
    Then the booking is released and its window has room for one more order

    Examples:
      | mishap                |
      | is too busy for       |
      | does not get round to |

  Scenario: Bookings that nobody may ask about are for people to look after
    Given the unallocated order "00000101" of "shopper-1"
    And the slot service refuses the question about bookings
    When the shopper cancels the order in the app
    And 30 minutes have passed
    And the slot service works again
    Then the operators are asked to look after the release of the booking
    When the operators have it tried again
    And 5 minutes have passed
    Then the booking is released and its window has room for one more order
    And the operators are asked to look after nothing

  Scenario Outline: A purchase is counted once
    Given the unallocated order "00000101" of "shopper-1"
    And <mishap>
    When the shopper modifies the order in the app
    And the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the app
    And 30 minutes have passed
    Then web analytics counts 1 purchase of the new order<though>
    And the operators are asked to look after nothing

    Examples:
      | mishap                                                       | though                                 |
      | the answer of web analytics to the purchase event gets lost  | , though it was told more than once    |
      | web analytics is too busy for the purchase event once        |                                        |
      | the purchase event gets lost on its way to web analytics     |                                        |

  Scenario: A purchase that cannot be counted for a day is for people to look after
    Given the unallocated order "00000101" of "shopper-1"
    And web analytics does not get round to the purchase event
    When the shopper modifies the order in the app
    And the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the app
    And 24 hours have passed
    Then the operators are asked to look after the purchase event
    When web analytics works again
    And the operators have it tried again
    And 5 minutes have passed
    Then web analytics counts 1 purchase of the new order
    And the operators are asked to look after nothing

  Scenario Outline: A basket is ordered once, whatever gets lost
    Given the unallocated order "00000101" of "shopper-1"
    And <mishap>
    When the shopper modifies the order in the app
    And the shopper puts a card into the follow-up basket
    And the shopper confirms with the basket in the app
    Then the shopper is told that the new order has taken the place of the old one
    And the new order is the only one that lives
    And the booking is the new order's and takes no more room

    Examples:
      | mishap                                                       |
      | the answer of the shop to the order of the basket gets lost  |
      | the order of the basket gets lost on its way to the shop     |

  Scenario Outline: What the shop does not order stays a basket
    Given the unallocated order "00000101" of "shopper-1"
    And the shop <mishap> the order of the basket
    When the shopper modifies the order in the app
    And the shopper puts a card into the follow-up basket
    And the shopper confirms with the basket in the app
    Then the shopper is refused because <why>
    And no new order was placed
    And the shopper has the follow-up basket again
    And order management holds the order back
    When the shop works again
    And the shopper confirms with the basket in the app
    Then the shopper is told that the new order has taken the place of the old one
    And the new order is the only one that lives

    Examples:
      | mishap                | why                              |
      | refuses               | the basket cannot be ordered yet |
      | is too busy for       | they have to wait                |
      | does not get round to | another system fails             |

  Scenario Outline: The last units come back to the order, and once
    Given the unallocated order "00000101" of "shopper-1"
    And somebody else has taken the last "SCARF"
    And <mishap>
    When the shopper modifies the order in the app
    And 40 minutes have passed
    And inventory works again
    And 20 minutes have passed
    Then the old order is as it was
    And the 1 unit of "SCARF" is kept for the old order, and for nobody else
    And the operators are asked to look after nothing

    Examples:
      | mishap                                                              |
      | the answer of inventory to the reservation of the goods gets lost   |
      | the reservation of the goods gets lost on its way to inventory      |
      | inventory is too busy for the reservation of the goods              |
      | inventory does not get round to the reservation of the goods        |

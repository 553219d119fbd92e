@orderops
Feature: Modify an order by a follow-up basket
  A shopper who wants a placed order changed gets a basket with what the order holds. Until the basket is ordered the order
  is kept, held back from the warehouses; whoever never orders it finds everything as it was.

  @case-47
  Scenario Outline: An order that is exported becomes a basket
    Given the <state> order "<order>" of "<shopper>"
    When the shopper modifies the order in the <channel>
    Then the shopper is told of a follow-up basket and sees it in the shop
    And the shopper is told that the old order stays until the new one is placed
    And the follow-up basket holds what the order does, for its addresses
    And order management holds the order back
    And the booking has no other room than before, and another order is to take it over

    Examples:
      | state       | order    | shopper   | channel    |
      | unallocated | 00000101 | shopper-1 | storefront |
      | unallocated | 00000101 | shopper-1 | app        |
      | allocated   | 00000102 | shopper-1 | app        |

  @case-39 @case-47
  Scenario Outline: What was cancelled before does not come back
    Given the order "00000115" of "shopper-2"
    When the shopper modifies the order in the <channel>
    Then the follow-up basket holds 1 unit of "SHIRT-L"

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-37
  Scenario Outline: A basket that the shopper has is in the way
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper has "MUG" in a basket
    When the shopper modifies the order in the <channel>
    Then the shopper is refused because the shopper has a basket already
    And the old order is as it was
    And the shopper has the basket of before
    When the shopper modifies the order in the <channel> and chooses to abort
    Then the shopper is refused because the shopper has a basket already
    And the shopper has the basket of before
    And order management does not hold the order back

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-37
  Scenario: A basket that the shopper has is merged
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper has "MUG" in a basket
    When the shopper modifies the order in the app and chooses to merge
    Then the shopper is told of a follow-up basket and sees it in the shop
    And the follow-up basket holds 1 unit of "MUG"
    And the follow-up basket holds 2 units of "SHIRT-M"

  @case-37 @case-48
  Scenario: A basket that the shopper has steps back, and returns when the follow-up is abandoned
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper has "MUG" in a basket
    When the shopper modifies the order in the storefront and chooses to replace
    Then the shopper is told of a follow-up basket and sees it in the shop
    And the follow-up basket holds what the order does, for its addresses
    When 40 minutes have passed
    Then the old order is as it was
    And the shopper has the basket of before

  @case-37 @case-48
  Scenario: What was merged into a follow-up basket is the shopper's again when it is abandoned
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper has "MUG" in a basket
    When the shopper modifies the order in the app and chooses to merge
    And 40 minutes have passed
    Then the old order is as it was
    And the shopper has the basket of before

  @case-37
  Scenario Outline: The shopper keeps their basket when the modification comes to nothing
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper has "MUG" in a basket
    And order management does not get round to the hold on the order
    When the shopper modifies the order in the <channel> and chooses to <choice>
    Then the shopper is refused because order management is away
    And the shopper has the basket of before
    And the old order and its payment are as they were

    Examples:
      | channel    | choice  |
      | storefront | replace |
      | app        | merge   |

  @case-38 @case-45
  Scenario: A price that is another today is told
    Given the unallocated order "00000111" of "shopper-4"
    When the shopper modifies the order in the app
    Then the shopper is told of a follow-up basket and sees it in the shop
    And the shopper is told that "SHIRT-M" costs another amount than in the order

  @case-28 @case-38
  Scenario Outline: Both amounts are told before the shopper agrees
    Given the unallocated order "00000111" of "shopper-4"
    When the shopper asks in the <channel> what modifying the order would come to
    Then the shopper is told that it would cost another amount than the order did
    And the shopper has no basket
    When the shopper modifies the order in the <channel> and expects what they were told
    Then the shopper is told of a follow-up basket and sees it in the shop
    And the follow-up basket costs what the shopper was told

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-28 @case-38
  Scenario Outline: Where a site keeps the prices of the order both amounts are one
    Given "shopper-1" has ordered "2 SHIRT-M, 1 MUG" in checkout on the site "RefArchOutlet" with the code "WELCOME10"
    When the shopper asks in the <channel> what modifying the order would come to
    Then the shopper is told that it would cost what the order did
    When the shopper modifies the order in the <channel> and expects what they were told
    Then the shopper is told of a follow-up basket and sees it in the shop
    And the follow-up basket costs what the shopper was told

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-28 @case-38
  Scenario Outline: The follow-up costs another amount than the shopper expects
    Given the unallocated order "00000111" of "shopper-4"
    When the shopper modifies the order in the <channel> and expects "1.00"
    Then the shopper is refused because the prices have changed
    And the shopper has no basket
    And the old order is as it was

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-39 @case-40
  Scenario Outline: Units that cannot be had today are told
    Given the unallocated order "00000101" of "shopper-1"
    And somebody else has taken the last "SCARF"
    When the shopper modifies the order to have 2 units of "SCARF" in the <channel>
    Then the shopper is told of a follow-up basket and sees it in the shop
    And the shopper is told that 1 unit of "SCARF" cannot be had
    And the follow-up basket holds 2 units of "SHIRT-M"
    And the follow-up basket holds 1 unit of "SCARF"

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-40
  Scenario Outline: The last units go from the order to its follow-up
    Given the unallocated order "00000101" of "shopper-1"
    And somebody else has taken the last "SCARF"
    When the shopper modifies the order in the <channel>
    Then the shopper is told of a follow-up basket and sees it in the shop
    And the follow-up basket holds what the order does, for its addresses
    And the 1 unit of "SCARF" is kept for the follow-up basket, and for nobody else
    And nobody else can have "SCARF"
    When the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the <channel>
    Then the shopper is told that the new order has taken the place of the old one
    And the 1 unit of "SCARF" is kept for the new order, and for nobody else

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-40 @case-48
  Scenario Outline: The last units come back when nobody goes on with the basket
    Given the unallocated order "00000101" of "shopper-1"
    And somebody else has taken the last "SCARF"
    When the shopper modifies the order in the <channel>
    Then the 1 unit of "SCARF" is kept for the follow-up basket, and for nobody else
    When 40 minutes have passed
    Then the old order is as it was
    And the 1 unit of "SCARF" is kept for the old order, and for nobody else

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-40
  Scenario Outline: The last units come back when the basket cannot be shown
    Given the unallocated order "00000101" of "shopper-1"
    And somebody else has taken the last "SCARF"
    And <mishap>
    When the shopper modifies the order in the app
    Then the shopper is refused because another system fails
    And the old order is as it was
    And the 1 unit of "SCARF" is kept for the old order, and for nobody else

    Examples:
      | mishap                                                               |
      | the shop does not get round to the basket                            |
      | the shop does not get round to the units of the basket               |
      | the answer of the shop to the units of the basket always gets lost   |
      | the shop does not get round to the storefront of the basket          |

  @case-40
  Scenario Outline: Somebody else takes the last units on their way
    Given the unallocated order "00000101" of "shopper-1"
    And somebody else has taken the last "SCARF"
    And the shop takes its time over the basket
    When the shopper begins to modify the order in the <channel>
    And somebody else takes the last "SCARF"
    And the shop gets to it
    Then the shopper is refused because the order has changed: its units went to somebody else
    And the shopper has no basket
    And order management holds the order back
    And the operators are asked to look after the reservation of what the order had
    When who has the last "SCARF" gives it back
    And the operators have it tried again
    Then the old order is as it was
    And the 1 unit of "SCARF" is kept for the old order, and for nobody else

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-40 @case-54
  Scenario Outline: The last units stay with the follow-up when its payment is declined
    Given the unallocated order "00000101" of "shopper-1"
    And somebody else has taken the last "SCARF"
    When the shopper modifies the order in the <channel>
    And the shopper puts a card that is declined into the follow-up basket
    And the shopper confirms with the basket in the <channel>
    Then the shopper is refused because the payment is declined
    And the shopper has the follow-up basket again
    And the 1 unit of "SCARF" is kept for the follow-up basket, and for nobody else
    And nobody else can have "SCARF"
    When 40 minutes have passed
    Then the old order is as it was
    And the 1 unit of "SCARF" is kept for the old order, and for nobody else

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-40 @case-54
  Scenario Outline: The last units go back to the follow-up when its payment is declined in checkout
    Given the unallocated order "00000101" of "shopper-1"
    And somebody else has taken the last "SCARF"
    When the shopper modifies the order in the <channel>
    And the shopper orders the follow-up basket in checkout, and the bank declines
    And 2 minutes have passed
    Then the 1 unit of "SCARF" is kept for the follow-up basket, and for nobody else
    When the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the <channel>
    Then the shopper is told that the new order has taken the place of the old one
    And the 1 unit of "SCARF" is kept for the new order, and for nobody else

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-40 @case-48 @case-54
  Scenario: The last units come back when nobody goes on after a declined payment
    Given the unallocated order "00000101" of "shopper-1"
    And somebody else has taken the last "SCARF"
    When the shopper modifies the order in the app
    And the shopper orders the follow-up basket in checkout, and the bank declines
    And 40 minutes have passed
    Then the old order is as it was
    And the 1 unit of "SCARF" is kept for the old order, and for nobody else

  @case-40 @case-54
  Scenario: Somebody else takes the last units right after a declined payment
    Given the unallocated order "00000101" of "shopper-1"
    And somebody else has taken the last "SCARF"
    When the shopper modifies the order in the app
    And the shopper orders the follow-up basket in checkout, and the bank declines
    And somebody else takes the last "SCARF"
    And 40 minutes have passed
    Then order management holds the order back
    And the shopper has no basket
    And the operators are asked to look after the reservation of what the order had
    When who has the last "SCARF" gives it back
    And the operators have it tried again
    Then the old order is as it was
    And the 1 unit of "SCARF" is kept for the old order, and for nobody else

  @case-43
  Scenario Outline: Only the window moves
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order to come in another window in the <channel>
    Then the booking has gone to another window, and order management knows when the goods are wanted
    And order management does not hold the order back
    And the shopper has no basket

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-43
  Scenario: Only the window moves, and back if order management does not learn of it
    Given the unallocated order "00000101" of "shopper-1"
    And order management does not get round to the wanted date
    When the shopper modifies the order to come in another window in the app
    Then the shopper is refused because order management is away
    And the old order and its payment are as they were

  @case-39
  Scenario Outline: Of what cannot be had any more no basket is made
    Given the order "00000116" of "shopper-3"
    And somebody else has taken the last "JEANS-32"
    When the shopper modifies the order in the <channel>
    Then the shopper is refused because nothing of it can be had
    And the old order and its payment are as they were
    And the shopper has no basket

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-57
  Scenario Outline: Every front end is told where the shopper goes on, and how the session comes along
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the <channel>, to go on in the <next>
    Then the shopper is sent to the cart of the <next><how>

    Examples:
      | channel    | next       | how                                         |
      | storefront | storefront | , where a session of the shop is opened first |
      | app        | web app    | , where a session of SLAS is got first      |
      | web app    | web app    |                                             |
      | web app    | app        |                                             |

  @case-57
  Scenario Outline: The session that was taken along has the follow-up basket in its cart
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the <channel>, to go on in the storefront
    Then the shopper is sent to the cart of the storefront, where a session of the shop is opened first
    And the cart of the storefront holds the follow-up basket

    Examples:
      | channel    |
      | storefront |
      | app        |
      | web app    |

  @case-48
  Scenario Outline: A basket that is still being edited is left alone
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the <channel>
    And 25 minutes have passed
    Then order management holds the order back
    And the shopper is told of a follow-up basket and sees it in the shop
    And the booking has no other room than before, and another order is to take it over
    When 15 minutes have passed
    And the shopper confirms with the basket in the <channel>
    Then the shopper is refused because the order is not edited any more
    And the old order and its payment are as they were

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-48
  Scenario Outline: Nobody goes on with the basket
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the <channel>
    Then order management holds the order back
    When 40 minutes have passed
    Then the old order is as it was
    And the shopper has no basket

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-49
  Scenario: The order is modified on two devices
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the storefront
    And the shopper modifies the order in the app
    Then the shopper is told that the basket is the one of before

  @case-51
  Scenario: The shop's copy of the order is stale
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the storefront as it was before
    Then the shopper is refused because the shop's copy is stale
    And nothing has changed in any system

  @case-60
  Scenario Outline: More units than a line may have
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order to have 1000 units of "SHIRT-M" in the <channel>
    Then the shopper is refused because the product is not sold in such numbers, and is told of "SHIRT-M"
    And the old order is as it was
    And the shopper has no basket

    Examples:
      | channel    |
      | storefront |
      | app        |

  Scenario: Another quantity is asked for at once
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order to have 3 units of "SHIRT-M" in the app
    Then the follow-up basket holds 3 units of "SHIRT-M"
    And the follow-up basket holds 1 unit of "SCARF"

  Scenario: Goods that have left are for a return
    Given the partly shipped order "00000103" of "shopper-1"
    When the shopper modifies the order in the app
    Then the shopper is refused because the order cannot be modified: it is fulfilled
    And nothing has changed in any system

  @case-42
  Scenario: Where the order is given up first, its window is held for the new one
    Given the order "00000150" of "shopper-3" on the site "RefArchGlobal", which earned 90 points
    And the window of the booking has no room but its own
    When the shopper modifies the order in the storefront
    Then the shopper is told that the old order is given up first
    And the shopper is told that the window is held for the new order
    And order management has cancelled every unit, with one record for each line
    And the shop shows the order as cancelled
    When the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the storefront
    Then the two orders name each other in the shop
    And web analytics counts 1 purchase of the new order

  @case-42 @case-48
  Scenario: Where the order is given up first, whoever abandons the basket has no order
    Given the order "00000150" of "shopper-3" on the site "RefArchGlobal", which earned 90 points
    When the shopper modifies the order in the app
    And 40 minutes have passed
    Then order management has cancelled every unit, with one record for each line
    And the shop shows the order as cancelled
    And the shopper has the follow-up basket again

  @case-46
  Scenario Outline: An order that bought a gift certificate stays as it is
    Given "shopper-1" has ordered "1 MUG, gift certificate of 25.00" in checkout
    When the shopper modifies the order in the <channel>
    Then the shopper is refused because the order cannot be modified: it contains a gift certificate
    And order management does not hold the order back
    And the shopper has no basket

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-56
  Scenario: Nobody modifies a guest's order just because they are logged in
    Given a guest has ordered "2 SHIRT-M, 1 SCARF" in checkout
    When the shopper logs in as "shopper-4"
    And the shopper modifies the order in the app
    Then the shopper is refused because there is no such order
    And order management does not hold the order back

  @case-56
  Scenario: A guest's order is claimed by the code from the mail
    Given a guest has ordered "2 SHIRT-M, 1 SCARF" in checkout
    When a guest asks for a code for the order
    And the guest types in the code from the mail
    And the shopper modifies the order in the app
    Then the shopper is told that the old order stays until the new one is placed
    And order management holds the order back

  @case-38
  Scenario Outline: A site keeps the prices of the order
    Given "shopper-1" has ordered "2 SHIRT-M, 1 MUG" in checkout on the site "RefArchOutlet" with the code "WELCOME10"
    When the shopper modifies the order in the <channel>
    Then the shopper is told of a follow-up basket and sees it in the shop
    And the follow-up basket costs what the order did

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-31
  Scenario Outline: A follow-up basket has what belongs together once, and bonuses for nothing
    Given the unallocated order "<order>" of "shopper-1"
    When the shopper modifies the order in the <channel>
    Then the shopper is told of a follow-up basket and sees it in the shop
    And the follow-up basket costs what the order did
    And the follow-up basket holds <units> units of "<line>"
    And the follow-up basket holds <given> units of "SAMPLE" for nothing

    Examples:
      | order    | line    | units | given | channel    |
      | 00000155 | TEA-SET | 2     | 0     | storefront |
      | 00000155 | TEA-SET | 2     | 0     | app        |
      | 00000156 | WATCH   | 2     | 1     | storefront |
      | 00000156 | WATCH   | 2     | 1     | app        |

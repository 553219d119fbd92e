@orderops
Feature: Confirm that a new order takes the place of an old one
  The order that comes of a follow-up basket takes the place of the order that was modified: the old one is cancelled once,
  its window goes over, both name each other. There are never two live orders without somebody being asked to look.

  @case-94 @case-47 @case-55 @money
  Scenario Outline: The new order was placed in checkout
    Given the <state> order "<order>" of "<shopper>"
    When the shopper modifies the order in the <channel>
    And the shopper puts 1 unit of "MUG" into the follow-up basket
    And the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the <channel>
    Then the shopper is told that the new order has taken the place of the old one
    And the shopper is told that there is more to pay
    And the booking is the new order's and takes no more room
    And the two orders name each other in the shop
    And the authorisation of the card is released in full, once
    And web analytics counts 1 purchase of the new order
    And the new order is the only one that lives

    Examples:
      | state       | order    | shopper   | channel    |
      | unallocated | 00000101 | shopper-1 | storefront |
      | unallocated | 00000101 | shopper-1 | app        |
      | allocated   | 00000102 | shopper-1 | app        |

  @case-55
  Scenario Outline: order-ops orders a basket that can be paid
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the <channel>
    And the shopper puts a card into the follow-up basket
    And the shopper confirms with the basket in the <channel>
    Then the shopper is told that the new order has taken the place of the old one
    And the booking is the new order's and takes no more room
    And the two orders name each other in the shop
    And the new order is the only one that lives

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-95 @money
  Scenario: The shop forgets to confirm
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the app
    And the shopper orders the follow-up basket in checkout
    And 5 minutes have passed
    Then the booking is the new order's and takes no more room
    And the two orders name each other in the shop
    And the new order is the only one that lives
    And web analytics counts 1 purchase of the new order
    When the shopper confirms with the new order in the app
    Then the shopper is told that it was confirmed already
    And web analytics counts 1 purchase of the new order

  @case-52
  Scenario: Confirm twice
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the storefront
    And the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the storefront
    And the shopper repeats the confirmation
    Then the shopper is told that the new order has taken the place of the old one
    When the shopper confirms with the new order in the app
    Then the shopper is refused because a new order has taken its place already
    And web analytics counts 1 purchase of the new order

  @case-38
  Scenario: The shopper expects another total
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the app
    And the shopper puts a card into the follow-up basket
    And the shopper confirms with the basket in the app and expects "1.00"
    Then the shopper is refused because the prices have changed
    And no new order was placed
    And order management holds the order back
    And the payment provider was not asked to do anything
    When the shopper confirms with the basket in the app and expects what it costs
    Then the shopper is told that the new order has taken the place of the old one
    And the new order is the only one that lives

  @case-41
  Scenario: The slot cannot be had any more
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the app
    And the shopper puts a card into the follow-up basket
    And somebody else takes the booking that was held
    And the shopper confirms with the basket in the app
    Then the shopper is refused because the window is not held any more
    And no new order was placed
    When 40 minutes have passed
    Then the old order and its payment are as they were

  @case-50
  Scenario: The old order is cancelled by an agent while it is edited
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the app
    And the shopper puts a card into the follow-up basket
    And the shopper cancels the order in the app
    And the shopper confirms with the basket in the app
    Then the shopper is refused because the order has changed: it is cancelled
    And no new order was placed
    And the shopper has the follow-up basket again
    And the authorisation of the card is released in full, once

  @case-53 @operator @money
  Scenario: The cancel of the old order fails for a while
    Given the unallocated order "00000101" of "shopper-1"
    And order management does not get round to the cancel
    When the shopper modifies the order in the app
    And the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the app
    Then the operators are asked to look after two orders that live
    And order management holds the order back
    When order management works again
    And 10 minutes have passed
    Then the booking is the new order's and takes no more room
    And the two orders name each other in the shop
    And the new order is the only one that lives

  @case-54
  Scenario Outline: The payment of the new order is declined
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the <channel>
    And the shopper puts a card that is declined into the follow-up basket
    And the shopper confirms with the basket in the <channel>
    Then the shopper is refused because the payment is declined
    And no new order was placed
    And the shopper has the follow-up basket again
    And order management holds the order back
    And the payment provider was not asked to do anything
    When 40 minutes have passed
    Then the old order and its payment are as they were

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-94
  Scenario: The new order has nothing to do with the old one
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the app
    And the shopper confirms with the order "00000102" in the app
    Then the shopper is refused because the new order belongs to something else
    And order management holds the order back

  @case-59 @money
  Scenario: A new order is modified in turn
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the app
    And the shopper orders the follow-up basket in checkout
    And the shopper confirms with the new order in the app
    Then the two orders name each other in the shop
    When the shopper modifies the order in the app
    Then the shopper is refused because the order is replaced

  @case-90
  Scenario Outline: The follow-up basket is in another currency
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the <channel>
    And the shopper has the follow-up basket priced in "EUR"
    And the shopper puts a card into the follow-up basket
    And the shopper confirms with the basket in the <channel>
    Then the shopper is refused because the new order belongs to something else
    And no new order was placed
    And order management holds the order back

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-90
  Scenario: The new order was placed on another site
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the app
    And the shopper orders "1 MUG" in checkout on the site "RefArchOutlet"
    And the shopper confirms with the new order in the app
    Then the shopper is refused because the new order belongs to something else
    And order management holds the order back

  @case-56
  Scenario: A guest's order is modified by a guest, and another basket is ordered after logging in
    Given a guest has ordered "2 SHIRT-M, 1 SCARF" in checkout
    When the shopper modifies the order in the app
    And the shopper logs in as "shopper-4"
    And the shopper orders "1 MUG" in checkout
    And the shopper goes on as the guest
    And the shopper confirms with the new order in the app
    Then the shopper is refused because the new order is another customer's
    And order management holds the order back

  @case-57
  Scenario: The session of the web app is not the one that the order is edited in
    Given the unallocated order "00000101" of "shopper-1"
    And the shopper logs in by SLAS
    When the shopper modifies the order in the app
    And the shopper puts a card into the follow-up basket
    And the shopper logs in by SLAS
    And the shopper confirms with the basket in the app
    Then the shopper is refused because the order is edited in another session
    And no new order was placed
    When the shopper goes on in the first session
    And the shopper confirms with the basket in the app
    Then the shopper is told that the new order has taken the place of the old one
    And the new order is the only one that lives

  @case-44
  Scenario Outline: The code of the old order is the new one's when it takes its place
    Given "shopper-1" has ordered "2 SHIRT-M" in checkout with the code "WELCOME10"
    When the shopper modifies the order in the <channel>
    Then the shopper is told that the code "WELCOME10" is used up
    When the shopper puts a card into the follow-up basket
    And the shopper confirms with the basket in the <channel>
    Then the shopper is told that the new order has taken the place of the old one
    And the new order has the discount of "WELCOME10"
    And the new order is the only one that lives
    And the code "WELCOME10" does not work in another basket

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-44
  Scenario Outline: The code stays the old order's when there is no new one
    Given "shopper-1" has ordered "2 SHIRT-M" in checkout with the code "WELCOME10"
    When the shopper modifies the order in the <channel>
    And the shopper puts a card that is declined into the follow-up basket
    And the shopper confirms with the basket in the <channel>
    Then the shopper is refused because the payment is declined
    And no new order was placed
    When 40 minutes have passed
    Then the old order is as it was
    And the code "WELCOME10" does not work in another basket

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-42
  Scenario: The window that was given up has been taken by somebody else
    Given the order "00000150" of "shopper-3" on the site "RefArchGlobal", which earned 90 points
    And the window of the booking has no room but its own
    When the shopper modifies the order in the app
    Then the shopper is told that the window is held for the new order
    When somebody else takes the room that was held
    And the shopper puts a card into the follow-up basket
    And the shopper confirms with the basket in the app
    Then the shopper is refused because the window is not held any more
    And no new order was placed

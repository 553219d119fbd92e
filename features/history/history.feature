@orderops
Feature: The history of a shopper's orders
  A shopper finds all orders, newest first, with what has become of each. A page costs one question to the shop and one
  to order management.

  @case-59
  Scenario: Of a chain of orders the newest is shown
    Given "shopper-2" is logged in
    When the shopper opens the order history
    Then the history shows the order "00000136"
    And the history does not show the order "00000145"
    And the history says that "00000136" took the place of "00000145"
    And the shop was asked one question and order management one

  @case-59
  Scenario: A storefront shows the newest of a chain too
    Given "shopper-2" is logged in
    When the shopper opens the order history in the storefront
    Then the history shows the order "00000136"
    And the history does not show the order "00000145"

  @case-59
  Scenario Outline: The page of an old order names the newest
    Given the order "00000145" of "shopper-2"
    When the shopper opens the order in the <channel>
    Then the order names "00000136" as the one that took its place
    And no action is offered

    Examples:
      | channel    |
      | storefront |
      | app        |

  Scenario Outline: Pages show every order once
    Given "shopper-1" is logged in
    When the shopper opens the order history, <size> orders to a page
    And the shopper turns all pages
    Then the history shows every order once, 13 in all
    And the shop was asked one question and order management one

    Examples:
      | size |
      | 1    |
      | 3    |
      | 50   |

  Scenario Outline: A shopper asks for some orders
    Given "<shopper>" is logged in
    When the shopper opens the order history, of the orders that <which>
    Then the history shows the orders "<orders>", and no other

    Examples:
      | shopper   | which                          | orders             |
      | shopper-1 | were cancelled                 | 00000105, 00000131 |
      | shopper-2 | were delivered or have shipped | 00000113, 00000114 |
      | shopper-2 | were replaced                  | 00000145           |
      | shopper-3 | were placed in the outlet      | 00000151           |

  Scenario Outline: A shopper asks for orders that there are none of
    Given "shopper-2" is logged in
    When the shopper opens the order history, of the orders that <which>
    Then the history shows no order

    Examples:
      | which                               |
      | were placed through the call center |
      | were placed until yesterday         |

  Scenario Outline: Sites and channels
    Given "shopper-3" is logged in
    When the shopper opens the order history, of the orders that <which>
    Then the history shows the order "00000109"

    Examples:
      | which                              |
      | were placed through the storefront |
      | were placed since yesterday        |
      | were placed on any site            |

  @case-89
  Scenario: An order that has only just been placed is there, marked, and found without searching
    Given "shopper-5" is logged in
    And searches in the shop are 30 minutes behind and miss "00000154"
    When the shopper opens the order history
    Then the history shows "00000154" as not yet in order management, with its goods
    And the shop was not asked for a search

  @case-89
  Scenario Outline: The page of an order that has only just been placed is read by its number
    Given the order "00000154" of "shopper-5"
    And searches in the shop are 30 minutes behind and miss "00000154"
    When the shopper opens the order in the <channel>
    Then the order is shown as not yet in order management
    And no action is offered
    And the shop was not asked for a search

    Examples:
      | channel    |
      | storefront |
      | app        |

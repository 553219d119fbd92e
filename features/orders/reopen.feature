@orderops
Feature: Open a cancelled order again
  What order management has cancelled stays cancelled: the money is on its way back and the window is free for others. Only
  an order that never got there is the shop's own to open again, as long as it can have its goods and coupons back.

  @case-33
  Scenario: What order management has cancelled is not opened again
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper cancels the order in the storefront
    And the shopper asks to have the order opened again
    Then the shopper is refused because it cannot be opened again
    And nothing has changed in any system

  @case-33
  Scenario: The shop opens its own order again, which shoppers cannot
    Given "shopper-1" has ordered "1 MUG" in checkout a moment ago
    When the service desk cancels the order in the shop
    And the shopper asks to have the order opened again
    Then the shopper is refused because it cannot be opened again
    When the service desk reopens the order in the shop
    Then the shop shows the order as open

  @case-33
  Scenario: The shop does not open an order again whose coupon has been used meanwhile
    Given "shopper-1" has ordered "2 SHIRT-M" in checkout a moment ago with the code "WELCOME10"
    When the service desk cancels the order in the shop
    And the shopper orders "1 MUG" in checkout with the code "WELCOME10"
    Then the service desk cannot open the order again in the shop, because of the code "WELCOME10"

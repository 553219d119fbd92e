Feature: Acts that no other scenario puts together
  Which units, for which reason, for which refund, in which front end: a team says these as it needs them.

  Scenario Outline: Units of two lines are asked about, and cancelled for a reason and what was told
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper asks in the <face> what cancelling 1 unit of "SHIRT-M" and 1 unit of "SCARF" for the reason "changed mind" would come to
    And the shopper cancels 1 unit of "SHIRT-M" and 1 unit of "SCARF" in the <face> for the reason "changed mind" and expects what they were told
    And the shopper repeats the cancel
    Then order management has cancelled exactly "1 SHIRT-M, 1 SCARF"
    And order management was asked for the cancel once, and carried it out once

    Examples:
      | face       |
      | storefront |
      | app        |
      | web app    |

  Scenario: Units are cancelled at the shop, for a reason
    Given the unallocated order "00000101" of "shopper-1"
    And the shop has order-ops do what its shoppers ask for
    When the shopper cancels "1 SCARF" at the shop for the reason "wrong item"
    Then order management has cancelled exactly "1 SCARF"

  Scenario: Two taps in the web app while units are being cancelled
    Given the unallocated order "00000106" of "shopper-2"
    And order management takes its time over the cancel
    When the shopper begins to cancel 2 units of "CANDLE" in the web app for the reason "wrong item"
    And the shopper taps again meanwhile
    And order management gets to it
    Then order management has cancelled exactly "2 CANDLE"

  Scenario Outline: Units are returned one by one, or as far as that is possible
    Given the delivered order "00000114" of "shopper-2"
    When the shopper returns <what>
    Then order management has taken back exactly "4 BOWL"

    Examples:
      | what                                                                                                    |
      | the units of "BOWL" one by one in the web app                                                           |
      | "4 BOWL, 1 TEAPOT" in the storefront for the reason "damaged" as far as that is possible                |
      | 4 units of "BOWL" and 1 unit of "TEAPOT" in the app as far as that is possible and expects "58.30"      |

  Scenario Outline: Units are modified at the price that was told, and confirmed at that price
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper asks in the <face> what modifying the order to have 1 unit of "SHIRT-M" and 2 units of "SCARF" would come to
    And the shopper has "MUG" in a basket
    And the shopper modifies the order to have 1 unit of "SHIRT-M" and 2 units of "SCARF" in the <face> and chooses to replace and expects what they were told, to go on in the <next>
    Then the shopper is sent to the cart of the <next><how>
    And the follow-up basket holds 2 units of "SCARF"
    When the shopper repeats the modification
    And the shopper puts a card into the follow-up basket
    And the shopper asks in the <face> what confirming with the basket would come to
    And the shopper confirms with the basket in the <face> and expects what they were told
    Then the shopper is told that the new order has taken the place of the old one

    Examples:
      | face       | next    | how                                    |
      | storefront | web app | , where a session of SLAS is got first |
      | app        | app     |                                        |
      | web app    | web app |                                        |

  Scenario: A confirmation that takes its time
    Given the unallocated order "00000101" of "shopper-1"
    When the shopper modifies the order in the app
    And the shopper puts a card into the follow-up basket
    And order management takes its time over the cancel
    And the shopper begins to confirm with the basket in the storefront
    And order management gets to it
    Then the shopper is told that the new order has taken the place of the old one

  Scenario: An order of a site that is paid, earned points and has been handed over
    Given the unallocated order "00000150" of "shopper-3" on the site "RefArchGlobal", which is paid, which earned 90 points, which has been handed over
    When the shopper returns everything in the app as far as that is possible
    And 10 minutes have passed
    Then the operators are asked to look after nothing

  Scenario: A guest orders on a site with a code and a gift certificate, and cancels by the code from the mail
    Given a guest has ordered "2 SHIRT-M" in checkout on the site "RefArchOutlet" with the code "WELCOME10", of which a gift certificate pays "10.00"
    When a guest tries to ask for a code for the order
    And the guest types in the code from the mail
    And the shopper cancels 1 unit of "SHIRT-M" in the app for the reason "other"
    Then order management has cancelled exactly "1 SHIRT-M"

  Scenario: The back office does to several lines what it does to one
    Given the delivered order "00000114" of "shopper-2"
    When the back office takes back "1 BOWL, 1 TEAPOT"
    And the back office gives back what that was worth
    And the back office announces the return of 2 units of "BOWL"
    And the back office tries to announce the return of the order
    Then the warehouse is refused
    And order management has taken back exactly "1 BOWL, 1 TEAPOT"

  Scenario Outline: Strangers get at nothing, whatever they try
    Given the unallocated order "00000101" of "shopper-1"
    When <who> <tries> that order in the <face>
    And the same with an order number that does not exist
    Then both answers are the same but for the number
    And nothing has changed in any system

    Examples:
      | who                                  | tries           | face       |
      | another shopper                      | tries to modify | app        |
      | another shopper with a token of SLAS | tries to modify | storefront |
      | another shopper with a token of SLAS | tries to return | app        |
      | a guest                              | tries to return | storefront |

  Scenario Outline: A refusal that came while nobody listened is not tried anew by asking for it
    Given the unallocated order "00000106" of "shopper-2"
    And order management takes its time over the cancel
    When the shopper begins to cancel the order in the <channel>
    And the shopper repeats the cancel
    Then the shopper is told that the cancel is still under way
    When the warehouse allocates the order
    And order management gets to it
    Then the shopper is refused because the order has changed
    And nothing has changed in any system

    Examples:
      | channel    |
      | storefront |
      | app        |

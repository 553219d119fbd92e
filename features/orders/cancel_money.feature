@orderops @money
Feature: Give the money of a cancelled order back
  Authorised money is released and taken money is given back, each once and never both. What the payment provider says
  decides, not what order-ops remembers; and a cancel stands, whatever becomes of the money.

  @case-11
  Scenario Outline: An authorisation that has expired needs no release
    Given the unallocated order "00000112" of "shopper-5"
    When 8 days have passed
    And the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state      |
      | release of the authorisation          | not needed |
      | note of the money in order management | done       |
      | release of the reserved goods         | done       |
      | refund event                          | done       |
      | status in the shop                    | done       |
    And order management has cancelled every unit, with one record for each line
    And the payment provider was not asked to do anything
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-11
  Scenario Outline: An authorisation that expires right before its release needs none
    Given the unallocated order "00000112" of "shopper-5"
    And the payment provider takes its time over the release
    When the authorisation of the card is about to expire
    And the shopper begins to cancel the order in the <channel>
    And 2 minutes have passed
    And the payment provider gets to it
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state      |
      | release of the authorisation          | not needed |
      | note of the money in order management | done       |
      | release of the reserved goods         | done       |
      | refund event                          | done       |
      | status in the shop                    | done       |
    And order management has cancelled every unit, with one record for each line
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  # What is taken counts as taken once the provider has settled it; until then nothing of it can be given back.
  @case-12
  Scenario Outline: Money that is taken right before its release is given back instead
    Given the unallocated order "00000101" of "shopper-1"
    And the payment provider takes its time over the release
    When the shopper begins to cancel the order in the <channel>
    And the retailer takes all the money
    And the payment provider gets to it
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    And the shopper is told of these effects:
      | effect                        | state   |
      | refund                        | pending |
      | release of the reserved goods | done    |
      | refund event                  | done    |
      | release of the booking        | done    |
      | status in the shop            | done    |
    When 15 minutes have passed
    And the shopper repeats the cancel
    Then the shopper is told of these effects:
      | effect                                | state |
      | refund                                | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | refund event                          | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
    And the payment is given back in full, once
    And order management has cancelled every unit, with one record for each line
    And the booking is released and its window has room for one more order
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-12
  Scenario Outline: Of money that is taken in part right before its release each part goes its way
    Given the unallocated order "00000101" of "shopper-1"
    And the payment provider takes its time over the release
    When the shopper begins to cancel the order in the <channel>
    And the retailer takes "20.00" of the money
    And the payment provider gets to it
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    When 15 minutes have passed
    Then of the payment "129.59" is released and "20.00" given back, each once
    And order management has cancelled every unit, with one record for each line
    And the shop shows the order as cancelled

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-8 @case-13
  Scenario Outline: Of an order that shipped in part the open part is cancelled, and what was taken for the rest stays
    Given the partly shipped order "<order>" of "<shopper>"
    When the shopper cancels what is still open in the <channel>
    Then the shopper is told that exactly "<units> <open>" is cancelled
    And order management has cancelled exactly "<units> <open>"
    And the shopper is told that what the cancelled units were worth comes back
    And of the authorisation exactly what the cancelled units were worth is released, once
    And what was taken of the card stays taken
    And the shop shows the order as it was

    Examples: one of two lines has shipped
      | order    | shopper   | units | open   | channel    |
      | 00000103 | shopper-1 | 2     | CANDLE | storefront |
      | 00000103 | shopper-1 | 2     | CANDLE | app        |

    Examples: a part of a line has shipped, and a part is allocated
      | order    | shopper   | units | open  | channel    |
      | 00000127 | shopper-5 | 2     | TOWEL | storefront |
      | 00000127 | shopper-5 | 2     | TOWEL | app        |

    Examples: one of two deliveries was picked up
      | order    | shopper   | units | open  | channel    |
      | 00000120 | shopper-4 | 1     | RADIO | storefront |
      | 00000120 | shopper-4 | 1     | RADIO | app        |

  @case-8 @som-C24
  Scenario Outline: Of an order that is paid the share of the open part is given back
    Given the partly shipped order "00000138" of "shopper-3"
    When the shopper cancels what is still open in the <channel>
    Then the shopper is told that exactly "1 SOCKS" is cancelled
    And the shopper is told that what the cancelled units were worth comes back
    And order management has cancelled exactly "1 SOCKS"
    And of the payment exactly what the cancelled units were worth is given back, once
    And the booking still takes its room
    And the shop shows the order as it was

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-13
  Scenario Outline: What was not taken in time has expired, and what was taken stays
    Given the partly shipped order "00000103" of "shopper-1"
    When 8 days have passed
    And the shopper cancels what is still open in the <channel>
    Then the shopper is told of these effects:
      | effect                                | state      |
      | release of the authorisation          | not needed |
      | note of the money in order management | done       |
      | release of the reserved goods         | done       |
      | refund event                          | done       |
    And order management has cancelled exactly "2 CANDLE"
    And the payment provider was not asked to do anything
    And what was taken of the card stays taken

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-13 @operator
  Scenario Outline: A rest that the provider will not release is left to a person
    Given the partly shipped order "00000103" of "shopper-1"
    And the payment provider refuses the release
    When the shopper cancels what is still open in the <channel>
    Then the shopper is told of these effects:
      | effect                        | state  |
      | release of the authorisation  | failed |
      | release of the reserved goods | done   |
      | refund event                  | done   |
    And order management has cancelled exactly "2 CANDLE"
    And what was taken of the card stays taken
    And the operators are asked to look after the release of the authorisation
    When 8 days have passed
    And the payment provider works again
    And the operators have it tried again
    And the shopper asks how the cancel went
    Then the shopper is told of these effects:
      | effect                                | state      |
      | release of the authorisation          | not needed |
      | note of the money in order management | done       |
      | release of the reserved goods         | done       |
      | refund event                          | done       |
    And the operators are asked to look after nothing
    And what was taken of the card stays taken

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-14 @operator
  Scenario Outline: A refund that does not come about is tried again and again, and then left to a person
    Given the unallocated order "00000110" of "shopper-3", which is paid
    And the payment provider does not get round to the refund
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told that everything the order was worth comes back
    And the shopper is told of these effects:
      | effect                        | state   |
      | refund                        | pending |
      | release of the reserved goods | done    |
      | refund event                  | done    |
      | release of the booking        | done    |
      | status in the shop            | done    |
    And the operators are asked to look after nothing
    When 10 minutes have passed
    And the shopper asks how the cancel went
    Then the shopper is told of these effects:
      | effect                        | state   |
      | refund                        | pending |
      | release of the reserved goods | done    |
      | refund event                  | done    |
      | release of the booking        | done    |
      | status in the shop            | done    |
    When 3 hours have passed
    And the shopper asks how the cancel went
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                        | state  |
      | refund                        | failed |
      | release of the reserved goods | done   |
      | refund event                  | done   |
      | release of the booking        | done   |
      | status in the shop            | done   |
    And the payment provider was asked for the refund again and again, after longer and longer waits
    And the operators are asked to look after the refund
    And order management has cancelled every unit, with one record for each line
    And the shop shows the order as cancelled
    When the payment provider works again
    And the operators have it tried again
    And the shopper asks how the cancel went
    Then the operators are asked to look after nothing
    And the payment is given back in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  # Order management holds the refund for done: it would refuse another one.
  @case-15 @operator @webhooks @owner-som
  Scenario Outline: A refund that the provider takes back days later is given back by hand where order management owns the money
    Given the unallocated order "00000110" of "shopper-3", which is paid
    And the payment provider takes 2 days over the refund, and refuses it in the end
    And order-ops hears of what happens to payments, of each thing twice
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state |
      | refund                                | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | refund event                          | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
    When 3 days have passed
    And the shopper asks how the cancel went
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state  |
      | refund                                | failed |
      | note of the money in order management | done   |
      | release of the reserved goods         | done   |
      | refund event                          | done   |
      | release of the booking                | done   |
      | status in the shop                    | done   |
    And the operators are asked to look after the refund
    When the payment provider works again
    And the operators have it tried again
    Then the operators are asked to look after the refund
    When somebody gives the money back at the payment provider
    And the operators have it tried again
    Then the operators are asked to look after nothing
    And the payment is given back in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-14 @operator
  Scenario: Somebody gives some of the money back before a refund is tried again
    Given the unallocated order "00000110" of "shopper-3", which is paid
    And the payment provider refuses the refund
    When the shopper cancels the order in the app
    Then the operators are asked to look after the refund
    When the payment provider works again
    And somebody gives "5.00" back at the payment provider
    And the operators have it tried again
    Then the operators are asked to look after the refund
    And the operators are told to give back what is missing, and to resolve it
    And "5.00" of the payment were given back in all, and no more

  @case-14 @operator
  Scenario: Somebody gives the money back before a refund is tried again
    Given the unallocated order "00000110" of "shopper-3", which is paid
    And the payment provider refuses the refund
    When the shopper cancels the order in the app
    Then the operators are asked to look after the refund
    When the payment provider works again
    And somebody gives the money back at the payment provider
    And the operators have it tried again
    Then the operators are asked to look after nothing
    And the payment is given back in full, once

  # The provider has accepted the refund, and says days later that it came to nothing.
  @case-15 @case-85 @operator @webhooks @owner-order-ops
  Scenario Outline: A refund that the provider takes back days later is owed again
    Given the unallocated order "00000110" of "shopper-3", which is paid
    And the payment provider takes 2 days over the refund, and refuses it in the end
    And order-ops hears of what happens to payments, of each thing twice
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state |
      | refund                                | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | refund event                          | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
    When 3 days have passed
    And the shopper asks how the cancel went
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state  |
      | refund                                | failed |
      | note of the money in order management | done   |
      | release of the reserved goods         | done   |
      | refund event                          | done   |
      | release of the booking                | done   |
      | status in the shop                    | done   |
    And the operators are asked to look after the refund
    When the payment provider works again
    And the operators have it tried again
    And 3 days have passed
    Then the operators are asked to look after nothing
    And the payment is given back in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-83 @case-86 @operator @owner-order-ops
  Scenario Outline: The provider takes a refund back before its answer has come
    Given the unallocated order "00000110" of "shopper-3", which is paid
    And the payment provider takes 2 days over the refund, and refuses it in the end
    And order-ops hears of what happens to payments, of each thing twice
    And the answer of the payment provider to the refund is long on its way
    When the shopper begins to cancel the order in the <channel>
    And 3 days have passed
    And the payment provider gets to it
    And the shopper asks how the cancel went
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                                | state  |
      | refund                                | failed |
      | note of the money in order management | done   |
      | release of the reserved goods         | done   |
      | refund event                          | done   |
      | release of the booking                | done   |
      | status in the shop                    | done   |
    And the operators are asked to look after the refund
    When the payment provider works again
    And the operators have it tried again
    And 3 days have passed
    Then the operators are asked to look after nothing
    And the payment is given back in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-14
  Scenario Outline: A refund that works again is made up for by itself
    Given the unallocated order "00000110" of "shopper-3", which is paid
    And the payment provider does not get round to the refund
    When the shopper cancels the order in the <channel>
    And 10 minutes have passed
    And the payment provider works again
    And 10 minutes have passed
    And the shopper asks how the cancel went
    Then the shopper is told of these effects:
      | effect                                | state |
      | refund                                | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | refund event                          | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
    And the payment is given back in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-14
  Scenario Outline: A refund of which nobody heard is not paid twice
    Given the unallocated order "00000110" of "shopper-3", which is paid
    And the answer of the payment provider to the refund always gets lost
    When the shopper cancels the order in the <channel>
    And 10 minutes have passed
    And the payment provider works again
    And 10 minutes have passed
    And the shopper asks how the cancel went
    Then the shopper is told of these effects:
      | effect                                | state |
      | refund                                | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | refund event                          | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
    And the payment is given back in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-14 @operator
  Scenario Outline: A refund that the provider refuses for good is left to a person at once
    Given the unallocated order "00000110" of "shopper-3", which is paid
    And the payment provider refuses the refund
    When the shopper cancels the order in the <channel>
    Then the shopper is told that the order is cancelled
    And the shopper is told of these effects:
      | effect                        | state  |
      | refund                        | failed |
      | release of the reserved goods | done   |
      | refund event                  | done   |
      | release of the booking        | done   |
      | status in the shop            | done   |
    And the operators are asked to look after the refund
    When the payment provider works again
    And the operators have it tried again
    And the shopper asks how the cancel went
    Then the operators are asked to look after nothing
    And the shopper is told of these effects:
      | effect                                | state |
      | refund                                | done  |
      | note of the money in order management | done  |
      | release of the reserved goods         | done  |
      | refund event                          | done  |
      | release of the booking                | done  |
      | status in the shop                    | done  |
    And the payment is given back in full, once

    Examples:
      | channel    |
      | storefront |
      | app        |

  @case-85 @operator
  Scenario Outline: A report that is not the payment provider's, or is of before, changes nothing
    Given the unallocated order "00000110" of "shopper-3", which is paid
    And order-ops hears of what happens to payments, of each thing twice
    When the shopper cancels the order in the app
    And 2 hours have passed
    And <who> reports that the refund <since>
    Then the report is <ended>
    When 10 minutes have passed
    Then the payment is given back in full, once
    And the operators are asked to look after nothing

    Examples:
      | who                  | since                               | ended       |
      | somebody else        | was refused                         | turned away |
      | the payment provider | had been refused before it was made | taken       |

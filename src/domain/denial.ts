/**
 * The one catalogue of refusals by Tidegate (denied, as against the broker's rejected).
 * docs/reference/denials.md is generated from it. A risk rule's own code is its key in upper snake
 * case and is documented with the rule.
 */

export interface DenialEntry {
  readonly code: string;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** Whether it can refuse an order that only reduces what its strategy owns. */
  readonly refusesExits: boolean;
  /** What to do next. */
  readonly next: string;
}

export const DENIALS = [
  {
    code: 'H1',
    meaning: 'The trading state of the system, account, strategy or instrument lets nothing open.',
    refusesExits: false,
    next: 'Find out who set the state and why; a person lifts it.',
  },
  {
    code: 'H2',
    meaning:
      'The account, strategy or instrument of the order is not known here, or an order would ' +
      'open in another currency than its account is kept in.',
    refusesExits: true,
    next:
      'Check the spelling of the keys; create the strategy or add the instrument first. Trade in ' +
      'the currency of the account.',
  },
  {
    code: 'H3',
    meaning:
      'The broker link is not ready, or the instrument is not reconciled: broker and book ' +
      'differ, or an order that was sent has left no trace.',
    refusesExits: true,
    next: 'Look at the link and at the named order or position; what matches again opens again.',
  },
  {
    code: 'H4',
    meaning: 'The request id was already used by another order.',
    refusesExits: true,
    next: 'Look at the first order; a new order needs a new request id.',
  },
  {
    code: 'H5',
    meaning:
      'A quantity or price is not usable: not above zero, above 1,000,000 units, off the tick or ' +
      'the lot, or a price that the order type needs is missing.',
    refusesExits: true,
    next: 'Correct the number; the message names the step it must be a multiple of.',
  },
  {
    code: 'H6',
    meaning: 'The order is worth more than the hard maximum of a single order.',
    refusesExits: false,
    next: 'Make the order smaller, or change the hard limit in the configuration.',
  },
  {
    code: 'H7',
    meaning: 'With all live orders of its side filled, the position would be worth too much.',
    refusesExits: false,
    next: 'Cancel working orders of that side, reduce the position, or order less.',
  },
  {
    code: 'H8',
    meaning: 'All positions together, long and short added, would be worth too much.',
    refusesExits: false,
    next: 'Reduce some position first.',
  },
  {
    code: 'H9',
    meaning: 'Too many orders: per second, per minute, or active on one side of an instrument.',
    refusesExits: false,
    next: 'Look for a trigger that fires in a loop; wait before sending again.',
  },
  {
    code: 'H10',
    meaning: 'The account has lost the daily maximum: the account is halted.',
    refusesExits: false,
    next: 'Look at the day before anything else; a person lifts the halt.',
  },
  {
    code: 'H11',
    meaning: 'There is no price of the instrument, or the last one is too old.',
    refusesExits: false,
    next: 'Check the market-data feed of the instrument.',
  },
  {
    code: 'H12',
    meaning: 'The price of the order is too far from the last price.',
    refusesExits: false,
    next: 'Check the order price for a slip of the decimal point.',
  },
  {
    code: 'H13',
    meaning:
      'The order would turn a position round: an exit larger than what the strategy owns, the ' +
      'account really holds or its other resting exits leave, or an opening order against a ' +
      'position, or against one that works on the other side.',
    refusesExits: true,
    next: 'Order at most what the strategy owns, cancel the other order, or set allowFlip.',
  },
  {
    code: 'H15',
    meaning: 'There is no valid rule set, or the verdict came from another one.',
    refusesExits: false,
    next: 'Run `tidegate rules check` and mend what it names.',
  },
  {
    code: 'RULES_UNAVAILABLE',
    meaning: 'The risk rules could not be evaluated completely, so the order fails closed.',
    refusesExits: false,
    next: 'The decision names the rule and the fact that was missing.',
  },
] as const satisfies readonly DenialEntry[];

export type HardCode = (typeof DENIALS)[number]['code'];

/** The code under which a risk rule denies: max-order-notional denies as MAX_ORDER_NOTIONAL. */
export function codeOfRule(ruleKey: string): string {
  return ruleKey.toUpperCase().replaceAll('-', '_');
}

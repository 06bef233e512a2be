/**
 * How far one symbol of an instruction file has come, in the words a trader reads. Derived from
 * the orders of its plan; never stored.
 */

/**
 * WAITING: entries are armed and none has fired. BLOCKED: the same, and trading is not ACTIVE
 * there. WORKING: an entry is at the broker, nothing filled. IN_POSITION: an entry has filled.
 * EXITED: the round trip is over, and no other waits. EXPIRED: the session ended without a fill.
 * CANCELLED: its entries were ended otherwise. FAILED: the entry that fired was denied, rejected or
 * not sent. REPLACED: a changed file took its place. REFUSED: it was never armed.
 */
export type PlanState =
  | 'WAITING'
  | 'BLOCKED'
  | 'WORKING'
  | 'IN_POSITION'
  | 'EXITED'
  | 'EXPIRED'
  | 'CANCELLED'
  | 'FAILED'
  | 'REPLACED'
  | 'REFUSED';

/**
 * A command that was not carried out, as data: nothing has changed. The codes are those a client
 * sees. A denial by the rules is no refusal of the command: the order is recorded as DENIED.
 */

export const REFUSAL_CODES = [
  'INVALID',
  'NOT_FOUND',
  'AMBIGUOUS',
  'OFF_TICK',
  'DUPLICATE',
  'RISK_DENIED',
  'TRADING_HALTED',
  'NOT_CANCELLABLE',
  'NOT_CONNECTED',
  'STALE',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export interface Refusal {
  readonly code: RefusalCode;
  /** What happened, why, and what to do next. */
  readonly message: string;
  /** Name of the command's field at fault; null where no single one is. */
  readonly field: string | null;
}

/**
 * Names of things. Ids of derived things are counters of the journal, never random, so that two
 * runs over the same inputs give the same ids. Keys are what a person types.
 */

/** `ord-00000001`: at most 24 characters, so that it fits the broker's reference field. */
export type OrderId = string;
/** `pln-0001`: one symbol of one instruction file. */
export type PlanId = string;
/** `dec-00000001` */
export type DecisionId = string;
/** A person's stable name of a strategy, used in rule files, instruction files and logs. */
export type StrategyKey = string;
/** The broker's account code. */
export type AccountKey = string;
/** Unique name of an instrument, e.g. AAPL. */
export type InstrumentKey = string;
/** `ins-00000001`: one instruction file as it was handed in. */
export type FileId = string;
/** The broker's id of one execution. */
export type ExecId = string;
/** Position of an event in the journal; the first is 1. */
export type Sequence = number;

/** An id from a prefix and a counter, padded so that text order is creation order. */
export function idFrom(prefix: 'ord' | 'pln' | 'dec' | 'ins', counter: number): string {
  return `${prefix}-${String(counter).padStart(8, '0')}`;
}

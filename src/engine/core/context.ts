/**
 * What deciding needs besides the state: settings, rule kinds and the latest prices. All
 * read-only.
 */
import type { ConditionalKind, ConditionalVerdict } from '../../domain/conditional';
import type { Event } from '../../domain/event';
import type { HardLimits } from '../../domain/limits';
import type { Market } from '../../domain/market';
import type { Refusal, RefusalCode } from '../../domain/refusal';
import type { Facts, RuleCheck, Verdict } from '../../domain/verdict';

export interface Context {
  readonly limits: HardLimits;
  readonly kinds: ReadonlyMap<string, ConditionalKind>;
  /** Hash of the rule set in force: a verdict from another one is refused. */
  readonly ruleSetHash: string;
  readonly market: Market;
}

/** What the rules said about the input before it is decided; null where they were not asked. */
export interface Assessment {
  readonly conditional: ConditionalVerdict | null;
  readonly risk: Verdict | null;
  /** What the risk rules were asked with: the hard limits look at the same facts. */
  readonly facts: Facts | null;
  /** Of a file: the rules that its plans do not pass at worst; absent: of no plan. */
  readonly plans?: PlanChecks;
}

/** Rules that failed, by instrument and side; see `planSide`. */
export type PlanChecks = ReadonlyMap<string, readonly RuleCheck[]>;
export const planSide = (instrument: string, side: string): string => `${instrument}|${side}`;

export const NOT_ASSESSED: Assessment = Object.freeze({
  conditional: null,
  risk: null,
  facts: null,
});

/** The context of the moment, with what the rules said about this input. */
export interface Ask extends Context {
  readonly assessment: Assessment;
  /** Whether an order approved now leaves at once. */
  readonly canSend: boolean;
}

/** What was decided. A refused command has no events and says why. */
export interface Outcome {
  readonly events: readonly Event[];
  readonly refusal: Refusal | null;
}
export function outcome(events: readonly Event[]): Outcome {
  return { events, refusal: null };
}
/** Nothing happens; the field is the command's, where a single one is at fault. */
export function refused(code: RefusalCode, message: string, field: string | null = null): Outcome {
  return { events: [], refusal: { code, message, field } };
}

// What a benchmark is and what it yields. Knows nothing of how results are printed.

export interface Figure {
  readonly value: number;
  readonly unit: string;
}

export interface Result {
  readonly name: string;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly ratios: Readonly<Record<string, number>>;
}

/** How much is measured: tests run a little of everything, people run enough to trust it. */
export interface Effort {
  readonly rounds: number;
  /** Decisions per variant and round. */
  readonly decisions: number;
  /** Trades of the tape. */
  readonly trades: number;
  /** Share of the armed orders that a label names; below 1 the figures mean nothing. */
  readonly armedShare: number;
  /** Messages per variant and round of a fan-out. */
  readonly messages: number;
  /** Share of the subscribers that a label names; below 1 the figures mean nothing. */
  readonly subscriberShare: number;
  /** Queries per variant and round. */
  readonly queries: number;
  /** Prices that an order follows, for each of its ways. */
  readonly ticks: number;
}

export const FULL_EFFORT: Effort = {
  rounds: 9,
  decisions: 1_500,
  // The replay reports its progress every 25,000 trades, which is what the clock is read by.
  trades: 300_001,
  armedShare: 1,
  messages: 20_000,
  subscriberShare: 1,
  queries: 60,
  ticks: 400,
};

export interface Benchmark {
  readonly name: string;
  /** What it measures, for the list of names. */
  readonly summary: string;
  /** What each figure and ratio means, for a person. */
  readonly meaning: readonly string[];
  readonly run: (effort: Effort) => Promise<Result>;
}

// Timing: variants in turn within one process, so that a busy machine slows all of them alike, and
// medians over the rounds. CPU time rather than wall time, because it leaves out the neighbours;
// the threads that collect garbage are in it, because garbage is a cost.

/** One thing to be measured. Yields how much was done, and what it cost. */
export interface Variant {
  readonly name: string;
  readonly round: () => Promise<Cost>;
}

export interface Cost {
  readonly operations: number;
  readonly cpuMicros: number;
}

/** Microseconds of CPU time per operation, round by round, of every variant. */
export class Costs {
  readonly #perOperation: ReadonlyMap<string, readonly number[]>;

  constructor(perOperation: ReadonlyMap<string, readonly number[]>) {
    this.#perOperation = perOperation;
  }

  get names(): readonly string[] {
    return [...this.#perOperation.keys()];
  }

  /** The median over the rounds. */
  of(name: string): number {
    return quantile(this.#rounds(name), 0.5);
  }

  /** The median of the ratios of each round: what slows a round slows both sides of its ratio. */
  ratio(above: string, below: string): number {
    const others = this.#rounds(below);
    const ratios = this.#rounds(above).map((cost, n) => cost / (others[n] ?? NaN));
    return rounded(quantile(ratios, 0.5));
  }

  #rounds(name: string): readonly number[] {
    const costs = this.#perOperation.get(name);
    if (costs === undefined) throw new Error(`nothing was measured under ${name}`);
    return costs;
  }
}

/** Runs the variants in turn, A B C A B C. */
export async function interleave(variants: readonly Variant[], rounds: number): Promise<Costs> {
  // The first round compiles and fills caches; it is run and not counted.
  for (const variant of variants) await variant.round();
  const perOperation = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, round: run } of variants) {
      const { operations, cpuMicros } = await run();
      perOperation.get(name)?.push(cpuMicros / operations);
    }
  }
  return new Costs(perOperation);
}

/** Collects garbage, so that a variant pays for its own only; needs --expose-gc. */
export function collectGarbage(): void {
  globalThis.gc?.();
}

/** The same for what is young only: a heap of gigabytes is not looked through every round. */
export function collectYoungGarbage(): void {
  (globalThis.gc as ((options: { type: 'minor' }) => void) | undefined)?.({ type: 'minor' });
}

/** CPU time of this process until now, all threads, in microseconds. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Does the work as often as said, and says what it cost. */
export async function costOf(
  operations: number,
  work: (n: number) => Promise<unknown> | void,
): Promise<Cost> {
  collectGarbage();
  const start = cpuMicros();
  for (let n = 0; n < operations; n += 1) {
    const pending = work(n);
    if (pending !== undefined) await pending;
  }
  // At least one, should the clock be too coarse to see a short round.
  return { operations, cpuMicros: Math.max(cpuMicros() - start, 1) };
}

/** The value below which the share of the samples lies; the nearest rank, no interpolation. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(0, Math.ceil(share * sorted.length) - 1);
  return sorted[rank] ?? NaN;
}

/** Three digits carry a measurement; more would pretend. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

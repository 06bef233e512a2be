/**
 * Tells a break from fills in flight: broker and book must differ by the same amount for longer
 * than five seconds and over two complete reads before it counts. Keeps only suspicions: what is
 * certain is in the journal. Knows no socket and no clock.
 */
import type { BrokerPosition } from '../domain/broker-link';
import { equals, minus, NO_QUANTITY, toText, type Quantity } from '../domain/decimal';
import type { AccountKey, InstrumentKey } from '../domain/ids';
import { positionKey, positionOf, type State } from '../engine/core/state';

/** What differs, or matches again. */
export interface SeenPosition {
  readonly account: AccountKey;
  readonly instrument: InstrumentKey;
  readonly brokerQuantity: Quantity;
}

interface Suspicion {
  readonly difference: string;
  readonly since: number;
  readonly reads: number;
}

const LONG_ENOUGH = 5_000;
const READS = 2;

export class PositionWatch {
  readonly #suspicions = new Map<string, Suspicion>();

  /** A complete read of the broker's positions: what is certain now and was not before. */
  read(state: State, positions: readonly BrokerPosition[], at: number): SeenPosition[] {
    const certain: SeenPosition[] = [];
    for (const seen of everyPosition(state, positions)) {
      const key = positionKey(seen.account, seen.instrument);
      const book = positionOf(state, seen).quantity;
      if (equals(book, seen.brokerQuantity)) {
        this.#suspicions.delete(key);
        if (state.breaks.has(key) || state.suspectedBreaks.has(key)) certain.push(seen);
        continue;
      }
      const difference = toText(minus(seen.brokerQuantity, book));
      const before = this.#suspicions.get(key);
      const same = before?.difference === difference;
      const suspicion = same
        ? { ...before, reads: before.reads + 1 }
        : { difference, since: at, reads: 1 };
      this.#suspicions.set(key, suspicion);
      if (suspicion.reads >= READS && at - suspicion.since > LONG_ENOUGH) certain.push(seen);
    }
    return certain;
  }

  /** Whether another read is needed to tell. */
  get suspects(): boolean {
    return this.#suspicions.size > 0;
  }

  /** A connection ended: what was read over it proves nothing any more. */
  forget(): void {
    this.#suspicions.clear();
  }
}

/** The positions of the read, and those known here that it does not name, which are zero there. */
function everyPosition(state: State, positions: readonly BrokerPosition[]): SeenPosition[] {
  const seen = new Map<string, SeenPosition>();
  const known = [state.positions, state.breaks, state.suspectedBreaks];
  for (const key of known.flatMap((each) => [...each.keys()])) {
    const [account = '', instrument = ''] = key.split('|');
    seen.set(key, { account, instrument, brokerQuantity: NO_QUANTITY });
  }
  for (const { account, instrument, quantity } of positions) {
    if (!state.accounts.has(account)) continue;
    const key = positionKey(account, instrument);
    seen.set(key, { account, instrument, brokerQuantity: quantity });
  }
  return [...seen.values()];
}

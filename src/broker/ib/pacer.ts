/**
 * Lets messages out at the broker's pace: never more than the limit in any second, cancels before
 * orders before questions. Each lane keeps off a part of the limit, so that a flood of questions
 * leaves room for a cancel. Knows no socket and no message.
 */
import type { Scheduler } from './options';

export type Lane = 'CANCEL' | 'ORDER' | 'QUERY' | 'ACCOUNT' | 'MARKET_DATA' | 'HISTORY';

export interface Message {
  readonly lane: Lane;
  readonly write: () => void;
  /** It will never be written: the connection it was for has ended. */
  readonly lost: (reason: string) => void;
}

const LANES: readonly Lane[] = ['CANCEL', 'ORDER', 'QUERY', 'ACCOUNT', 'MARKET_DATA', 'HISTORY'];
/** The part of a second's messages that a lane may fill, whoever sent them. */
const SHARE: Readonly<Record<Lane, number>> = {
  CANCEL: 1,
  ORDER: 0.9,
  QUERY: 0.8,
  ACCOUNT: 0.75,
  MARKET_DATA: 0.7,
  HISTORY: 0.6,
};
/** Longer than a second, because messages bunch up on the way. */
const WINDOW_MS = 1_050;

export class Pacer {
  readonly #scheduler: Scheduler;
  readonly #perSecond: number;
  readonly #freed: () => void;
  readonly #queues: Readonly<Record<Lane, Message[]>>;
  /** When the messages of the last second left, oldest first. */
  #written: number[] = [];
  #timer: (() => void) | null = null;
  #wanted = false;

  /** `freed` is told when an order could leave after `wouldSend` had said no. */
  constructor(scheduler: Scheduler, perSecond: number, freed: () => void) {
    this.#scheduler = scheduler;
    this.#perSecond = perSecond;
    this.#freed = freed;
    this.#queues = {
      ...{ CANCEL: [], ORDER: [], QUERY: [] },
      ...{ ACCOUNT: [], MARKET_DATA: [], HISTORY: [] },
    };
  }

  /** Writes at once where the pace allows it, else as soon as it does. */
  submit(message: Message): void {
    if (this.#free(message.lane)) return this.#write(message);
    this.#queues[message.lane].push(message);
    this.#wait();
  }

  /** Whether an order would leave at once; if not, `freed` says when it would. */
  wouldSend(): boolean {
    const free = this.#free('ORDER');
    if (!free) {
      this.#wanted = true;
      this.#wait();
    }
    return free;
  }

  /** Calls off what waits in the lanes: none of it is written later. */
  drop(reason: string, lanes: readonly Lane[] = LANES): void {
    const waiting = lanes.flatMap((lane) => this.#queues[lane].splice(0));
    this.#timer?.();
    this.#timer = null;
    this.#wanted = false;
    this.#wait();
    for (const message of waiting) message.lost(reason);
  }

  #budget(lane: Lane): number {
    return Math.max(1, Math.floor(this.#perSecond * SHARE[lane]));
  }

  #forget(): void {
    const since = this.#scheduler.now() - WINDOW_MS;
    let gone = 0;
    while ((this.#written[gone] ?? Infinity) <= since) gone += 1;
    if (gone > 0) this.#written = this.#written.slice(gone);
  }

  /** Nothing of its lane or a better one waits, and its part of the second is not used up. */
  #free(lane: Lane): boolean {
    this.#forget();
    for (const better of LANES) {
      if (this.#queues[better].length > 0) return false;
      if (better === lane) break;
    }
    return this.#written.length < this.#budget(lane);
  }

  #write(message: Message): void {
    this.#written.push(this.#scheduler.now());
    message.write();
  }

  #pump(): void {
    this.#timer = null;
    for (const lane of LANES) {
      this.#forget();
      while (this.#queues[lane].length > 0 && this.#written.length < this.#budget(lane)) {
        const message = this.#queues[lane].shift();
        if (message !== undefined) this.#write(message);
      }
      if (this.#queues[lane].length > 0) break;
    }
    this.#wait();
    if (this.#wanted && this.#free('ORDER')) {
      this.#wanted = false;
      this.#freed();
    }
  }

  /** Wakes up when the first lane that waits has room again. */
  #wait(): void {
    if (this.#timer !== null) return;
    const lane = LANES.find((each) => this.#queues[each].length > 0);
    const blocked = lane ?? (this.#wanted ? 'ORDER' : undefined);
    if (blocked === undefined) return;
    const frees = this.#written[Math.max(0, this.#written.length - this.#budget(blocked))];
    const ms = frees === undefined ? 0 : frees + WINDOW_MS - this.#scheduler.now();
    this.#timer = this.#scheduler.after(Math.max(1, Math.ceil(ms)), () => this.#pump());
  }
}

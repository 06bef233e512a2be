/**
 * What the session is told when it is made, and the timers it lives by. Knows no message and no
 * socket. Times are milliseconds.
 */
import type { AccountKey } from '../../domain/ids';
import type { Clock } from '../../domain/ports';

/** Timers that tests can move by hand. `now` only grows and has no fixed beginning. */
export interface Scheduler {
  now(): number;
  /** Runs the task once; the returned function calls it off. */
  after(ms: number, task: () => void): () => void;
}

export interface IbLinkOptions {
  readonly host: string;
  readonly port: number;
  /** Fixed for a deployment: orders can only be changed by the client that placed them. */
  readonly clientId: number;
  /** Accounts whose orders and fills are ours to see; null: all that the login manages. */
  readonly accounts: readonly AccountKey[] | null;
  /** Marks the orders of this deployment: letters, digits and dashes, at most 8. */
  readonly refTag: string;
  readonly clock: Clock;
  readonly heartbeat: { readonly intervalMs: number; readonly deadlineMs: number };
  readonly backoff: { readonly firstMs: number; readonly maxMs: number };
  /** How long one round of questions, or the greeting of a connection, may take. */
  readonly snapshotTimeoutMs: number;
  /** How often everything is read again while READY. */
  readonly rereadMs: number;
  /** How long it may be DEGRADED before the connection is ended and begun anew. */
  readonly degradedMs: number;
  /** Everything included; the broker drops a client above 50. */
  readonly messagesPerSecond: number;
  /** Refuses the ports of live trading and every account that is no paper account. */
  readonly requirePaper: boolean;
  readonly scheduler: Scheduler;
}

/** What has to be said; everything else has a default. */
export type IbLinkSettings = Pick<
  IbLinkOptions,
  'host' | 'port' | 'clientId' | 'accounts' | 'refTag' | 'clock' | 'requirePaper'
> &
  Partial<IbLinkOptions>;

/** The timers of the platform. */
export const realScheduler: Scheduler = {
  now: () => performance.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

const TAG = /^[A-Za-z0-9-]{1,8}$/;
const MAX_MESSAGES_PER_SECOND = 45;

/** Fills in the defaults. @throws RangeError when a setting cannot work */
export function completeOptions(settings: IbLinkSettings): IbLinkOptions {
  const options: IbLinkOptions = {
    heartbeat: { intervalMs: 10_000, deadlineMs: 5_000 },
    backoff: { firstMs: 500, maxMs: 30_000 },
    snapshotTimeoutMs: 10_000,
    rereadMs: 60_000,
    degradedMs: 300_000,
    messagesPerSecond: MAX_MESSAGES_PER_SECOND,
    scheduler: realScheduler,
    ...settings,
  };
  if (!TAG.test(options.refTag)) {
    throw new RangeError(
      `The tag of the orders is "${options.refTag}": it takes 1 to 8 letters, digits and dashes`,
    );
  }
  const { messagesPerSecond: pace, clientId } = options;
  if (!(pace >= 1 && pace <= MAX_MESSAGES_PER_SECOND)) {
    throw new RangeError(`${pace} messages a second: 1 to ${MAX_MESSAGES_PER_SECOND} are possible`);
  }
  if (!Number.isInteger(clientId) || clientId < 1) {
    const why = 'client 0 is handed the manual orders of TWS';
    throw new RangeError(`Client id ${clientId}: it must be a whole number from 1 up; ${why}`);
  }
  return options;
}

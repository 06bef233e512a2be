// The live desk over the engine of a link desk and a broker link that stands still: what it does is
// done by the clock, which a test moves. Needs jest's fake timers. Must not know what any test
// expects.

import type { BrokerLink, DailyBar, LinkStatus } from '../../src/domain/broker-link';
import type { LogEntry } from '../../src/domain/desk';
import { LiveDesk } from '../../src/live/desk';
import { Listeners } from '../../src/live/quote-board';
import { connectedDesk, type LinkDesk } from './link-kit';
import type { DeskOptions } from './trading-kit';

const READY: LinkStatus = { state: 'READY', epoch: 1, reason: null };

/** Ready, and without an answer to anything. */
export class StillLink implements BrokerLink {
  status = READY;
  synchronized = 0;
  readonly watched: string[] = [];
  canSend = (): boolean => true;
  place = (): void => undefined;
  modify = (): void => undefined;
  cancel = (): void => undefined;
  start = (): void => undefined;
  stop = (): Promise<void> => Promise.resolve();
  synchronize(): Promise<void> {
    this.synchronized += 1;
    return Promise.resolve();
  }
  resolve = (): Promise<readonly never[]> => Promise.resolve([]);
  watch({ key }: { key: string }): void {
    this.watched.push(key);
  }
  bars: readonly DailyBar[] = [];
  dailyBars = (): Promise<readonly DailyBar[]> => Promise.resolve(this.bars);
}

/** AAPL trades on XNYS; `at` sets the clock and lets the desk look at it. */
export async function clockedDesk(
  prepare: (link: LinkDesk) => Promise<void> = () => Promise.resolve(),
  options: DeskOptions = {},
) {
  const link = await connectedDesk({ instrument: { calendar: 'XNYS' }, ...options });
  await prepare(link);
  const { engine, clock } = link.desk;
  const log: string[] = [];
  const desk = new LiveDesk({
    ...{ engine, clock, mode: 'DEMO', run: 'r' },
    rules: { hash: '', activatedAt: 0, rules: [] },
    log: (_, message) => log.push(message),
    onLog: new Listeners<LogEntry>().listen,
  });
  const broker = new StillLink();
  const at = async (ms: number): Promise<void> => {
    clock.set(ms);
    await jest.advanceTimersByTimeAsync(600);
  };
  return { link, desk, broker, log, at };
}

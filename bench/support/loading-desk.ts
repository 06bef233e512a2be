// The live desk with its inbox, journal and query tables on disk, and a broker that answers at
// once: whatever it takes is our own. Must not know what is measured.

import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BrokerLink, DailyBar, LinkStatus } from '../../src/domain/broker-link';
import { money, price, quantity } from '../../src/domain/decimal';
import type { Instrument } from '../../src/domain/instrument';
import { DEFAULT_LIMITS } from '../../src/domain/limits';
import type { RuleBook } from '../../src/domain/ports';
import { Feed } from '../../src/engine/feed';
import { Engine } from '../../src/engine/loop';
import { LiveDesk } from '../../src/live/desk';
import { startInstructionInbox } from '../../src/live/instruction-inbox';
import { Listeners } from '../../src/live/quote-board';
import { openStorage, type Storage } from '../../src/persistence/storage';
import { inDollars, instruments, OPEN, START } from './tape';

const ACCOUNT = 'BENCH';
const READY: LinkStatus = { state: 'READY', epoch: 1, reason: null };

/** Knows every instrument of the list; takes orders and calls back with none. */
class InstantLink implements BrokerLink {
  readonly status = READY;
  readonly #listed: ReadonlyMap<string, Instrument>;
  readonly #close: DailyBar;
  placed: () => void = () => undefined;

  constructor(listed: readonly Instrument[]) {
    this.#listed = new Map(listed.map((each) => [each.key, each]));
    const at = price(inDollars(START));
    const prices = { open: at, high: at, low: at, close: at };
    this.#close = { date: '2024-03-08', ...prices, volume: quantity('1') };
  }
  canSend = (): boolean => true;
  place = (): void => this.placed();
  modify = (): void => undefined;
  cancel = (): void => undefined;
  start = (): void => undefined;
  stop = (): Promise<void> => Promise.resolve();
  synchronize = (): Promise<void> => Promise.resolve();
  watch = (): void => undefined;
  resolve(symbol: string): Promise<readonly Instrument[]> {
    const found = this.#listed.get(symbol);
    return Promise.resolve(found === undefined ? [] : [found]);
  }
  dailyBars = (): Promise<readonly DailyBar[]> => Promise.resolve([this.#close]);
}

export class LoadingDesk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  readonly #listed: readonly Instrument[];
  readonly #link: InstantLink;
  readonly #storage: Storage;
  readonly #engine: Engine;
  readonly #desk: LiveDesk;
  readonly #now = OPEN + 60_000;
  #batches = 0;
  #bytes = 0;

  static async open(rules: RuleBook, symbols: number): Promise<LoadingDesk> {
    const dataDir = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
    const log = (): void => undefined;
    const storage = await openStorage({ dataDir, databaseUrl: null, log });
    const desk = new LoadingDesk({ rules, symbols, storage, dataDir });
    await desk.#start();
    return desk;
  }

  private constructor(
    private readonly given: {
      readonly rules: RuleBook;
      readonly symbols: number;
      readonly storage: Storage;
      readonly dataDir: string;
    },
  ) {
    const { rules, symbols, storage } = given;
    this.#listed = instruments(symbols);
    this.#link = new InstantLink(this.#listed);
    this.#storage = storage;
    const { journal, projector } = storage;
    const feed = new Feed({ journal });
    this.#engine = new Engine({
      ...{ journal, broker: this.#link, rules, limits: DEFAULT_LIMITS },
      folded: (record, state) => feed.folded(record, state),
      publish: (records, state) => {
        this.#batches += 1;
        feed.committed();
        projector.project(records, state);
      },
    });
    this.#desk = new LiveDesk({
      ...{ engine: this.#engine, clock: { now: () => this.#now }, mode: 'DEMO', run: 'bench' },
      rules: { hash: rules.hash, activatedAt: 0, rules: [] },
      log: () => undefined,
      onLog: new Listeners<never>().listen,
    });
  }

  async #start(): Promise<void> {
    const { rules } = this.given;
    const start = { kind: 'START_RUN', mode: 'DEMO', ruleSetHash: rules.hash } as const;
    await this.#desk.execute({ ...start, inputsHash: '' });
    const kind = 'OPEN_ACCOUNT';
    const cash = money('100000');
    await this.#desk.execute({ kind, account: ACCOUNT, currency: 'USD', cash });
    this.#desk.start(this.#link);
    const { intake } = this.#desk;
    intake.link({ ...READY, state: 'SYNCHRONIZING' });
    await intake.snapshot({
      ...{ epoch: 1, clientId: 1, nextBrokerOrderId: 1, accounts: [ACCOUNT] },
      ...{ openOrders: [], completedOrders: [], positions: [] },
    });
    intake.link(READY);
    await this.#engine.drain();
  }

  /** The orders the broker is given from now on are told. */
  onPlaced(placed: () => void): void {
    this.#link.placed = placed;
  }

  get symbols(): readonly string[] {
    return this.#listed.map(({ key }) => key);
  }

  /** Every order there is, and how many records the journal holds. */
  get armed(): number {
    return this.#engine.state.ordersMade;
  }

  /** What the journal took, known when it is closed. */
  get written(): { readonly batches: number; readonly bytes: number } {
    return { batches: this.#batches, bytes: this.#bytes };
  }

  /** A price as the broker session tells it. */
  price(instrument: string, cents: number): void {
    const last = price(inDollars(cents));
    this.#desk.intake.quote({ at: this.#now, instrument, last });
  }

  /** Lays a file into the inbox, at which nobody looks yet. */
  lay(name: string, content: string): void {
    const path = join(this.#folder, 'inbox', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  /** Looks at the inbox; resolves when so many files are loaded and in the query tables. */
  async take(files: number): Promise<void> {
    const folder = join(this.#folder, 'inbox');
    let left = files;
    let [done, failed]: [() => void, (cause: Error) => void] = [() => undefined, () => undefined];
    const loaded = new Promise<void>((resolve, reject) => {
      [done, failed] = [resolve, reject];
    });
    const inbox = startInstructionInbox({
      ...{ folder, desk: this.#desk, armedOn: () => null, settleMs: 1, pollMs: 10 },
      hasStrategy: (key) => this.#engine.state.strategies.has(key),
      log: (level, message) => {
        if (level !== 'INFO') failed(new Error(message));
        if (/ is loaded: /.test(message) && (left -= 1) === 0) done();
      },
    });
    try {
      await loaded;
    } finally {
      await inbox.stop();
    }
    await this.#storage.projector.upTo(this.#engine.state.sequence);
  }

  async close(): Promise<void> {
    await this.#desk.stop();
    await this.#storage.close();
    this.#bytes = statSync(join(this.given.dataDir, 'journal.db')).size;
    for (const path of [this.#folder, this.given.dataDir]) rmSync(path, { recursive: true });
  }
}

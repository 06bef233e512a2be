// A client that is cut off at any point, restarts of the server included, and resumes with the last
// sequence it saw hears of every fill of the journal exactly once and in order.

import fc from 'fast-check';
import { price, quantity } from '../../src/domain/decimal';
import { SqliteJournal } from '../../src/persistence/journal';
import { Api, type Json, type Listening } from '../support/api-kit';
import { ACCOUNT, Desk, openDesk, ruleBook } from '../support/trading-kit';

const ask = (after: string): string =>
  `subscription { fillFeed(after: "${after}") { sequence fill { execId } } }`;

interface Step {
  /** Fills that happen, then what happens to the client. */
  readonly fills: number;
  readonly reads: number;
  readonly end: 'STAY' | 'CUT' | 'RESTART';
}
const steps = fc.array(
  fc.record<Step>({
    fills: fc.integer({ min: 0, max: 6 }),
    reads: fc.integer({ min: 0, max: 6 }),
    end: fc.constantFrom('STAY', 'CUT', 'RESTART'),
  }),
  { minLength: 1, maxLength: 8 },
);

/** A server over one journal, and a client that remembers no more than its last sequence. */
class Run {
  readonly heard: string[] = [];
  #api: Api;
  #feed: Listening | null = null;
  #last = '0';
  #booked = 0;

  private constructor(
    private readonly journal: SqliteJournal,
    desk: Desk,
    private readonly keep: number,
  ) {
    this.#api = new Api(desk, keep);
  }
  static async open(keep: number): Promise<Run> {
    const journal = new SqliteJournal(':memory:');
    return new Run(journal, await openDesk({ journal }), keep);
  }

  get booked(): string[] {
    return [...this.journal.read(0)].flatMap(({ event }) =>
      event.type === 'OrderFilled' || event.type === 'FillCorrected' ? [event.fill.execId] : [],
    );
  }
  /** Every third one corrects the one before it. */
  async fill(): Promise<void> {
    const nth = (this.#booked += 1);
    const corrects = nth % 3 === 0;
    await this.#api.trading.report({
      ...{ kind: 'FILL', order: null, account: ACCOUNT, instrument: 'AAPL', side: 'BUY' },
      ...{ execId: corrects ? `e${nth - 1}.02` : `e${nth}.01`, price: price('70') },
      quantity: quantity(String(nth)),
    });
  }
  async read(most: number): Promise<void> {
    for (let n = 0; n < most && this.heard.at(-1) !== this.booked.at(-1); n += 1) {
      this.#feed ??= await this.#api.listen(ask(this.#last));
      try {
        const [message] = await this.#feed.take(1);
        this.heard.push(message.fill.execId);
        this.#last = message.sequence;
      } catch (cause) {
        // The server says where to go on; the client's own memory says the same.
        const { code, sequence } = (cause as Json).extensions;
        expect(code).toBe('SLOW_CONSUMER');
        this.#last = sequence;
        this.#feed = null;
      }
    }
  }
  /** Until a last fill is heard, which comes while the client listens. */
  async finish(): Promise<void> {
    this.#feed ??= await this.#api.listen(ask(this.#last));
    await this.fill();
    await this.read(1_000);
  }
  async end(how: Step['end']): Promise<void> {
    if (how === 'STAY') return;
    await this.#feed?.end();
    this.#feed = null;
    if (how === 'RESTART') {
      await this.#api.close();
      this.#api = new Api(new Desk(await ruleBook('none'), { journal: this.journal }), this.keep);
    }
  }
  async close(): Promise<void> {
    await this.#api.close();
    this.journal.close();
  }
}

describe('a resumed fillFeed', () => {
  it.each([2, 8, 64])(
    'misses nothing and repeats nothing when %i changes are kept',
    async (keep) => {
      await fc.assert(
        fc.asyncProperty(steps, async (all) => {
          const run = await Run.open(keep);
          for (const { fills, reads, end } of all) {
            for (let n = 0; n < fills; n += 1) await run.fill();
            await run.read(reads);
            await run.end(end);
          }
          await run.finish();
          expect(run.heard).toEqual(run.booked);
          await run.close();
        }),
        { numRuns: 40 },
      );
    },
  );
});

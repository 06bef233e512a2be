// Subscribers hear of every committed event once and in order, whenever they come, however slow
// they are, and whatever they do; one that stalls costs nobody anything.

import type { Event, JournalRecord } from '../../src/domain/event';
import { Feed, SlowConsumer, type ChangeOrReset } from '../../src/engine/feed';
import { latest, newest } from '../../src/engine/latest-feed';
import { emptyState } from '../../src/engine/core/state';
import { SqliteJournal } from '../../src/persistence/journal';
import { Listeners } from '../../src/live/quote-board';

const event = (n: number): Event => ({ type: 'PlanAddsArmed', plan: `pln-${n}` });
const all = (record: JournalRecord): number => record.sequence;

/** A journal and its feed, without an engine. */
class Kit {
  readonly journal = new SqliteJournal(':memory:');
  readonly feed: Feed;
  #made: number;

  constructor(keep: number, before = 0) {
    this.#made = 0;
    if (before > 0) this.#append(before);
    this.feed = new Feed({ journal: this.journal, keep });
  }
  #append(count: number): readonly JournalRecord[] {
    const events = Array.from({ length: count }, () => event((this.#made += 1)));
    return this.journal.append({ inputId: `i-${this.#made}`, at: 0, events });
  }
  /** So many events in one batch. */
  commit(count = 1): void {
    const state = emptyState();
    for (const record of this.#append(count)) this.feed.folded(record, state);
    this.feed.committed();
  }
  changes(after: number | null) {
    return this.feed.changes(
      (item: ChangeOrReset) => [
        item.kind === 'RESET'
          ? `${item.reason} ${item.sequence}`
          : `${item.change.record.sequence}`,
      ],
      after,
    );
  }
}

async function take<T>(from: AsyncIterator<T>, count: number): Promise<T[]> {
  const values: T[] = [];
  for (let n = 0; n < count; n += 1) values.push((await from.next()).value as T);
  return values;
}
const upTo = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);

describe('a feed of facts', () => {
  it('without a cursor begins after what is committed', async () => {
    const kit = new Kit(8, 3);
    const facts = kit.feed.facts(all, null);
    kit.commit(2);
    expect(await take(facts, 2)).toEqual([4, 5]);
  });

  it.each([0, 3, 5, 9])(
    'with the cursor %i gives every later one, stored and live',
    async (after) => {
      const kit = new Kit(4, 5);
      kit.commit(5);
      const facts = kit.feed.facts(all, after);
      expect(await take(facts, 10 - after)).toEqual(upTo(after + 1, 10));
      kit.commit(2);
      expect(await take(facts, 2)).toEqual([11, 12]);
    },
  );

  it('that is committed while storage is being read comes once and in order', async () => {
    const kit = new Kit(4, 20);
    const facts = kit.feed.facts(all, 0);
    const seen = await take(facts, 3);
    kit.commit(10);
    seen.push(...(await take(facts, 27)));
    expect(seen).toEqual(upTo(1, 30));
  });

  it('gives only what is asked for, and moves on over the rest', async () => {
    const kit = new Kit(8);
    const even = kit.feed.facts(({ sequence }) => (sequence % 2 === 0 ? sequence : null), 0);
    kit.commit(5);
    expect(await take(even, 2)).toEqual([2, 4]);
    kit.commit();
    expect(await take(even, 1)).toEqual([6]);
  });

  it('that comes between the look and the wait is not waited for', async () => {
    const kit = new Kit(8);
    const facts = kit.feed.facts(all, null);
    const first = facts.next();
    // The reader has looked and not begun to wait: a few turns of the microtask queue each.
    for (let turns = 0; turns < 6; turns += 1) {
      if (turns === 3) kit.commit();
      await Promise.resolve();
    }
    expect(await first).toEqual({ done: false, value: 1 });
    for (let turns = 0; turns < 6; turns += 1) {
      const next = facts.next();
      for (let n = 0; n < turns; n += 1) await Promise.resolve();
      kit.commit();
      expect((await next).value).toBe(turns + 2);
    }
  });

  it('ends for one that fell off the tail, and says where to resume without a gap', async () => {
    const kit = new Kit(4);
    const facts = kit.feed.facts(all, null);
    kit.commit();
    const waits = take(facts, 2);
    await new Promise(setImmediate);
    kit.commit();
    expect(await waits).toEqual([1, 2]);
    void facts.next();
    await new Promise(setImmediate);
    kit.commit();
    await new Promise(setImmediate);
    for (let n = 0; n < 6; n += 1) kit.commit();
    const fault = await facts.next().catch((cause: unknown) => cause);
    expect(fault).toBeInstanceOf(SlowConsumer);
    expect((fault as SlowConsumer).sequence).toBe(3);
    expect(await facts.next()).toEqual({ done: true, value: undefined });
    expect(await take(kit.feed.facts(all, 3), 6)).toEqual(upTo(4, 9));
  });

  it('ends at once when its subscriber leaves while it waits', async () => {
    const kit = new Kit(4);
    const facts = kit.feed.facts(all, null);
    const waiting = facts.next();
    await new Promise(setImmediate);
    await facts.return!();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('can be left while it reads storage', async () => {
    const kit = new Kit(4, 50);
    const facts = kit.feed.facts(all, 0);
    expect(await take(facts, 2)).toEqual([1, 2]);
    await facts.return!();
    expect((await facts.next()).done).toBe(true);
    kit.commit();
    expect(kit.feed.head).toBe(51);
  });

  it('answers several questions at once in their order', async () => {
    const kit = new Kit(8);
    const facts = kit.feed.facts(all, null);
    const three = Promise.all([facts.next(), facts.next(), facts.next()]);
    kit.commit(3);
    expect((await three).map(({ value }) => value as number)).toEqual([1, 2, 3]);
  });

  it('does not keep what was there before it began', () => {
    const journal = new SqliteJournal(':memory:');
    const records = journal.append({ inputId: 'i', at: 0, events: [event(1), event(2)] });
    const feed = new Feed({ journal });
    for (const record of records) feed.folded(record, emptyState());
    feed.committed();
    expect([feed.head, feed.after(0)]).toEqual([2, 'LOST']);
  });
});

describe('a feed of changes', () => {
  it('says that older ones are missing, and goes on from there', async () => {
    const kit = new Kit(4, 9);
    const changes = kit.changes(2);
    expect(await take(changes, 1)).toEqual(['SEQUENCE_TOO_OLD 9']);
    kit.commit();
    expect(await take(changes, 1)).toEqual(['10']);
  });

  it('tells one that fell behind, and nobody else', async () => {
    const kit = new Kit(4);
    const [slow, fast] = [kit.changes(null), kit.changes(null)];
    kit.commit();
    expect(await take(slow, 1)).toEqual(['1']);
    const seen = await take(fast, 1);
    for (let n = 2; n <= 12; n += 1) {
      kit.commit();
      seen.push(...(await take(fast, 1)));
    }
    expect(seen).toEqual(upTo(1, 12).map(String));
    expect(await take(slow, 1)).toEqual(['SLOW_CONSUMER 12']);
    kit.commit();
    expect(await take(slow, 1)).toEqual(['13']);
  });
});

it('a thousand stalled subscribers keep nothing back: the tail stays as it is', async () => {
  const kit = new Kit(16);
  const stalled = Array.from({ length: 1_000 }, () => kit.feed.facts(all, null));
  const waiting = stalled.map((each) => each.next());
  await new Promise(setImmediate);
  for (let n = 0; n < 200; n += 1) kit.commit(5);
  expect(kit.feed.after(kit.feed.head - 33)).toBe('LOST');
  const first = await Promise.allSettled(waiting);
  expect(first.every((each) => each.status === 'rejected')).toBe(true);
  await Promise.all(stalled.map((each) => each.return!()));
});

describe('a feed of the newest value of each key', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  interface Quote {
    readonly key: string;
    readonly price: number;
  }
  function quotes(initial: readonly Quote[] = [], maxPerSecond = 10) {
    const told = new Listeners<Quote>();
    let listening = 0;
    const listen = (listener: (value: Quote) => void) => {
      listening += 1;
      const off = told.listen(listener);
      return () => {
        listening -= 1;
        off();
      };
    };
    const keyOf = ({ key }: Quote): string | null => (key === 'no' ? null : key);
    const feed = latest({ listen, keyOf, initial, maxPerSecond });
    return { told, feed, listening: () => listening };
  }

  it('begins with what is known', async () => {
    const { feed } = quotes([{ key: 'a', price: 1 }]);
    expect(await take(feed, 1)).toEqual([{ key: 'a', price: 1 }]);
  });

  it('joins what comes faster, and skips what is not of interest', async () => {
    const { told, feed } = quotes();
    for (let n = 1; n <= 100; n += 1) {
      for (const key of ['a', 'b', 'no']) told.tell({ key, price: n });
    }
    const two = take(feed, 2);
    await jest.advanceTimersByTimeAsync(100);
    expect(await two).toEqual([
      { key: 'a', price: 100 },
      { key: 'b', price: 100 },
    ]);
  });

  it('never more often than asked, and never less than once a second', async () => {
    const { told, feed } = quotes([], 2);
    let got = 0;
    void (async () => {
      while ((await feed.next()).done !== true) got += 1;
    })();
    for (let n = 0; n < 20; n += 1) {
      told.tell({ key: 'a', price: n });
      await jest.advanceTimersByTimeAsync(100);
    }
    expect(got).toBe(4);
    await feed.return!();
  });

  it('stops listening and waiting when its subscriber leaves', async () => {
    const { told, feed, listening } = quotes();
    const waiting = feed.next();
    told.tell({ key: 'a', price: 1 });
    await feed.return!();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect([listening(), jest.getTimerCount()]).toEqual([0, 0]);
  });
});

describe('a feed of lines', () => {
  it('keeps the newest of a reader that falls behind', async () => {
    const told = new Listeners<number>();
    const feed = newest({ listen: told.listen, accepts: (n) => n % 2 === 0, keep: 3 });
    for (let n = 1; n <= 20; n += 1) told.tell(n);
    expect(await take(feed, 3)).toEqual([16, 18, 20]);
    const next = feed.next();
    told.tell(22);
    expect((await next).value).toBe(22);
  });

  it.each([0, 1, 2, 3, 4, 5])('hears one that comes %i turns after it asked', async (turns) => {
    const told = new Listeners<number>();
    const feed = newest({ listen: told.listen, accepts: () => true, keep: 3 });
    const next = feed.next();
    for (let n = 0; n < turns; n += 1) await Promise.resolve();
    told.tell(1);
    expect((await next).value).toBe(1);
  });
});

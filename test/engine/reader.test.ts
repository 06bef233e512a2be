// The reading end of a feed: nothing is slept through, and whoever leaves is let go at once.

import { newest } from '../../src/engine/latest-feed';
import { Reader, type Taken } from '../../src/engine/reader';

function toldBy() {
  const listeners = new Set<(value: number) => void>();
  const feed = newest<number>({
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    accepts: () => true,
    keep: 10,
  });
  return { feed, listeners, tell: (value: number) => listeners.forEach((each) => each(value)) };
}

describe('a reader', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'does not sleep through a value that comes %i turns after it was asked',
    async (turns) => {
      const { feed, tell } = toldBy();
      const waiting = feed.next();
      for (let n = 0; n < turns; n += 1) await Promise.resolve();
      tell(7);
      expect(await waiting).toEqual({ done: false, value: 7 });
      await feed.return?.();
    },
  );

  it('ends its wait and its listening when it is left', async () => {
    const { feed, listeners } = toldBy();
    const waiting = [feed.next(), feed.next()];
    await new Promise(setImmediate);
    await feed.return?.();
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(listeners.size).toBe(0);
  });

  it('waits again when it is woken for nothing', async () => {
    const wakes: (() => void)[] = [];
    const given: Taken<number>[] = [];
    const reader = new Reader<number>({
      take: () => given.shift() ?? null,
      more: () => new Promise((resolve) => wakes.push(resolve)),
      close: () => undefined,
    });
    const waiting = reader.next();
    for (const value of [null, null, { value: 3 }]) {
      await new Promise(setImmediate);
      given.push(value);
      wakes.splice(0).forEach((wake) => {
        wake();
      });
    }
    expect(await waiting).toEqual({ done: false, value: 3 });
  });

  it('answers calls in their order, also while storage is read', async () => {
    const given: (Taken<string> | Promise<Taken<string>>)[] = [
      new Promise((resolve) => setImmediate(() => resolve({ value: 'stored' }))),
      { value: 'kept' },
      { end: null },
    ];
    const reader = new Reader<string>({
      take: () => given.shift() ?? null,
      more: () => new Promise(() => undefined),
      close: () => undefined,
    });
    const answers = await Promise.all([reader.next(), reader.next(), reader.next(), reader.next()]);
    const end = { done: true, value: undefined };
    const told = ['stored', 'kept'].map((value) => ({ done: false, value }));
    expect(answers).toEqual([...told, end, end]);
  });

  it.each([
    [
      'at once',
      (): never => {
        throw new Error('broken');
      },
    ],
    ['later', () => Promise.reject(new Error('broken'))],
  ])('fails one call when its source fails %s, and goes on', async (_, broken) => {
    const given: (() => Taken<number> | Promise<Taken<number>>)[] = [broken, () => ({ value: 1 })];
    const reader = new Reader<number>({
      take: () => given.shift()?.() ?? null,
      more: () => new Promise(() => undefined),
      close: () => undefined,
    });
    const [first, second] = [reader.next(), reader.next()];
    await expect(first).rejects.toThrow('broken');
    expect(await second).toEqual({ done: false, value: 1 });
  });
});

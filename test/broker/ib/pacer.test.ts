// The pace by itself: order of the lanes, and the limit under any pattern of calls.

import fc from 'fast-check';
import { Pacer, type Lane } from '../../../src/broker/ib/pacer';
import { ManualScheduler } from '../../support/ib-desk';

const LANES: readonly Lane[] = ['CANCEL', 'ORDER', 'QUERY', 'ACCOUNT', 'MARKET_DATA', 'HISTORY'];

function pace() {
  const scheduler = new ManualScheduler();
  const written: { at: number; name: string }[] = [];
  const pacer = new Pacer(scheduler, 45, () => undefined);
  const submit = (lane: Lane, name: string = lane): void =>
    pacer.submit({
      ...{ lane, lost: () => undefined },
      write: () => void written.push({ at: scheduler.now(), name }),
    });
  return { scheduler, written, pacer, submit };
}

it('lets nothing overtake what waits in its lane or a better one, with a late timer', () => {
  let now = 0;
  const written: string[] = [];
  let due: () => void = () => undefined;
  const late = {
    now: () => now,
    after: (_ms: number, task: () => void) => ((due = task), () => undefined),
  };
  const pacer = new Pacer(late, 2, () => undefined);
  const submit = (lane: Lane, name: string): void =>
    pacer.submit({ lane, lost: () => undefined, write: () => void written.push(name) });
  for (const name of ['a', 'b', 'c']) submit('ORDER', name);
  now = 5_000;
  submit('ORDER', 'd');
  submit('QUERY', 'e');
  expect(written).toEqual(['a']);
  for (let turn = 0; turn < 9; turn += 1) {
    due();
    now += 5_000;
  }
  expect(written).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('writes everything in the end and never more than 45 within a second', () => {
  const call = fc.record({
    lane: fc.constantFrom(...LANES),
    wait: fc.integer({ min: 0, max: 90 }),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 400 }), (calls) => {
      const { scheduler, written, submit } = pace();
      for (const { lane, wait } of calls) {
        submit(lane);
        scheduler.advance(wait);
      }
      scheduler.advance(60_000);
      expect(written).toHaveLength(calls.length);
      for (const [index, { at }] of written.entries()) {
        const later = written[index + 45];
        if (later !== undefined) expect(later.at - at).toBeGreaterThan(1_000);
      }
    }),
    { numRuns: 50 },
  );
});

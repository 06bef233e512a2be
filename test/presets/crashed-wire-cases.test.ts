/**
 * The reference days S1 to S3 on the live path, with a server that dies after every tenth event of
 * its journal: what it had sent has arrived, what was answered it never heard. The next server
 * goes on over the same journal and gateway, and the triggers, fills and positions are those of
 * the replay.
 */
import type { ReplayLine } from '../../src/simulation/replay-lines';
import { record, replayCase } from '../support/replay-cases';
import { describeWithSharedData } from '../support/shared-data';
import { onTheWire } from '../support/wire-case';

/** TIDEGATE_ALL_CRASHES=1: after every event, in ten runs of each day. */
const ALL = process.env['TIDEGATE_ALL_CRASHES'] === '1';
const EVERY = 10;
const CASES = ['S1', 'S2', 'S3'].flatMap((name, n): [string, number][] =>
  ALL ? Array.from({ length: EVERY }, (_, first) => [name, first]) : [[name, n * 3]],
);

const TRUTH: ReadonlySet<string> = new Set([
  'TRIGGER',
  'SUBMIT',
  'FILL',
  'CANCEL',
  'EXPIRE',
  'ARM',
]);
/** IB says nothing when a stop that rests there is reached: its fill is all there is. */
const isElection = ({ event, reason }: ReplayLine): boolean =>
  event === 'TRIGGER' && (reason ?? '').startsWith('reached the stop');
const truth = (lines: readonly ReplayLine[]): readonly ReplayLine[] =>
  lines.filter((line) => TRUTH.has(line.event) && !isElection(line));

describeWithSharedData('a server that dies after every tenth event', () => {
  it.each(CASES)(
    'gives the lines of the replay of %s, the first death after event %i of ten',
    async (name, first) => {
      const { options } = replayCase(name);
      const replayed = await record(options);
      const wired = await onTheWire(options, { deaths: { every: EVERY, first } });
      expect(wired.deaths).toBeGreaterThan(1);
      expect(truth(wired.lines)).toEqual(truth(replayed.lines));
      for (const { symbol, position } of replayed.results) {
        expect([symbol, wired.positions.get(symbol) ?? '0']).toEqual([symbol, position]);
      }
    },
    300_000,
  );
});

/**
 * The reference days S1 to S3 on the live path: a gateway that steps every trade of the recording,
 * the broker session over its socket, engine, desk and journal. What comes out is what the replay
 * says, line by line: triggers, submissions, fills, cancels, positions, expiries.
 */
import { readFileSync } from 'node:fs';
import type { ReplayLine } from '../../src/simulation/replay-lines';
import { record, replayCase } from '../support/replay-cases';
import { describeWithSharedData } from '../support/shared-data';
import { onTheWire } from '../support/wire-case';

/** IB says nothing when a stop that rests there is reached: its fill is all there is. */
function saidOnTheWire(lines: readonly ReplayLine[]): readonly ReplayLine[] {
  const isElection = ({ event, reason }: ReplayLine): boolean =>
    event === 'TRIGGER' && (reason ?? '').startsWith('reached the stop');
  return lines.filter((line) => !isElection(line));
}

const count = (lines: readonly ReplayLine[], event: string): number =>
  lines.filter((line) => line.event === event).length;

describeWithSharedData('the reference cases over the socket', () => {
  it.each(['S1', 'S2', 'S3'])(
    '%s gives the lines of its replay',
    async (name) => {
      const { options } = replayCase(name);
      const replayed = await record(options);
      const wired = await onTheWire(options);
      const rows = readFileSync(options.trades, 'utf8').trim().split('\n').length - 1;
      expect(wired.trades).toBe(rows);
      expect(wired.lines).toEqual(saidOnTheWire(replayed.lines));
      expect(count(wired.lines, 'TRIGGER')).toBeGreaterThan(0);
      expect(count(wired.lines, 'FILL')).toBeGreaterThan(1);
      for (const { symbol, position } of replayed.results) {
        expect([symbol, wired.positions.get(symbol) ?? '0']).toEqual([symbol, position]);
      }
    },
    300_000,
  );
});

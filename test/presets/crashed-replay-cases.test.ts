/**
 * The reference days S1 to S3 in replay, with an engine that is dropped after every tenth event of
 * its journal and built again out of that: the lines are those of a run that nothing happened to.
 */
import { record, replayCase } from '../support/replay-cases';
import { describeWithSharedData } from '../support/shared-data';
import { replayWithDeaths } from '../support/crashed-replay';

/** TIDEGATE_ALL_CRASHES=1: after every event, in ten runs of each day. */
const ALL = process.env['TIDEGATE_ALL_CRASHES'] === '1';
const EVERY = 10;
const FIRST = ALL ? Array.from({ length: EVERY }, (_, first) => first) : [0, 3, 7];

describeWithSharedData('an engine that is dropped after every tenth event', () => {
  describe.each(['S1', 'S2', 'S3'])('%s', (name) => {
    const { options } = replayCase(name);
    const whole = record(options);

    it.each(FIRST)(
      'gives the same lines and positions, the first time after event %i of ten',
      async (first) => {
        const { lines, results } = await whole;
        const crashed = await replayWithDeaths(options, { every: EVERY, first });
        expect(crashed.deaths).toBeGreaterThan(1);
        expect(crashed.lines).toEqual(lines);
        for (const { symbol, position } of results) {
          expect([symbol, crashed.positions.get(symbol) ?? '0']).toEqual([symbol, position]);
        }
      },
      120_000,
    );
  });
});

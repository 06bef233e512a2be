/** Real days with known outcomes: S1 to S3, under hard limits alone and under the shipped rules. */
import { expectationOf, judge, record, replayCase } from '../support/replay-cases';
import { describeWithSharedData } from '../support/shared-data';

describeWithSharedData('replay of the reference cases', () => {
  describe.each(['S1', 'S2', 'S3'])('%s', (name) => {
    const given = replayCase(name);
    const variants = [
      ['the shipped rules until the close', given.options],
      ['no risk rules until the last trade', bare(given.options)],
    ] as const;

    it.each(variants)('agrees with the expectation under %s', async (_, options) => {
      const { text } = await record(options);
      expect(judge(name, text)).toMatchObject({ ok: true });
    });

    it('ends with the expected cash flow and profit', async () => {
      const { results } = await record(given.options);
      const { symbols } = expectationOf(name);
      for (const result of results) {
        const wanted = symbols[result.symbol]?.result;
        expect(Number(result.cashFlow)).toBe(Number(wanted?.['realised_cash_flow']));
        expect(Number(result.pnl)).toBe(Number(wanted?.['pnl_marked_to_last']));
        expect(result.position).toBe(wanted?.['end_position']);
      }
    });

    it('gives the same hash every time, and another one for other inputs', async () => {
      const [first, second] = [await record(given.options), await record(given.options)];
      const charged = await record({ ...given.options, commission: 'ib-fixed' });
      expect(second.hash).toBe(first.hash);
      expect(charged.hash).not.toBe(first.hash);
      expect(new Set(first.results.map(({ hash }) => hash))).toEqual(new Set([first.hash]));
    });
  });

  it('charges a commission only when asked, and takes it from the profit', async () => {
    const { options } = replayCase('S1');
    const charged = await record({ ...options, commission: 'ib-fixed' });
    expect(charged.results[0]).toMatchObject({ commissions: '3', cashFlow: '-3.01', pnl: '-6.01' });
  });
});

function bare<T extends object>(options: T) {
  return { ...options, riskRules: 'none', sessionEnd: 'last' as const };
}

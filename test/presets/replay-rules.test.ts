/**
 * Rules in a replay: denials with their reasons, folders of the user's own, and what cannot be
 * known.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHIPPED_RULES } from '../../src/presets/rule-books';
import { record } from '../support/replay-cases';
import { smallReplay, symbolOf, tradesCsv } from '../support/replay-files';

const DAY = '2024-03-11';
const CROSSING = ['14:30:00 IBM 99', '14:31:00 IBM 101', '14:32:00 IBM 101'];

function entering(quantity: number, stopAt = '90'): object {
  const entry = { on: 'cross-over', action: 'BUY', quantity, price: '100' } as const;
  const stop = { action: 'SELL', quantity, price: stopAt, comment: 'SL' } as const;
  return { IBM: symbolOf([entry], [stop]) };
}

/** A rule folder with one shipped rule changed, or one of our own. */
function rulesWith(name: string, change: (rule: Record<string, unknown>) => object): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-rules-'));
  const shipped = readFileSync(join(SHIPPED_RULES, 'risk', 'max-order-notional.json'), 'utf8');
  const rule = change(JSON.parse(shipped) as Record<string, unknown>);
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(rule, null, 2));
  return folder;
}

describe('a denied order', () => {
  it('says which rule, which value and which limit, and the run goes on', async () => {
    const { lines, results } = await record(smallReplay(entering(300), tradesCsv(DAY, CROSSING)));
    const denied = lines.find(({ event }) => event === 'DENY');
    expect(denied).toMatchObject({
      order: 'entry[0]',
      codes: ['MAX_ORDER_NOTIONAL'],
      reason: expect.stringMatching(/30300.*25000/) as string,
    });
    expect(lines.map(({ event }) => event)).toEqual(['TRIGGER', 'DENY']);
    expect(results[0]).toMatchObject({ denied: 1, fills: 0 });
  });

  it('is worth exactly the limit and passes, or a cent more and does not', async () => {
    const at = (price: string) => ['14:30:00 IBM 99', `14:31:00 IBM ${price}`, '14:32:00 IBM 125'];
    const exactly = await record(smallReplay(entering(200), tradesCsv(DAY, at('125'))));
    const beyond = await record(smallReplay(entering(200), tradesCsv(DAY, at('125.01'))));
    expect(exactly.results[0]).toMatchObject({ denied: 0, fills: 1 });
    expect(beyond.results[0]).toMatchObject({ denied: 1, fills: 0 });
  });

  it('leaves its siblings armed', async () => {
    const entries = [
      { on: 'cross-over', action: 'BUY', quantity: 300, price: '100' },
      { on: 'cross-under', action: 'SELL', quantity: 1, price: '98' },
    ] as const;
    const rows = ['14:30:00 IBM 99', '14:31:00 IBM 101', '14:32:00 IBM 97', '14:33:00 IBM 97'];
    const { lines } = await record(smallReplay({ IBM: symbolOf(entries) }, tradesCsv(DAY, rows)));
    expect(lines.map(({ event, order }) => `${event} ${order}`)).toEqual([
      'TRIGGER entry[0]',
      'DENY entry[0]',
      'TRIGGER entry[1]',
      'SUBMIT entry[1]',
      'FILL entry[1]',
    ]);
  });
});

describe('a symbol whose worst case is beyond a limit', () => {
  it('does not run, and both the remark and the result say why', async () => {
    const day = tradesCsv(DAY, CROSSING);
    const { lines, remarks, results } = await record(smallReplay(entering(500), day));
    expect(lines).toEqual([]);
    expect(remarks.join('\n')).toMatch(/IBM is not armed: .* could be 5000, and has to stay below/);
    expect(results[0]?.reason).toMatch(/H10: the loss of the account could be 5000/);
  });
});

describe('--risk-rules', () => {
  it('none leaves the hard limits on', async () => {
    const options = { riskRules: 'none' };
    const small = await record(smallReplay(entering(300), tradesCsv(DAY, CROSSING), options));
    const large = await record(
      smallReplay(entering(1_000, '96'), tradesCsv(DAY, CROSSING), options),
    );
    expect(small.results[0]).toMatchObject({ denied: 0, fills: 1 });
    expect(large.lines.find(({ event }) => event === 'DENY')).toMatchObject({ codes: ['H6'] });
  });

  it('takes a folder instead of the shipped rules, and the run has another hash', async () => {
    const riskRules = rulesWith('max-order-notional', (rule) => ({
      ...rule,
      conditions: { all: [{ fact: 'orderNotional', operator: 'lessThanInclusive', value: 50 }] },
      examples: [
        { name: 'inside', facts: { orderNotional: 50 }, passes: true },
        { name: 'outside', facts: { orderNotional: 50.01 }, passes: false },
      ],
    }));
    const given = smallReplay(entering(1), tradesCsv(DAY, CROSSING));
    const [mine, shipped] = [await record({ ...given, riskRules }), await record(given)];
    expect(mine.results[0]).toMatchObject({ denied: 1 });
    expect(shipped.results[0]).toMatchObject({ denied: 0 });
    expect(mine.hash).not.toBe(shipped.hash);
  });

  it.each(['spreadPct', 'orderPctOfAverageVolume'])(
    'names and switches off a rule that needs %s, and the others stay',
    async (fact) => {
      const riskRules = rulesWith('my-rule', (rule) => ({
        ...rule,
        key: 'my-rule',
        conditions: { all: [{ fact, operator: 'lessThanInclusive', value: 1 }] },
        message: 'too much: {value}',
        examples: [
          { name: 'inside', facts: { [fact]: 1 }, passes: true },
          { name: 'outside', facts: { [fact]: 1.01 }, passes: false },
        ],
      }));
      const { remarks, results } = await record(
        smallReplay(entering(1), tradesCsv(DAY, CROSSING), { riskRules }),
      );
      expect(remarks.join()).toContain(
        `rule my-rule is switched off: the recording cannot give ${fact}`,
      );
      expect(results[0]).toMatchObject({ fills: 1 });
    },
  );

  it('refuses a folder with a fault, naming file, line and column', async () => {
    const riskRules = rulesWith('max-order-notional', (rule) => ({ ...rule, onFial: 'DENY' }));
    const given = smallReplay(entering(1), tradesCsv(DAY, CROSSING), { riskRules });
    await expect(record(given)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/max-order-notional\.json:\d+:\d+ .*onFial/) as string,
    });
  });

  it('refuses a folder without rules: an empty set would let everything through', async () => {
    const riskRules = mkdtempSync(join(tmpdir(), 'tidegate-empty-'));
    const given = smallReplay(entering(1), tradesCsv(DAY, CROSSING), { riskRules });
    await expect(record(given)).rejects.toMatchObject({ exitCode: 2 });
  });
});

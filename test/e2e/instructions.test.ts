// Instruction files from the API and from the inbox: a rehearsal arms nothing, the real thing once,
// the same content again is nothing new, and a folder makes its strategy.

import '../support/try-again';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answered } from '../support/graphql-server';
import { GROUNDS, House, until } from '../support/house';

const FILE = {
  MSFT: {
    'Entry OCA': [
      { On: 'cross-over', Action: 'BUY', Order: 'Market', Qty: 10, price: '900.00' },
      { On: 'cross-under', Action: 'SELL', Order: 'Market', Qty: 10, price: '90.00' },
    ],
    'Orders if Long': [{ Action: 'SELL', Order: 'limit', Qty: 10, price: '950.00' }],
  },
};
const SELECTION = `userErrors { code message field }
  file { accepted symbols { symbol accepted orders { id status role } } findings { code } }`;

describe.each(GROUNDS)('instruction files on $name', (ground) => {
  let house: House;
  beforeAll(async () => {
    house = House.quiet(ground);
    await house.ready();
    await house.does('createStrategy', { key: 'swing' }, 'userErrors { code }');
  });
  afterAll(() => house.end());

  const load = (more: Answered = {}): Promise<Answered> =>
    house.does(
      'loadInstructions',
      { fileName: 'day.json', content: JSON.stringify(FILE), strategy: 'swing', ...more },
      SELECTION,
    );
  const processed = (name: string): string => join(house.inbox, 'momentum', 'processed', name);
  const armed = async (strategy: string): Promise<readonly Answered[]> =>
    (await house.orders()).filter((o) => o.strategy.key === strategy && o.status === 'ARMED');

  it('arm nothing in a rehearsal, which says what would be armed', async () => {
    const { file, userErrors } = await load({ dryRun: true });
    expect(userErrors).toEqual([]);
    expect(file.symbols).toMatchObject([{ symbol: 'MSFT', accepted: true }]);
    expect(file.symbols[0].orders.map(({ role }: Answered) => role)).toEqual(['ENTRY', 'ENTRY']);
    expect(await armed('swing')).toEqual([]);
    const { instructionFiles } = await house.data('{ instructionFiles { fileName } }');
    expect(instructionFiles).not.toContainEqual({ fileName: 'day.json' });
  });

  it('arm once: the same content again is nothing new', async () => {
    const first = await load();
    expect(first.userErrors).toEqual([]);
    const orders = await armed('swing');
    expect(orders).toHaveLength(2);
    const again = await load({ fileName: 'copy.json' });
    expect(again.userErrors).toEqual([]);
    expect(await armed('swing')).toEqual(orders);
    expect(again.file.symbols).toEqual(first.file.symbols);
  });

  it('want a strategy that there is when they come over the API', async () => {
    const { file, userErrors } = await load({ strategy: 'nobody' });
    expect(file).toBeNull();
    expect(userErrors[0]).toMatchObject({ code: 'NOT_FOUND', field: ['input', 'strategy'] });
  });

  it('make their strategy when they come in its folder of the inbox', async () => {
    house.drop('momentum/day.json', FILE);
    const orders = await until(
      () => armed('momentum'),
      (seen) => seen.length === 2,
    );
    expect(orders.every(({ source }) => /day\.json/.test(source))).toBe(true);
    const { strategy } = await house.data('{ strategy(key: "momentum") { stage tradingState } }');
    expect(strategy).toEqual({ stage: 'PAPER', tradingState: 'ACTIVE' });
  });

  it('say what is wrong with them, and arm nothing', async () => {
    const { file } = await load({ content: '{ "MSFT": { "Entry OCA": [ { "On": "cross" } ] } }' });
    expect(file.findings.length).toBeGreaterThan(0);
    expect(file.symbols.every(({ accepted }: Answered) => !accepted)).toBe(true);
    expect(await armed('swing')).toHaveLength(2);
  });

  it('lie in processed/ of the folder they came in, with a report', async () => {
    await until(
      () => existsSync(processed('day.json')),
      (moved) => moved,
    );
    expect(JSON.parse(readFileSync(processed('day.json'), 'utf8'))).toEqual(FILE);
    const report = readFileSync(processed('day.json.report.txt'), 'utf8');
    expect(report).toMatch(/^day\.json: loaded\n[^]*MSFT {2}accepted, 2 orders armed\n/);
  });

  it('are not taken in again by a second start, which moves what a crash left behind', async () => {
    const before = await house.orders();
    await house.stop();
    house.drop('momentum/day.json', FILE);
    await house.ready();
    await until(
      () => house.lines.join(''),
      (log) => /day\.json for momentum: the same content was loaded for [\d-]+ already/.test(log),
    );
    await until(
      () => existsSync(join(house.inbox, 'momentum', 'day.json')),
      (left) => !left,
    );
    expect((await house.orders()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(house.complaints()).toEqual([]);
  });
});

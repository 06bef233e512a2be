/** The command as a person or a script meets it: streams, exit codes, complaints. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';
import { smallReplay, symbolOf, tradesCsv } from '../support/replay-files';

const ROOT = join(__dirname, '..', '..');

function tidegate(...args: readonly string[]) {
  const run = spawnSync(join(ROOT, 'bin', 'tidegate'), args, { cwd: ROOT, encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

const SYMBOL = symbolOf(
  [{ on: 'cross-over', action: 'BUY', price: '100' }],
  [{ action: 'SELL', price: '90', comment: 'SL' }],
);
const ROWS = ['14:30:00 IBM 99', '14:31:00 IBM 101', '14:32:00 IBM 101'];
const files = smallReplay({ IBM: SYMBOL, ZZZ: SYMBOL }, tradesCsv('2024-03-11', ROWS));
const REPLAY = ['replay', '--instructions', files.instructions, '--trades', files.trades] as const;

beforeAll(() => tidegate('version'));

describe('tidegate', () => {
  it('is a committed executable', () => {
    expect(statSync(join(ROOT, 'bin', 'tidegate')).mode & 0o111).not.toBe(0);
  });

  it('prints the version and nothing else on stdout', () => {
    expect(tidegate('version')).toMatchObject({ code: 0, out: `${version}\n` });
  });

  it('prints the schema as it is committed', () => {
    const schema = readFileSync(join(ROOT, 'schema.graphql'), 'utf8');
    expect(tidegate('schema', 'print')).toMatchObject({ code: 0, out: schema });
    expect(tidegate('schema', 'print', 'all').code).toBe(2);
  });

  it.each([[[]], [['help']], [['--help']], [['replay', '--help']], [['help', 'rules', 'check']]])(
    'helps with %j',
    (args) => {
      const { code, out } = tidegate(...args);
      expect(code).toBe(0);
      expect(out).toMatch(/tidegate/);
    },
  );

  it.each([
    [['rpelay'], 'Did you mean replay?'],
    [['rules', 'chekc'], 'rules check'],
    [['replay', '--instructins', 'x'], 'Did you mean --instructions?'],
    [['replay', '--trades', 'x'], '--instructions FILE is missing'],
    [[...REPLAY, '--previous-close', 'IBM'], 'must read like IBM=182.01'],
    [[...REPLAY, '--previous-close', 'IBM=1e2'], 'must read like IBM=182.01'],
    [[...REPLAY, '--session-end', 'noon'], 'calendar, last'],
    [[...REPLAY, '--strategy', '../x'], '--strategy'],
    [[...REPLAY, 'extra'], 'extra belongs to no flag'],
    [['replay', '--instructions', 'nowhere.json', '--trades', files.trades], 'cannot be read'],
    [['replay', '--instructions', files.instructions, '--trades', 'nowhere.csv'], 'nowhere.csv'],
    [[...REPLAY, '--risk-rules', 'nowhere'], 'nowhere'],
    [[...REPLAY, '--journal', '/nowhere/at/all/run.db'], 'cannot be opened'],
    [['instructions', 'check'], 'Which file?'],
  ])('refuses %j with exit code 2 and says why on stderr', (args, words) => {
    const { code, out, err } = tidegate(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('prints a readable run and a table', () => {
    const { code, out, err } = tidegate(...REPLAY);
    expect(code).toBe(0);
    expect(out).toMatch(/10:31:00\.000 {2}IBM {5}TRIGGER {2}entry\[0\]/);
    expect(out).toMatch(/symbol +fills +denied/);
    expect(out).toMatch(/run [0-9a-f]{64}/);
    expect(err).toContain('ZZZ does not run');
  });

  it('prints JSON lines only, with the results last, whatever it has to remark', () => {
    const { code, out } = tidegate(...REPLAY, '--json');
    const lines = out.trimEnd().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as { event: string; symbol: string });
    expect(code).toBe(0);
    expect(parsed.slice(-2).map(({ event, symbol }) => `${event} ${symbol}`)).toEqual([
      'RESULT IBM',
      'RESULT ZZZ',
    ]);
    for (const line of parsed.slice(0, -2)) {
      for (const key of ['time', 'symbol', 'order', 'price', 'quantity', 'position', 'reason']) {
        expect(line).toHaveProperty(key);
      }
    }
  });

  it('exits with 0 although an order was denied', () => {
    const many = symbolOf([{ on: 'cross-over', action: 'BUY', quantity: 400, price: '100' }]);
    const { instructions, trades } = smallReplay({ IBM: many }, tradesCsv('2024-03-11', ROWS));
    const { code, out } = tidegate(
      ...['replay', '--instructions', instructions, '--trades', trades, '--json'],
    );
    expect(code).toBe(0);
    expect(out).toContain('"event":"DENY"');
  });

  it('takes the strategy and the date that the file says, and refuses others', () => {
    const trades = tradesCsv('2024-03-11', ROWS);
    const runs = (owner: object, ...flags: readonly string[]) => {
      const file = smallReplay({ ...owner, IBM: SYMBOL }, trades);
      const given = ['--instructions', file.instructions, '--trades', file.trades, '--json'];
      return tidegate('replay', ...given, ...flags);
    };
    expect(runs({ strategy: 'swing', tradingDate: '2024-03-11' }).code).toBe(0);
    expect(runs({ strategy: 'swing' }, '--strategy', 'other')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--strategy other: the file says strategy swing.'),
    });
    expect(runs({ tradingDate: '2024-03-12' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('is for 2024-03-12, and the trades are of 2024-03-11.'),
    });
  });

  it('takes settings from a profile and from flags, which go before it', () => {
    const { instructions, trades } = smallReplay(
      { IBM: SYMBOL },
      tradesCsv('2024-03-11', ['14:30:00 IBM 101', '14:31:00 IBM 101']),
    );
    const profile = instructions.replace('day', 'profile');
    writeFileSync(profile, '{ "strategy": "swing", "gap": "ignore" }');
    const opening = ['replay', '--instructions', instructions, '--trades', trades, '--json'];
    const fires = (...flags: readonly string[]): boolean =>
      tidegate(...opening, '--previous-close', 'IBM=99', ...flags).out.includes('"TRIGGER"');
    expect([fires(), fires('--profile', profile)]).toEqual([true, false]);
    expect([fires('--gap', 'ignore'), fires('--profile', profile, '--gap', 'fire')]).toEqual([
      ...[false, true],
    ]);
    const wrong = tidegate(...REPLAY, '--exit-qty', 'positon');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/Did you mean "position"/)]);
    writeFileSync(profile, '{\n  "exitQyt": "position" }');
    const bad = tidegate(...REPLAY, '--profile', profile);
    expect([bad.code, bad.err]).toEqual([2, expect.stringContaining('profile.json:2:3: Unknown')]);
  });

  it('refuses a refused instruction file with its findings on stderr', () => {
    writeFileSync(files.instructions.replace('day', 'bad'), '{"IBM": {"Entry OCA": [}');
    const bad = files.instructions.replace('day', 'bad');
    const { code, out, err } = tidegate('replay', '--instructions', bad, '--trades', files.trades);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/bad\.json:1:24/);
  });

  it('keeps a journal when asked, and finds it again', () => {
    const journal = files.trades.replace('trades.csv', 'run.db');
    const first = tidegate(...REPLAY, '--json', '--journal', journal);
    const second = tidegate(...REPLAY, '--json', '--journal', journal);
    expect(existsSync(journal)).toBe(true);
    expect(second).toEqual(first);
  });

  it('ends quietly when nobody reads on', () => {
    const command = `${join(ROOT, 'bin', 'tidegate')} ${REPLAY.join(' ')} --json | head -n 1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' });
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).not.toMatch(/EPIPE/);
  });
});

describe('tidegate instructions check', () => {
  it('prints one object with --json and exits with 2 only for errors', () => {
    const good = tidegate('instructions', 'check', files.instructions, '--json');
    expect(good.code).toBe(0);
    expect(JSON.parse(good.out)).toMatchObject({ fileName: 'day.json', accepted: true });
    const [{ worstCase }] = JSON.parse(good.out).symbols;
    expect(worstCase[0]).toMatchObject({ side: 'BUY', loss: { currency: null } });
    const text = tidegate('instructions', 'check', files.instructions).out;
    expect(text).toMatch(/SYMBOL +SIDE +UNITS +WORTH +LOSS +NO STOP FOR\nIBM +BUY /);
    const bad = tidegate('instructions', 'check', files.trades, '--json');
    expect(bad.code).toBe(2);
    expect(JSON.parse(bad.out)).toMatchObject({ accepted: false, symbols: [] });
  });
});

describe('tidegate rules check', () => {
  it('finds the shipped rules valid', () => {
    const { code, out } = tidegate('rules', 'check', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ valid: true, faults: [] });
  });

  it('exits with 2 for a folder that is none', () => {
    const { code, out } = tidegate('rules', 'check', ROOT, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ valid: false });
  });
});

// Owns what becomes of a file in the inbox: when it is handed to the desk, for whom, and what the
// log says of it. The folder is real, the desk is a record of what it was asked.

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LinkState } from '../../src/domain/broker-link';
import type { LoadAnswer, LoadRequest } from '../../src/domain/desk';
import type { Command } from '../../src/domain/input';
import type { InstructionFileRecord } from '../../src/domain/instruction';
import type { Refusal } from '../../src/domain/refusal';
import type { Inbox } from '../../src/instructions/inbox';
import { startInstructionInbox } from '../../src/live/instruction-inbox';

let folder: string;
let inbox: Inbox;
let link: LinkState;
let now: number;
let strategies: Set<string>;
let commands: Command[];
let requests: LoadRequest[];
let lines: string[];
let armed: Map<string, string>;
let answer: (request: LoadRequest) => LoadAnswer;

const RECORD: InstructionFileRecord = {
  ...{ id: 'ins-00000001', fileName: 'a.json', contentHash: '', strategy: 'default' },
  ...{ account: 'DU1', tradingDate: '2024-03-11', accepted: true, findings: [], at: 0 },
  symbols: [{ symbol: 'KO', accepted: true, plan: 'pln-00000001' }],
};
const answered = (file: Partial<InstructionFileRecord>, refusal: Refusal | null = null) => ({
  ...{ file: { ...RECORD, ...file }, orders: new Map(), refusal },
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'instruction-inbox-'));
  link = 'READY';
  now = Date.UTC(2024, 2, 11, 15);
  strategies = new Set(['default']);
  [commands, requests, lines] = [[], [], []];
  armed = new Map();
  answer = () => answered({});
});
afterEach(async () => {
  await inbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(): void {
  inbox = startInstructionInbox({
    ...{ folder, settleMs: 10, pollMs: 30 },
    hasStrategy: (key) => strategies.has(key),
    armedOn: ({ contentHash, strategy }) => armed.get(`${strategy}/${contentHash}`) ?? null,
    log: (level, message) => lines.push(`${level} ${message}`),
    desk: {
      now: () => now,
      link: () => ({ state: link, epoch: 1, reason: null }),
      execute: async (command) => {
        commands.push(command);
        return null;
      },
      loadInstructions: async (request) => {
        requests.push(request);
        return answer(request);
      },
    },
  });
}
const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const there = (shelf: string): string[] => {
  try {
    return readdirSync(join(folder, shelf)).sort();
  } catch {
    return [];
  }
};
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
/** The report is there first, then the file. */
const putAway = (name: string): Promise<void> =>
  until(() => there(name.replace(/[^/]*$/, '')).includes(name.replace(/.*\//, '')));
async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(5);
}

describe('a file in the inbox', () => {
  it('that was armed for a day does not trade again on the next; new content does', async () => {
    const hash = createHash('sha256').update('{}').digest('hex');
    armed.set(`default/${hash}`, '2024-03-10');
    put('a.json', '{}');
    start();
    await until(() => lines.length === 1);
    expect(lines[0]).toBe(
      'WARNING a.json for default: the same content was loaded for 2024-03-10 already. It is not ' +
        'traded on 2024-03-11. To trade it on 2024-03-11, write "tradingDate": "2024-03-11" into ' +
        'it, or load it with `tidegate instructions load`.',
    );
    put('a.json', '{ }');
    await until(() => requests.length === 1);
    expect(requests[0]?.content).toBe('{ }');
  });

  it('is loaded for its strategy, the only account and the session of the moment', async () => {
    put('a.json', '{}');
    start();
    await until(() => lines.length === 1);
    expect(requests).toEqual([
      {
        ...{ fileName: 'a.json', content: '{}', strategy: 'default' },
        ...{ account: null, tradingDate: null, settings: {}, dryRun: false },
      },
    ]);
    expect(commands).toEqual([]);
    expect(lines).toEqual([
      'INFO a.json of 2024-03-11 for strategy default is loaded: KO; 0 orders are armed.',
    ]);
  });

  it('is loaded for whom and when it says itself, whatever its profile says', async () => {
    strategies.add('swing');
    const text = '{"strategy":"swing","account":"DU2","tradingDate":"2024-03-11"}';
    put('profile.json', '{"strategy":"x","account":"DU1","tradingDate":"2024-03-12"}');
    put('a.json', text);
    start();
    await putAway('processed/a.json');
    expect(requests).toEqual([
      {
        ...{ fileName: 'a.json', content: text, strategy: 'swing', account: 'DU2' },
        ...{ tradingDate: '2024-03-11', settings: {}, dryRun: false },
      },
    ]);
  });

  it('creates a missing strategy at stage PAPER', async () => {
    mkdirSync(join(folder, 'momentum'));
    put('momentum/a.json', '{}');
    start();
    await until(() => requests.length === 1);
    expect(commands).toEqual([
      { kind: 'CREATE_STRATEGY', strategy: 'momentum', allowsShort: true, stage: 'PAPER' },
    ]);
    expect(requests[0]?.strategy).toBe('momentum');
    expect(lines[0]).toBe('INFO Strategy momentum was created at stage PAPER, for a.json.');
  });

  it('waits until the broker can be asked', async () => {
    link = 'SYNCHRONIZING';
    put('a.json', '{}');
    start();
    await sleep(150);
    expect(requests).toEqual([]);
    link = 'READY';
    await until(() => requests.length === 1);
  });

  it('does not keep a stop waiting for the broker', async () => {
    link = 'DISCONNECTED';
    put('a.json', '{}');
    start();
    await sleep(100);
    await inbox.stop();
    link = 'READY';
    await sleep(150);
    expect(requests).toEqual([]);
  });

  it('that is refused is named with the place of each fault', async () => {
    const findings = Array.from({ length: 7 }, (_, n) => ({
      ...{ severity: 'ERROR' as const, code: 'SYNTAX', message: `fault ${n}`, pointer: null },
      ...{ line: n + 1, column: 2, proposal: null },
    }));
    answer = () => answered({ accepted: false, symbols: [], findings });
    put('a.json', '{');
    start();
    await until(() => lines.length === 1);
    expect(lines[0]).toMatch(/^WARNING a\.json of .* was refused: a\.json:1:2: fault 0 \| /);
    expect(lines[0]).toContain('and 2 more');
  });

  it('of which a symbol is refused names it, and what is loaded', async () => {
    const symbols = [...RECORD.symbols, { symbol: 'JPM', accepted: false, plan: null }];
    const finding = {
      ...{ severity: 'ERROR' as const, code: 'INSTRUMENT', message: 'no such', pointer: '/JPM' },
      ...{ line: null, column: null, proposal: null },
    };
    answer = () => answered({ symbols, findings: [finding] });
    put('a.json', '{}');
    start();
    await until(() => lines.length === 2);
    expect(lines).toEqual([
      expect.stringMatching(/^INFO .*: KO;/),
      expect.stringMatching(/^WARNING .*: JPM refused: no such$/),
    ]);
  });

  it('that the desk does not take is said, and the next one is taken', async () => {
    const refusal: Refusal = { code: 'STALE', message: 'it has passed', field: null };
    answer = ({ fileName }) =>
      fileName === 'a.json' ? { file: null, orders: new Map(), refusal } : answered({ fileName });
    put('a.json', '1');
    put('b.json', '2');
    start();
    await until(() => lines.length === 2);
    expect(lines[0]).toBe('WARNING a.json was not loaded: it has passed');
    expect(lines[1]).toMatch(/^INFO b\.json/);
  });
});

describe('a file that was taken', () => {
  it('lies in processed/ with a report of what it was loaded for and what was armed', async () => {
    put('a.json', '{}');
    start();
    await putAway('processed/a.json');
    expect(there('processed')).toEqual(['a.json', 'a.json.report.txt']);
    expect(there('')).toEqual(['processed']);
    expect(read('processed/a.json.report.txt')).toBe(
      [
        'a.json: loaded',
        '  when      2024-03-11T15:00:00.000Z',
        '  strategy  default',
        '  account   DU1',
        '  date      2024-03-11',
        '',
        '  KO  accepted, 0 orders armed',
        '',
        'Next: Nothing.',
        '',
      ].join('\n'),
    );
  });

  const fault = {
    ...{ severity: 'ERROR' as const, code: 'ROLE_CONFLICT', message: 'two readings' },
    ...{ pointer: '/JPM', line: 3, column: 7, proposal: '{ "Action": "BUY" }' },
  };
  const refusedSymbol = { symbol: 'JPM', accepted: false, plan: null };

  it('and of which a symbol was refused says which, with place and next step', async () => {
    answer = () => answered({ symbols: [...RECORD.symbols, refusedSymbol], findings: [fault] });
    mkdirSync(join(folder, 'momentum'));
    put('momentum/a.json', '{}');
    start();
    await putAway('momentum/processed/a.json');
    const report = read('momentum/processed/a.json.report.txt');
    expect(report).toMatch(/^a\.json: loaded in part\n/);
    expect(report).toContain('  KO  accepted, 0 orders armed\n  JPM  refused\n');
    expect(report).toContain(
      'ERROR ROLE_CONFLICT  a.json:3:7\n  two readings\n  Proposal: { "Action": "BUY" }\n',
    );
    expect(report).toMatch(/\nNext: Correct the refused symbols, .* into the inbox again/);
  });

  it.each([
    ['as a whole', () => answered({ accepted: false, symbols: [], findings: [fault] })],
    ['with every symbol', () => answered({ symbols: [refusedSymbol], findings: [fault] })],
  ])('and was refused %s lies in refused/', async (_how, refuses) => {
    answer = refuses;
    put('a.json', '{}');
    start();
    await putAway('refused/a.json');
    expect([there('refused').length, there('processed')]).toEqual([2, []]);
    expect(read('refused/a.json.report.txt')).toMatch(/^a\.json: refused, nothing is armed\n/);
    expect(read('refused/a.json.report.txt')).toMatch(/Next: .*instructions fix/);
  });

  it('and that the desk did not take, or that is no text, lies there too', async () => {
    answer = () => ({
      ...{ file: null, orders: new Map() },
      refusal: { code: 'STALE', message: 'it has passed', field: null },
    });
    put('a.json', '{}');
    writeFileSync(join(folder, 'b.json'), Buffer.from([0xff, 0xfe, 0x7b, 0]));
    start();
    await putAway('refused/b.json');
    await putAway('refused/a.json');
    expect(read('refused/a.json.report.txt')).toContain('\n  it has passed\n');
    expect(read('refused/b.json.report.txt')).toContain('not UTF-8');
  });

  it('is not loaded again after a crash before it was moved, but moved', async () => {
    const hash = createHash('sha256').update('{}').digest('hex');
    armed.set(`default/${hash}`, '2024-03-11');
    put('a.json', '{}');
    start();
    await putAway('processed/a.json');
    expect(requests).toEqual([]);
    expect(read('processed/a.json.report.txt')).toMatch(/^a\.json: loaded already/);
  });

  it('says that the content was for another day, and how it can be traded again', async () => {
    const hash = createHash('sha256').update('{}').digest('hex');
    armed.set(`default/${hash}`, '2024-03-08');
    put('a.json', '{}');
    start();
    await putAway('refused/a.json');
    expect(read('refused/a.json.report.txt')).toMatch(
      /was loaded for 2024-03-08.*\n\nNext: To trade it on 2024-03-11, write "/,
    );
  });

  it('is asked for again while the desk has no connection', async () => {
    const refusal: Refusal = { code: 'NOT_CONNECTED', message: 'not yet', field: null };
    answer = () =>
      requests.length < 3 ? { file: null, orders: new Map(), refusal } : answered({});
    put('a.json', '{}');
    start();
    await putAway('processed/a.json');
    expect([requests.length, lines.length]).toEqual([3, 1]);
  });

  it('stays where it is when the server ends before it could be loaded', async () => {
    link = 'DISCONNECTED';
    put('a.json', '{}');
    start();
    await sleep(60);
    await inbox.stop();
    expect(there('')).toEqual(['a.json']);
  });
});

describe('a folder with a profile', () => {
  const profile = { strategy: 'swing', account: 'DU7', exitQty: 'position' };
  const noAccount: Refusal = { code: 'NOT_FOUND', message: 'there is no DU7', field: 'account' };

  it('says whose its files are and what holds where they are silent', async () => {
    mkdirSync(join(folder, 'morning'));
    put('morning/profile.json', JSON.stringify(profile));
    put('morning/a.json', '{}');
    start();
    await putAway('morning/processed/a.json');
    expect(requests).toEqual([
      {
        ...{ fileName: 'a.json', content: '{}', strategy: 'swing', account: 'DU7' },
        ...{ tradingDate: null, settings: { exitQty: 'position' }, dryRun: false },
      },
    ]);
    const report = read('morning/processed/a.json.report.txt');
    expect(report).toContain('profile   strategy swing, account DU7, exitQty position');
    expect(there('morning')).toContain('profile.json');
  });

  it('keeps a file where it is when what it says cannot be, until it is mended', async () => {
    answer = ({ account }) => (account === 'DU7' ? answered({}, noAccount) : answered({}));
    put('profile.json', JSON.stringify(profile));
    put('a.json', '{}');
    start();
    await until(() => lines.some((line) => line.startsWith('WARNING')));
    expect(lines.at(-1)).toBe(
      'WARNING a.json waits in the folder: there is no DU7. Its profile says so.',
    );
    expect([there('refused'), there('processed'), there('.')]).toEqual([
      ...[[], []],
      ['a.json', 'profile.json'],
    ]);
    put('profile.json', JSON.stringify({ ...profile, account: 'DU1' }));
    await putAway('processed/a.json');
    expect(requests.map(({ account }) => account)).toEqual(['DU7', 'DU1']);
  });

  it('that is for a later date keeps a file until that date can be armed', async () => {
    const early: Refusal = { code: 'INVALID', message: 'too early', field: 'tradingDate' };
    answer = () => (now < Date.UTC(2024, 2, 12, 21) ? answered({}, early) : answered({}));
    put('profile.json', JSON.stringify({ tradingDate: '2024-03-13' }));
    put('a.json', '{}');
    start();
    await until(() => lines.length > 0);
    expect(lines).toEqual([
      'WARNING a.json waits in the folder: it is for 2024-03-13, and a session comes before; ' +
        'it is loaded when that one has closed.',
    ]);
    now = Date.UTC(2024, 2, 12, 19);
    await sleep(120);
    expect([requests.length, there('processed')]).toEqual([1, []]);
    now = Date.UTC(2024, 2, 12, 21);
    await putAway('processed/a.json');
    expect(requests.map(({ tradingDate }) => tradingDate)).toEqual(['2024-03-13', '2024-03-13']);
  });
});

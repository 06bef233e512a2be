// Owns the promises about files that are put away: whole, beside their report, in nobody's place,
// and only what was taken. Works on real folders.

import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  watchInbox,
  type Disposal,
  type Inbox,
  type InboxFile,
} from '../../src/instructions/inbox';

let base: string;
let folder: string;
let inbox: Inbox | null = null;
let taken: string[];
let warnings: string[];

beforeEach(() => {
  base = fs.mkdtempSync(join(tmpdir(), 'shelves-'));
  folder = join(base, 'instructions');
  fs.mkdirSync(folder);
  [taken, warnings] = [[], []];
});
afterEach(async () => {
  await inbox?.stop();
  inbox = null;
  fs.rmSync(base, { recursive: true, force: true });
});

const AT = Date.UTC(2024, 2, 11, 15, 4, 5, 678);
const disposalOf = ({ fileName, content }: InboxFile): Disposal => ({
  shelf: content.includes('bad') ? 'refused' : 'processed',
  report: `of ${fileName}: ${content}`,
  at: AT,
});

function start(onFile?: (file: InboxFile) => Promise<Disposal | null>): void {
  inbox = watchInbox({
    ...{ folder, settleMs: 20, pollMs: 40 },
    onFile: async (file) => {
      taken.push(`${file.strategy} ${file.fileName} ${file.content}`);
      return (await onFile?.(file)) ?? disposalOf(file);
    },
    onNoText: ({ fileName }, why) => ({ shelf: 'refused', report: `${fileName}: ${why}`, at: AT }),
    onWarning: (message) => warnings.push(message),
  });
}
const put = (name: string, text: string): void => fs.writeFileSync(join(folder, name), text);
const read = (name: string): string => fs.readFileSync(join(folder, name), 'utf8');
const list = (name = ''): string[] => {
  const path = join(folder, name);
  return fs.existsSync(path) ? fs.readdirSync(path).sort() : [];
};
async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(5);
}
const inboxIsEmpty = (): Promise<void> =>
  until(() => list().every((name) => !name.endsWith('.json')));

describe('a file that was taken', () => {
  it('goes to its shelf with the report, in the folder it lay in', async () => {
    fs.mkdirSync(join(folder, 'momentum'));
    put('a.json', 'one');
    put('b.json', 'bad');
    put('momentum/c.json', 'two');
    start();
    await inboxIsEmpty();
    await until(() => list('momentum/processed').length === 2);
    expect(list('processed')).toEqual(['a.json', 'a.json.report.txt']);
    expect(list('refused')).toEqual(['b.json', 'b.json.report.txt']);
    expect([read('processed/a.json'), read('processed/a.json.report.txt')]).toEqual([
      'one',
      'of a.json: one',
    ]);
    expect([read('momentum/processed/c.json'), warnings]).toEqual(['two', []]);
  });

  it('gets the time, then a number, where its name is taken; nothing is overwritten', async () => {
    start();
    for (const text of ['1', '2', '3']) {
      put('a.json', text);
      await until(() => taken.length === Number(text));
      await inboxIsEmpty();
    }
    const names = ['a.json', 'a.20240311T150405Z.json', 'a.20240311T150405Z-2.json'];
    expect(names.map((name) => read(`processed/${name}`))).toEqual(['1', '2', '3']);
    expect(names.map((name) => read(`processed/${name}.report.txt`))).toEqual([
      'of a.json: 1',
      'of a.json: 2',
      'of a.json: 3',
    ]);
  });

  it('is told from another file of its name that lies on the shelf without a report', async () => {
    fs.mkdirSync(join(folder, 'processed'));
    put('processed/a.json', 'mine');
    put('a.json', 'one');
    start();
    await inboxIsEmpty();
    expect(read('processed/a.json')).toBe('mine');
    expect(read('processed/a.20240311T150405Z.json')).toBe('one');
    expect(list('processed')).not.toContain('a.json.report.txt');
  });

  it('is moved beside a copy of it that came at the same time', async () => {
    put('a.json', 'one');
    put('b.json', 'one');
    start();
    await inboxIsEmpty();
    expect(list('processed').filter((name) => name.endsWith('.json'))).toEqual([
      'a.json',
      'b.json',
    ]);
  });

  it('is not mistaken for one that took its place meanwhile; that one is taken, too', async () => {
    start(async ({ content }) => {
      // As somebody's program does it: written beside, then renamed over the old one.
      if (content === 'old') {
        fs.writeFileSync(join(base, 'new'), 'new');
        fs.renameSync(join(base, 'new'), join(folder, 'a.json'));
      }
      return null;
    });
    put('a.json', 'old');
    await until(() => taken.length === 2);
    await inboxIsEmpty();
    expect(taken).toEqual(['default a.json old', 'default a.json new']);
    expect([read('processed/a.json'), list('processed').length]).toEqual(['new', 2]);
  });

  it('may be gone by then', async () => {
    start(async ({ path }) => {
      fs.rmSync(path);
      return null;
    });
    put('a.json', '1');
    await until(() => taken.length === 1);
    put('b.json', '2');
    await until(() => taken.length === 2);
    await inbox?.stop();
    expect([list('processed'), warnings]).toEqual([[], []]);
  });

  it('is refused with its report when it is no text', async () => {
    fs.writeFileSync(join(folder, 'a.json'), Buffer.from([0xff, 0xfe, 0x7b, 0]));
    start();
    await inboxIsEmpty();
    expect(read('refused/a.json.report.txt')).toMatch(/^a\.json: The text is not UTF-8/);
    expect([taken, warnings.length]).toEqual([[], 1]);
  });
});

describe('where nothing can be moved', () => {
  const places: readonly (readonly [what: string, make: (path: string) => void])[] = [
    ['a file has the name of the shelf', (path) => fs.writeFileSync(path, '')],
    ['the shelf is a link that leads out', (path) => fs.symlinkSync(base, path)],
  ];
  it.each(places)(
    'because %s, files stay, are taken once, and one line says why',
    async (_, make) => {
      make(join(folder, 'processed'));
      put('a.json', '1');
      put('b.json', '2');
      start();
      await until(() => warnings.length === 1);
      put('c.json', '3');
      await until(() => taken.length === 3);
      await sleep(150);
      expect(taken).toEqual(['default a.json 1', 'default b.json 2', 'default c.json 3']);
      expect(list()).toEqual(['a.json', 'b.json', 'c.json', 'processed']);
      expect(warnings).toEqual([
        'Files in instructions stay there after they were taken: nothing can be moved to ' +
          'instructions/processed (it is not a folder). They are not loaded again; mend that, or ' +
          'move them.',
      ]);
      expect(fs.readdirSync(base)).toEqual(['instructions']);
    },
  );
});

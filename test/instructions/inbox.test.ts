// Owns the promises of the inbox: what is read, once, and when; and that nothing else is, whatever
// lies in the folder. Works on real folders; waits for what happens, never for a length of time.

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_FILE_BYTES } from '../../src/instructions/check';
import {
  watchInbox,
  type Disposal,
  type Inbox,
  type InboxFile,
} from '../../src/instructions/inbox';

let base: string;
let folder: string;
let inbox: Inbox | null = null;
let files: InboxFile[];
let warnings: string[];

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'inbox-'));
  folder = join(base, 'instructions');
  mkdirSync(folder);
  [files, warnings] = [[], []];
});
afterEach(async () => {
  await inbox?.stop();
  inbox = null;
  rmSync(base, { recursive: true, force: true });
});

function start(
  more: { onFile?: (file: InboxFile) => Promise<Disposal | null>; settleMs?: number } = {},
) {
  inbox = watchInbox({
    ...{ folder, settleMs: 30, pollMs: 60 },
    onFile: async (file) => {
      files.push(file);
      return null;
    },
    onNoText: () => null,
    onWarning: (message) => warnings.push(message),
    ...more,
  });
}
const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const seen = (): string[] =>
  files.map(({ strategy, fileName, content }) => `${strategy} ${fileName} ${content}`);

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(5);
}
/** Everything before it in the order of names was judged once this one has come. */
async function untilAllWereSeen(): Promise<void> {
  put('zzz-last.json', `${Math.random()}`);
  const before = files.length;
  await until(() => files.slice(before).some(({ fileName }) => fileName === 'zzz-last.json'));
  // One more round: what was seen beside it for the first time is read by now.
  put('zzz-last.json', `${Math.random()}`);
  const again = files.length;
  await until(() => files.length > again);
  files = files.filter(({ fileName }) => fileName !== 'zzz-last.json');
}

describe('the inbox', () => {
  it('hands over what lies there already, in order of names, and what comes later', async () => {
    put('b.json', '2');
    put('a.json', '1');
    start();
    await until(() => files.length === 2);
    put('c.json', '3');
    await until(() => files.length === 3);
    expect(seen()).toEqual(['default a.json 1', 'default b.json 2', 'default c.json 3']);
    expect([files[0]?.path, warnings]).toEqual([join(folder, 'a.json'), []]);
  });

  it('takes the strategy from the folder, which may come later', async () => {
    start();
    mkdirSync(join(folder, 'momentum'));
    put('momentum/x.json', '1');
    await until(() => files.length === 1);
    put('momentum/x.json', '22');
    await until(() => files.length === 2);
    expect(seen()).toEqual(['momentum x.json 1', 'momentum x.json 22']);
  });

  it('makes a folder that is missing', async () => {
    rmSync(folder, { recursive: true });
    start();
    await until(() => warnings.length === 1);
    put('a.json', '1');
    await until(() => files.length === 1);
    expect(warnings[0]).toMatch(/was missing; it was made again/);
  });

  it('goes on in a folder that was deleted and made again', async () => {
    start();
    put('a.json', '1');
    await until(() => files.length === 1);
    rmSync(folder, { recursive: true });
    await until(() => warnings.length === 1);
    put('a.json', '1');
    await until(() => files.length === 2);
    expect(seen()).toEqual(['default a.json 1', 'default a.json 1']);
  });

  it('waits for a file that is still growing', async () => {
    start({ settleMs: 1500 });
    put('a.json', '');
    let text = '';
    for (let part = 0; part < 20; part += 1) {
      appendFileSync(join(folder, 'a.json'), `${part},`);
      text += `${part},`;
      await sleep(10);
    }
    await until(() => files.length === 1);
    expect(seen()).toEqual([`default a.json ${text}`]);
  });

  it('hands over a file that was moved in', async () => {
    start();
    writeFileSync(join(base, 'outside.json'), 'whole');
    renameSync(join(base, 'outside.json'), join(folder, 'a.json'));
    await until(() => files.length === 1);
    expect(seen()).toEqual(['default a.json whole']);
  });

  it('hands over each content once, and a changed one again', async () => {
    start();
    put('a.json', 'one');
    await until(() => files.length === 1);
    put('a.json', 'one');
    utimesSync(join(folder, 'a.json'), 1, 1);
    put('copy.json', 'one');
    await untilAllWereSeen();
    expect(seen()).toEqual(['default a.json one']);
    put('a.json', 'two');
    await until(() => files.length === 2);
    put('a.json', 'one!');
    await until(() => files.length === 3);
    mkdirSync(join(folder, 'other'));
    put('other/a.json', 'one!');
    await until(() => files.length === 4);
    expect(seen().at(-1)).toBe('other a.json one!');
  });

  it('forgets a file that is gone, and goes on', async () => {
    start();
    put('a.json', 'one');
    await until(() => files.length === 1);
    rmSync(join(folder, 'a.json'));
    await untilAllWereSeen();
    put('a.json', 'one');
    await until(() => files.length === 2);
    expect(warnings).toEqual([]);
  });

  it('goes on after a callback that fails, and says so', async () => {
    put('a.json', '1');
    put('b.json', '2');
    start({
      onFile: async (file) => {
        files.push(file);
        if (file.fileName === 'a.json') throw new Error('no');
        return null;
      },
    });
    await until(() => files.length === 2);
    expect(warnings).toEqual([expect.stringContaining('instructions/a.json was not taken')]);
  });

  it('hands over one file at a time, and none after it was stopped', async () => {
    let open = 0;
    let most = 0;
    for (const name of ['a', 'b', 'c']) put(`${name}.json`, name);
    start({
      onFile: async (file) => {
        open += 1;
        most = Math.max(most, open);
        await sleep(20);
        open -= 1;
        files.push(file);
        return null;
      },
    });
    await until(() => files.length === 1);
    await inbox?.stop();
    const count = files.length;
    expect([most, open, count < 3]).toEqual([1, 0, true]);
    put('d.json', 'd');
    await sleep(150);
    expect(files.length).toBe(count);
  });
});

describe('what the inbox leaves alone', () => {
  it('is everything that is no instruction file by name', async () => {
    for (const name of ['.hidden.json', 'README.md', 'x.json~', 'x.json.swp', '.json'])
      put(name, 'x');
    mkdirSync(join(folder, '.git'));
    put('.git/x.json', 'x');
    start();
    await untilAllWereSeen();
    expect([files, warnings]).toEqual([[], []]);
  });

  it('is a link, even to a file in the folder, said once', async () => {
    writeFileSync(join(base, 'secret.json'), 'secret');
    symlinkSync(join(base, 'secret.json'), join(folder, 'link.json'));
    symlinkSync('nowhere', join(folder, 'broken.json'));
    start();
    await untilAllWereSeen();
    expect([files, warnings.length]).toEqual([[], 2]);
    expect(warnings[1]).toMatch(/^instructions\/link\.json is not read: it is a link/);
  });

  it('is a folder that is a link', async () => {
    mkdirSync(join(base, 'elsewhere'));
    writeFileSync(join(base, 'elsewhere', 'x.json'), 'x');
    symlinkSync(join(base, 'elsewhere'), join(folder, 'momentum'));
    start();
    await untilAllWereSeen();
    expect(files).toEqual([]);
  });

  it('is a pipe, without waiting for its writer', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.json')]);
    start();
    await untilAllWereSeen();
    expect([files, warnings]).toEqual([[], [expect.stringContaining('pipe.json is not read')]]);
  });

  it('is a file beyond the limit, which is not read into memory', async () => {
    put('big.json', '');
    truncateSync(join(folder, 'big.json'), 1024 ** 4);
    put('fits.json', ' '.repeat(MAX_FILE_BYTES));
    start();
    await untilAllWereSeen();
    expect(files.map(({ fileName }) => fileName)).toEqual(['fits.json']);
    expect(warnings).toEqual([expect.stringMatching(/big\.json is not read\. The text has/)]);
  });

  it('is a text that is not UTF-8', async () => {
    writeFileSync(join(folder, 'a.json'), Buffer.from([0xff, 0xfe, 0x7b, 0]));
    start();
    await untilAllWereSeen();
    expect([files, warnings]).toEqual([[], [expect.stringContaining('UTF-16')]]);
  });

  it('is an archive, said once', async () => {
    for (const name of ['day.zip', 'day.json.gz', 'DAY.TAR']) put(name, 'x');
    start();
    await untilAllWereSeen();
    expect([files, warnings.length]).toEqual([[], 3]);
    expect(warnings).toContainEqual(
      expect.stringMatching(/day\.zip is not read: it is an archive/),
    );
  });

  it('is what was put away, in capitals too, and what lies beside it', async () => {
    for (const shelf of ['processed', 'refused', 'momentum', 'momentum/Processed']) {
      mkdirSync(join(folder, shelf));
      if (shelf !== 'momentum') put(`${shelf}/x.json`, shelf);
    }
    start();
    await untilAllWereSeen();
    expect([files, warnings]).toEqual([[], []]);
  });

  it('is a folder deeper than one, said once', async () => {
    mkdirSync(join(folder, 'momentum', 'deep'), { recursive: true });
    put('momentum/deep/x.json', 'x');
    put('momentum/y.json', 'y');
    start();
    await untilAllWereSeen();
    expect(seen()).toEqual(['momentum y.json y']);
    expect(warnings).toEqual([expect.stringContaining('instructions/momentum/deep is not read')]);
  });

  it('is a folder whose name is no strategy key, said once', async () => {
    mkdirSync(join(folder, 'my strategy'));
    put('my strategy/x.json', 'x');
    start();
    await untilAllWereSeen();
    expect([files, warnings]).toEqual([[], [expect.stringContaining('named after a strategy')]]);
  });
});

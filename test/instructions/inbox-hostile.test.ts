// What an open folder must bear: links, names, floods, and a shelf that nothing can be moved to.

import { linkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Disposal } from '../../src/instructions/inbox';
import { until, WatchedFolder } from '../support/inbox-kit';

let inbox: WatchedFolder;
beforeEach(() => {
  inbox = new WatchedFolder();
});
afterEach(() => inbox.close());

describe('a hostile user', () => {
  it('cannot have a file read by a second name of it', async () => {
    writeFileSync(join(inbox.base, 'secret.json'), '{ "password": 1 }');
    linkSync(join(inbox.base, 'secret.json'), join(inbox.folder, 'a.json'));
    inbox.start();
    await inbox.untilAllWereSeen();
    expect(inbox.files).toEqual([]);
    expect(inbox.warnings).toEqual([
      'instructions/a.json is not read: it has another name elsewhere (a hard link). Copy the ' +
        'file itself here.',
    ]);
    rmSync(join(inbox.base, 'secret.json'));
    await until(() => inbox.files.length === 1);
  });

  it('cannot write into the log by the name of a file or folder', async () => {
    for (const name of ['a\nb.json', 'a\u001b[2J.json', 'a\u202enosj.json']) inbox.put(name, '1');
    inbox.folderNamed('x\ny');
    inbox.start();
    await until(() => inbox.warnings.length === 4);
    await inbox.untilAllWereSeen();
    expect(inbox.files).toEqual([]);
    expect(inbox.warnings.filter((line) => /[\n\u001b\u202e]/.test(line))).toEqual([]);
    expect(
      inbox.warnings.filter((line) => line.includes('characters that do not print')),
    ).toHaveLength(3);
  });

  it('cannot choose between two profiles: their files wait', async () => {
    inbox.put('profile.json', '{ "strategy": "one" }');
    inbox.put('Profile.json', '{ "strategy": "two" }');
    inbox.put('a.json', '1');
    inbox.folderNamed('other');
    inbox.put('other/b.json', '2');
    inbox.start();
    await until(() => inbox.files.length === 1);
    inbox.put('other/c.json', '3');
    await until(() => inbox.files.length === 2);
    expect(inbox.seen()).toEqual(['other b.json 2', 'other c.json 3']);
    expect(inbox.warnings[0]).toMatch(/there are two profiles/);
  });

  it('keeps nobody waiting with more files than are looked at in one go', async () => {
    for (let n = 0; n < 1_100; n++) inbox.put(`f${String(n).padStart(4, '0')}.json`, `${n}`);
    const away = (): Disposal => ({ shelf: 'processed', report: 'done', at: 0 });
    inbox.start(() => Promise.resolve(away()));
    await until(() => inbox.files.length === 1_100);
    const contents = inbox.files.map(({ content }) => Number(content));
    expect(contents).toEqual([...contents].sort((a, b) => a - b));
    expect(inbox.warnings).toEqual([
      'instructions holds more than 1000 instruction files; the rest waits for these.',
    ]);
  });

  it('is told once that nothing can be moved; each file is taken once all the same', async () => {
    inbox.put('processed', 'in the way');
    inbox.put('a.json', '1');
    inbox.put('b.json', '2');
    inbox.start(() => Promise.resolve({ shelf: 'processed', report: 'done', at: 0 }));
    await until(() => inbox.files.length === 2 && inbox.warnings.length > 0);
    await inbox.untilAllWereSeen();
    inbox.put('a.json', '3');
    await until(() => inbox.files.some(({ content }) => content === '3'));
    expect(inbox.seen()).toEqual(['default a.json 1', 'default b.json 2', 'default a.json 3']);
    expect(inbox.warnings).toHaveLength(1);
  });
});

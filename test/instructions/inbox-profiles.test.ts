// A profile beside the files it speaks for: what it gives them, and when they wait for it.

import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until, WatchedFolder } from '../support/inbox-kit';

let inbox: WatchedFolder;
beforeEach(() => {
  inbox = new WatchedFolder();
});
afterEach(() => inbox.close());

describe('a profile in the folder', () => {
  it('goes along with the files beside it, and with no others', async () => {
    inbox.folderNamed('fast');
    inbox.put('fast/profile.json', '{ "strategy": "swing", "rearm": "onflat", "maxCycles": 3 }');
    inbox.put('fast/a.json', '1');
    inbox.put('a.json', '1');
    inbox.start();
    await until(() => inbox.files.length === 2);
    expect(inbox.files.map(({ strategy, profile }) => [strategy, profile.settings])).toEqual([
      ['default', {}],
      ['swing', { rearm: 'onFlat', maxCycles: 3 }],
    ]);
  });

  it('that is wrong is said once with its place, and the files beside it wait for it', async () => {
    inbox.put('profile.json', '{\n  "exitQyt": "position"\n}');
    inbox.put('a.json', '1');
    inbox.folderNamed('other');
    inbox.put('other/b.json', '2');
    inbox.start();
    await until(() => inbox.files.length === 1 && inbox.warnings.length > 0);
    inbox.put('other/c.json', '3');
    await until(() => inbox.files.length === 2);
    expect(inbox.seen()).toEqual(['other b.json 2', 'other c.json 3']);
    expect(inbox.warnings).toEqual([
      'instructions/profile.json is not a usable profile. profile.json:2:3: Unknown key ' +
        '"exitQyt": did you mean "exitQty"? The files beside it wait until it is mended or ' +
        'taken away.',
    ]);
    inbox.put('profile.json', '{ "exitQty": "position" }');
    await until(() => inbox.files.length === 3);
    expect(inbox.files[2]).toMatchObject({
      content: '1',
      profile: { settings: { exitQty: 'position' } },
    });
  });

  it('that was taken away lets its inbox.files go without it', async () => {
    inbox.put('profile.json', 'half');
    inbox.put('a.json', '1');
    inbox.start();
    await until(() => inbox.warnings.length === 1);
    rmSync(join(inbox.folder, 'profile.json'));
    await until(() => inbox.files.length === 1);
    expect(inbox.files[0]?.profile.settings).toEqual({});
  });

  it('that is a link is not read, and the files beside it wait', async () => {
    writeFileSync(join(inbox.base, 'elsewhere.json'), '{}');
    symlinkSync(join(inbox.base, 'elsewhere.json'), join(inbox.folder, 'profile.json'));
    inbox.put('a.json', '1');
    inbox.folderNamed('other');
    inbox.start();
    inbox.put('other/b.json', '2');
    await until(() => inbox.files.length === 1);
    inbox.put('other/c.json', '3');
    await until(() => inbox.files.length === 2);
    expect(inbox.seen()).toEqual(['other b.json 2', 'other c.json 3']);
    expect(inbox.warnings[0]).toMatch(/profile\.json is not read: it is a link/);
  });

  it('makes another load of the same content, under another name', async () => {
    inbox.put('a.json', '1');
    inbox.start();
    await until(() => inbox.files.length === 1);
    inbox.put('b.json', '1');
    await inbox.untilAllWereSeen();
    expect(inbox.files).toHaveLength(1);
    inbox.put('profile.json', '{ "gap": "ignore" }');
    inbox.put('c.json', '1');
    await until(() => inbox.files.length === 2);
    expect(inbox.files[1]).toMatchObject({
      fileName: 'c.json',
      profile: { settings: { gap: 'ignore' } },
    });
  });
});

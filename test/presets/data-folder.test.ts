// Owns the promises about the folders of a start: made when missing, new or continued, samples only
// for a new one, and one clear line where a folder cannot be used.

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolders, type FoldersWanted } from '../../src/presets/data-folder';
import { VerbError } from '../../src/presets/errors';

let base: string;
let wanted: FoldersWanted;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'folders-'));
  const samples = join(base, 'samples');
  mkdirSync(samples);
  writeFileSync(join(samples, 'demo-a.json'), 'a');
  writeFileSync(join(samples, 'demo-b.json'), 'b');
  writeFileSync(join(samples, 'README.md'), 'x');
  wanted = { dataDir: join(base, 'd', 'data'), instructionsDir: join(base, 'inbox'), samples };
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const faultOf = async (given: FoldersWanted): Promise<VerbError> => {
  const fault: unknown = await openFolders(given).then(
    () => null,
    (cause: unknown) => cause,
  );
  if (fault instanceof VerbError) return fault;
  throw new Error(`no VerbError but ${String(fault)}`);
};

describe('the folders of a start', () => {
  it('are made for nobody else, and the samples copied', async () => {
    expect(await openFolders(wanted)).toEqual({
      state: 'new',
      copied: ['demo-a.json', 'demo-b.json'],
    });
    expect(statSync(wanted.dataDir).mode & 0o777).toBe(0o700);
    expect(readdirSync(wanted.dataDir)).toEqual([]);
    expect(readdirSync(wanted.instructionsDir)).toEqual(['demo-a.json', 'demo-b.json']);
  });

  it('are continued once something lies in the data folder, and nothing is copied', async () => {
    await openFolders(wanted);
    writeFileSync(join(wanted.dataDir, 'journal.db'), '');
    rmSync(join(wanted.instructionsDir, 'demo-a.json'));
    expect(await openFolders(wanted)).toEqual({ state: 'continued', copied: [] });
    expect(existsSync(join(wanted.instructionsDir, 'demo-a.json'))).toBe(false);
  });

  it('keep a file of the user that has the name of a sample', async () => {
    mkdirSync(wanted.instructionsDir);
    writeFileSync(join(wanted.instructionsDir, 'demo-a.json'), 'mine');
    expect((await openFolders(wanted)).copied).toEqual(['demo-b.json']);
    expect(readFileSync(join(wanted.instructionsDir, 'demo-a.json'), 'utf8')).toBe('mine');
  });

  it('get no samples where there are none to get', async () => {
    expect(await openFolders({ ...wanted, samples: null })).toEqual({ state: 'new', copied: [] });
  });

  it.each([
    ['dataDir', 'data folder', 'TIDEGATE_DATA_DIR'],
    ['instructionsDir', 'instruction folder', 'TIDEGATE_INSTRUCTIONS_DIR'],
  ] as const)('are refused in one line where %s cannot be used', async (key, what, variable) => {
    writeFileSync(join(base, 'file'), '');
    for (const path of [join(base, 'file'), join(base, 'file', 'below')]) {
      const { message, exitCode } = await faultOf({ ...wanted, [key]: path });
      expect(exitCode).toBe(1);
      expect(message).toMatch(new RegExp(`^The ${what} ${path} cannot be used: .*set ${variable}`));
      expect(message).not.toContain('\n');
    }
  });

  const itWithProc = existsSync('/proc/self') ? it : it.skip;
  itWithProc('are refused where the file system makes no folders, and the start ends', async () => {
    const { message } = await faultOf({ ...wanted, dataDir: '/proc/xx/data' });
    expect(message).toMatch(/^The data folder \/proc\/xx\/data cannot be used: .*cannot be made/);
  });

  // Nobody writes there, the administrator neither.
  const itWithSys = existsSync('/sys/kernel') ? it : it.skip;
  itWithSys('are taken where the inbox can be read and not written', async () => {
    const opened = await openFolders({ ...wanted, instructionsDir: '/sys/kernel' });
    expect(opened).toEqual({ state: 'new', copied: [] });
    const { message } = await faultOf({ ...wanted, dataDir: '/sys/kernel' });
    expect(message).toMatch(/^The data folder .* may not write there/);
  });

  // The administrator may write anywhere: there the permission proves nothing.
  const itAsAnyUser = process.getuid?.() === 0 ? it.skip : it;
  itAsAnyUser('are refused where this user may not write', async () => {
    mkdirSync(wanted.dataDir, { recursive: true });
    chmodSync(wanted.dataDir, 0o500);
    expect((await faultOf(wanted)).message).toMatch(/may not write there \(EACCES\)/);
  });
});

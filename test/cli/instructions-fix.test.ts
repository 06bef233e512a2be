/** `tidegate instructions fix` as a person or a script meets it: the copy, streams, exit codes. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const folder = fs.mkdtempSync(join(tmpdir(), 'tidegate-fix-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function fix(...args: readonly string[]) {
  const bin = join(ROOT, 'bin', 'tidegate');
  const run = spawnSync(bin, ['instructions', 'fix', ...args], { cwd: folder, encoding: 'utf8' });
  return { code: run.status, out: run.stdout, err: run.stderr };
}
const read = (name: string): string => fs.readFileSync(join(folder, name), 'utf8');
const order = '{"On": "cross-over", "Action": "BUY", "Order": "limit", "Qty": 1, "price": "9,5"}';
const write = (name: string, text: string): void => fs.writeFileSync(join(folder, name), text);

beforeAll(() => {
  spawnSync(join(ROOT, 'bin', 'tidegate'), ['version']);
  fs.copyFileSync(join(ROOT, 'examples', 'conflicts.json'), join(folder, 'day.json'));
});

describe('tidegate instructions fix', () => {
  it('writes the copy beside the file, which stays as it is', () => {
    const before = read('day.json');
    const { code, out, err } = fix('day.json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('day.json: 2 corrections, no error is left');
    expect(out).toContain('-        "Action": "SELL",\n+        "Action": "BUY",');
    expect(out).not.toContain('\u001b');
    expect(read('day.json')).toBe(before);
    const check = ['instructions', 'check', join(folder, 'day.fixed.json')];
    expect(spawnSync(join(ROOT, 'bin', 'tidegate'), check).status).toBe(0);
  });

  it('keeps a copy that is there, unless it may be replaced', () => {
    write('kept.json', 'mine');
    expect(fix('day.json', '--out', 'kept.json')).toMatchObject({ code: 2, out: '' });
    expect(read('kept.json')).toBe('mine');
    expect(fix('day.json', '--out', 'kept.json', '--force').code).toBe(0);
    expect(read('kept.json')).toBe(read('day.fixed.json'));
  });

  it.each([['day.json'], ['./day.json'], ['link.json']])(
    'never writes over the file, also as %s and by force',
    (out) => {
      const before = read('day.json');
      if (!fs.existsSync(join(folder, 'link.json'))) {
        fs.symlinkSync('day.json', join(folder, 'link.json'));
      }
      const { code, err } = fix('day.json', '--out', out, '--force');
      expect([code, err]).toEqual([2, expect.stringContaining('is the file itself')]);
      expect(read('day.json')).toBe(before);
    },
  );

  it('says by its exit code that something is left, and prints one object', () => {
    const bad = order.replace('"Qty": 1', '"Qty": 0');
    write('bad.json', `{"IBM": {"Entry OCA": [${bad}]}}`);
    const { code, out } = fix('bad.json', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      copy: 'bad.fixed.json',
      corrections: [{ was: '"9,5"', is: '"9.5"' }],
      left: [{ code: 'QUANTITY_NOT_POSITIVE' }],
    });
    expect(read('bad.fixed.json')).toContain('"price": "9.5"');
  });

  it('writes nothing when nothing can be corrected', () => {
    write('worse.json', '{"IBM": [');
    expect(fix('worse.json')).toMatchObject({ code: 2, err: '' });
    write('sound.json', '{}');
    expect(fix('sound.json')).toMatchObject({ code: 0, err: '' });
    expect(fix('nowhere.json').code).toBe(2);
    expect(
      fs
        .readdirSync(folder)
        .filter((name) => /fixed|draft/.test(name))
        .sort(),
    ).toEqual(['bad.fixed.json', 'day.fixed.json']);
  });

  it('says what to do where the copy cannot be written', () => {
    const { code, err } = fix('day.json', '--out', 'no/such/folder.json');
    expect([code, err]).toEqual([1, expect.stringContaining('cannot be written')]);
    expect(fix().err).toContain('Which file?');
  });
});

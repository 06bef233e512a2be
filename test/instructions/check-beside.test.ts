// A large file is checked on a thread of its own, with the same result as on this one.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkInstructionFile } from '../../src/instructions/check';
import { checkBeside } from '../../src/instructions/check-beside';
import { packed, unpacked } from '../../src/instructions/packed';
import { toText } from '../../src/domain/decimal';
import { entry, symbolText } from './fixture';

const folder = mkdtempSync(join(tmpdir(), 'tidegate-check-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const hook = resolve(__dirname, '../support/typescript-hook.cjs');
const worker = resolve(__dirname, '../../src/instructions/check-worker.ts');
const BESIDE = { script: worker, execArgv: ['--require', hook] };

/** Sound symbols, one that is refused, and findings of each severity. */
const LARGE = `{ ${Array.from({ length: 400 }, (_, n) => {
  const price = n === 7 ? '"cheap"' : `"${100 + n / 8}"`;
  const entries = [entry({ price }), entry({ Qty: '2', price: '"101"', Action: '"buy"' })];
  return `"S${n}": ${symbolText({ entries })}`;
}).join(',\n')} }`;
const fileOf = (content: string) => ({
  fileName: 'large.json',
  bytes: new TextEncoder().encode(content),
});

it('what the thread says of a file is what the check says, decimals included', async () => {
  const here = checkInstructionFile(fileOf(LARGE));
  const beside = await checkBeside(fileOf(LARGE), BESIDE);
  expect(beside).toEqual(here);
  const [{ plan } = { plan: null }] = beside.symbols;
  expect(toText(plan!.entries[0]!.price!)).toBe('100');
  expect(beside.symbols[7]).toMatchObject({ symbol: 'S7', accepted: false, plan: null });
});

it('a refused file comes back refused, with its findings', async () => {
  const broken = `${LARGE.slice(0, -2)}, }`;
  const beside = await checkBeside(fileOf(broken), BESIDE);
  expect(beside).toEqual(checkInstructionFile(fileOf(broken)));
  expect(beside.accepted).toBe(false);
});

it('a file in texts of a bounded size is the same file again', async () => {
  const checked = checkInstructionFile(fileOf(LARGE));
  const texts = packed(checked);
  expect(texts.symbols.length).toBeGreaterThan(5);
  for (const text of texts.symbols) expect(text.length).toBeLessThan(40_000);
  expect(await unpacked(texts)).toEqual(checked);
});

it('a thread that fails is told, and the next file is checked again', async () => {
  const script = join(folder, 'broken.cjs');
  writeFileSync(script, 'throw new Error("no room");');
  await expect(checkBeside(fileOf(LARGE), { script })).rejects.toThrow('no room');
  writeFileSync(script, 'process.exit(0);');
  await expect(checkBeside(fileOf(LARGE), { script })).rejects.toThrow('without a result');
  expect((await checkBeside(fileOf(LARGE), BESIDE)).symbols).toHaveLength(400);
});

it('files one after the other, and several at once, each get their own answer', async () => {
  const files = [LARGE, LARGE.replace('"cheap"', '"99"'), `${LARGE.slice(0, -2)}, }`].map(fileOf);
  for (const file of [...files, ...files]) {
    expect(await checkBeside(file, BESIDE)).toEqual(checkInstructionFile(file));
  }
  const together = await Promise.all(files.map((file) => checkBeside(file, BESIDE)));
  expect(together).toEqual(files.map(checkInstructionFile));
});

it('a thread that has answered and waits for more does not keep the process alive', () => {
  const script = join(folder, 'once.ts');
  const check = resolve(__dirname, '../../src/instructions/check-beside.ts');
  const file = `{ fileName: 'large.json', bytes: new Uint8Array(20_000) }`;
  const beside = JSON.stringify(BESIDE);
  writeFileSync(
    script,
    `import { checkBeside } from ${JSON.stringify(check)};\n` +
      `checkBeside(${file}, ${beside}).then(({ accepted }) => console.log(accepted));\n`,
  );
  const run = spawnSync(process.execPath, ['--require', hook, script], { timeout: 60_000 });
  expect([run.status, run.stdout.toString()]).toEqual([0, 'false\n']);
});

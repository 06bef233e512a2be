// Owns the sentences about files that are put whole or not at all, and never in another's place.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moveToFreeName, putNewFile, replaceFile } from '../../src/instructions/put-file';

const folder = mkdtempSync(join(tmpdir(), 'tidegate-put-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const bytes = Buffer.from('new');

describe('putting a file', () => {
  it('writes it under a free name, and leaves one that has the name', async () => {
    await putNewFile({ path: at('a'), bytes });
    await expect(putNewFile({ path: at('a'), bytes: Buffer.from('x') })).rejects.toMatchObject({
      code: 'EEXIST',
    });
    expect(readFileSync(at('a'), 'utf8')).toBe('new');
  });

  it('takes the place of another when asked to', async () => {
    writeFileSync(at('b'), 'old');
    await replaceFile({ path: at('b'), bytes });
    expect(readFileSync(at('b'), 'utf8')).toBe('new');
  });

  it('moves to a free name only', async () => {
    writeFileSync(at('c'), 'c');
    writeFileSync(at('d'), 'd');
    await expect(moveToFreeName(at('c'), at('d'))).rejects.toMatchObject({ code: 'EEXIST' });
    await moveToFreeName(at('c'), at('e'));
    expect([readFileSync(at('d'), 'utf8'), readFileSync(at('e'), 'utf8')]).toEqual(['d', 'c']);
  });

  it('leaves no draft behind', () => {
    expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'd', 'e']);
  });
});

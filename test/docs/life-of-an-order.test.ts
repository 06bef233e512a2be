/** The ladders of docs/life-of-an-order.md name files and functions; each must exist as named. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'life-of-an-order.md'), 'utf8').replace(/\s+/g, ' ');

/** Every `file` with the `name`s in code marks that stand between it and the next file. */
function namedFunctions(page: string): [file: string, name: string][] {
  const marks = [...page.matchAll(/`([^`]+)`/g)].map((mark) => mark[1] ?? '');
  const pairs: [string, string][] = [];
  let file = '';
  let before: string[] = [];
  for (const mark of marks) {
    if (mark.startsWith('test/')) continue;
    if (mark.startsWith('src/')) {
      file = mark;
      for (const name of before) pairs.push([file, name]);
      before = [];
    } else if (mark === 'hardChecks') before.push(mark);
    else pairs.push([file, mark]);
  }
  return pairs;
}

/** Whether a source defines a function or method of this name. */
function defines(source: string, name: string): boolean {
  const plain = name.replace('#', '');
  const definition = new RegExp(
    `(function\\*?|async|\\*|readonly|#)\\s*#?${plain}\\b|^\\s*(async )?\\*?#?${plain}\\(`,
    'm',
  );
  return definition.test(source);
}

describe('the life of an order', () => {
  const pairs = namedFunctions(PAGE);

  it('names at least fifteen rungs', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(15);
  });

  it.each(pairs)('%s has %s', (file, name) => {
    const path = join(ROOT, file);
    expect(existsSync(path)).toBe(true);
    expect(defines(readFileSync(path, 'utf8'), name)).toBe(true);
  });

  it('tells a definition from a call', () => {
    expect(defines('export function decide(state) {', 'decide')).toBe(true);
    expect(defines('  async #trade(trade: Trade) {', '#trade')).toBe(true);
    expect(defines('const x = decide(state);', 'decide')).toBe(false);
  });
});

// Owns the sentences about tables: aligned, within a hundred columns, and harmless.

import { tableOf, type Column } from '../../src/client/table';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly count: string;
}
const COLUMNS: readonly Column<Row>[] = [
  { head: 'ID', text: ({ id }) => id },
  { head: 'NAME', text: ({ name }) => name, least: 6 },
  { head: 'N', text: ({ count }) => count, right: true },
];

describe('a table', () => {
  it('aligns words to the left and numbers to the right', () => {
    const rows = [
      { id: 'a-1', name: 'x', count: '7' },
      { id: 'a-22', name: 'longer', count: '100' },
    ];
    expect(tableOf(COLUMNS, rows)).toBe(
      ['ID    NAME      N', 'a-1   x         7', 'a-22  longer  100'].join('\n'),
    );
  });

  it('cuts what may be cut to stay within a hundred columns, never an id', () => {
    const id = 'i'.repeat(60);
    const text = tableOf(COLUMNS, [{ id, name: 'n'.repeat(200), count: '1' }]);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(100);
    expect(text).toContain(`${id}  n`);
    expect(text).toContain('n\u2026  1');
  });

  it('never passes control characters on', () => {
    const text = tableOf(COLUMNS, [{ id: '\u001b[2J', name: '\u202e', count: '\n' }]);
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(text.split('\n')).toHaveLength(2);
  });
});

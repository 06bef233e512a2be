// Owns the promises of the reader of .env. Must not know the settings.

import { parseDotenv } from '../../src/config/dotenv';

const valueOf = (text: string) => parseDotenv(`A=${text}`).entries[0]?.value;

describe('a .env file', () => {
  it.each([
    ['plain', 'plain'],
    ['  blanks around  ', 'blanks around'],
    ['with # comment', 'with'],
    ['with#no-comment', 'with#no-comment'],
    ['# only a comment', ''],
    ['', ''],
    ['"quoted # text"', 'quoted # text'],
    [`'single "in" quotes'`, 'single "in" quotes'],
    ['"a\\nb\\"c\\\\d"', 'a\nb"c\\d'],
    [`'no \\n escapes'`, 'no \\n escapes'],
    ['"text" # comment', 'text'],
    ['$HOME and ${HOME}', '$HOME and ${HOME}'],
    ['a=b=c', 'a=b=c'],
  ])('reads A=%s', (text, value) => {
    expect(valueOf(text)).toBe(value);
  });

  it('skips blanks and comments, knows export, and counts lines of every kind', () => {
    const { entries, faults } = parseDotenv('\ufeff# head\r\n\r\nexport A = 1\nB=2\rC=3');
    expect(entries).toEqual([
      { name: 'A', value: '1', line: 3 },
      { name: 'B', value: '2', line: 4 },
      { name: 'C', value: '3', line: 5 },
    ]);
    expect(faults).toEqual([]);
  });

  it('names the lines it cannot read and goes on', () => {
    const { entries, faults } = parseDotenv('A\nB="open\n1=2\nC=3');
    expect(faults.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(entries.map(({ name }) => name)).toEqual(['C']);
  });
});

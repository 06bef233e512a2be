// Owns the sentences about numbers that can be read in one way only.

import fc from 'fast-check';
import { isPlainDecimal } from '../../src/domain/decimal';
import { onlyReading } from '../../src/instructions/numbers';

describe('a number in another form', () => {
  it.each([
    ['1,234.5', '1234.5'],
    ['1.234,5', '1234.5'],
    ['1,234,567', '1234567'],
    ['1.234.567', '1234567'],
    ['1,234.567', '1234.567'],
    ['1 234', '1234'],
    ["1'234.50", '1234.50'],
    ['1_234_567', '1234567'],
    ['12\u202f345,6', '12345.6'],
    ['69,48', '69.48'],
    ['0,125', '0.125'],
    ['1234,567', '1234.567'],
    [' 100\t', '100'],
    ['+5', '5'],
    ['1e2', '100'],
    ['1.50E+1', '15.0'],
    ['125e-2', '1.25'],
    ['5e-3', '0.005'],
    ['.5e1', '5'],
  ])('%j is read as %s', (written, meant) => {
    expect(onlyReading(written)).toBe(meant);
  });

  it.each([
    '1,234',
    '1.234,567,8',
    '12,34,567',
    '1,2345.6',
    '1 23',
    '-5,5',
    '-1e2',
    '0,0',
    '0e5',
    '1e31',
    '1e',
    'e5',
    '',
    'NaN',
    'Infinity',
    '1/2',
    '$5',
    '1,,2',
    '1 000 00',
    "1 000'000",
    `1${'0'.repeat(70)}`,
  ])('%j is left alone', (written) => {
    expect(onlyReading(written)).toBeNull();
  });

  it('has the value that JavaScript gives an exponent', () => {
    const digits = fc.integer({ min: 1, max: 99_999 });
    fc.assert(
      fc.property(
        digits,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: -12, max: 12 }),
        (n, cut, e) => {
          const text = String(n);
          const written = `${text.slice(0, cut)}.${text.slice(cut)}e${e}`;
          fc.pre(text.slice(0, cut) !== '' || text.slice(cut) !== '');
          expect(Number(onlyReading(written))).toBeCloseTo(Number(`${written}`), 10);
        },
      ),
    );
  });

  it('is plain once it is read, whatever stood there', () => {
    const text = fc.string({ unit: fc.constantFrom(..."0123456789.,e+- _'") });
    fc.assert(
      fc.property(text, (written) => {
        const read = onlyReading(written);
        if (read !== null) expect([isPlainDecimal(read), Number(read) > 0]).toEqual([true, true]);
      }),
    );
  });
});

// Numbers in forms that an instruction file may not hold and that yet can be read in one way only.
// "1,234" is not among them: it is one thousand to one half of the world and one to the other.

import { isPlainDecimal } from '../domain/decimal';

/** A number of more digits was not meant as one. */
const MOST_SHIFT = 30;

const GROUPED = /^\d{1,3}(?:([ _'\u00a0\u2009\u202f])\d{3})(?:\1\d{3})*(?:[.,](\d+))?$/;
const DOTS_OR_COMMAS = /^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,](\d+))?$/;
const DECIMAL_COMMA = /^(\d+),(\d+)$/;
const EXPONENT = /^(\d*)(?:\.(\d*))?e([+-]?\d{1,3})$/i;

/** The plain decimal above zero that the text means; null where it means none, or may mean two. */
export function onlyReading(written: string): string | null {
  const text = written.trim().replace(/^\+/, '');
  if (written.length > 64 || text.startsWith('-')) return null;
  const plain = isPlainDecimal(text) ? text : reading(text);
  return plain !== null && isPlainDecimal(plain) && /[1-9]/.test(plain) ? plain : null;
}

function reading(text: string): string | null {
  const grouped = GROUPED.exec(text);
  if (grouped !== null) return withoutGroups(text, grouped[2]);
  const marked = DOTS_OR_COMMAS.exec(text);
  if (marked !== null) {
    // One mark alone may be the decimal sign, unless nothing but a zero would be grouped.
    const [, mark = '', decimals] = marked;
    const marks = text.split(mark).length - 1;
    if (decimals !== undefined || marks > 1) return withoutGroups(text, decimals);
    return text.startsWith('0') ? text.replace(mark, '.') : null;
  }
  const comma = DECIMAL_COMMA.exec(text);
  if (comma !== null) return `${comma[1] ?? ''}.${comma[2] ?? ''}`;
  return withoutExponent(text);
}

function withoutGroups(text: string, decimals: string | undefined): string {
  const whole = decimals === undefined ? text : text.slice(0, -decimals.length - 1);
  const digits = whole.replace(/\D/g, '');
  return decimals === undefined ? digits : `${digits}.${decimals}`;
}

function withoutExponent(text: string): string | null {
  const [found, whole = '', decimals = '', power = ''] = EXPONENT.exec(text) ?? [];
  const shift = Number(power);
  if (found === undefined || whole + decimals === '' || Math.abs(shift) > MOST_SHIFT) return null;
  const digits = whole + decimals;
  const point = whole.length + shift;
  const left = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  const right = point < 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  const bare = left.replace(/^0+(?=\d)/, '');
  return right === '' ? bare : `${bare}.${right}`;
}

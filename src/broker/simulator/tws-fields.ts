/**
 * Reads the fields of one message in order, and says which one cannot be read. Empty and "unset"
 * numbers are one thing here: absent.
 */
import { isPlainDecimal, price, toText } from '../../domain/decimal';

/** How the protocol writes that a number is not set. */
export const UNSET_DOUBLE = '1.7976931348623157E308';
export const UNSET_INTEGER = '2147483647';
const UNSET: ReadonlySet<string> = new Set(['', UNSET_DOUBLE, '1.7976931348623157e+308']);
const INTEGER = /^-?\d{1,10}$/;
const MAX_INTEGER = 2_147_483_647;

/** Raised for a field that is not what its place asks for; the message says which and why. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
}

export class FieldReader {
  #next: number;

  /** Starts after the message code and, with `from`, after what was read already. */
  constructor(
    private readonly fields: readonly string[],
    from = 1,
  ) {
    this.#next = from;
  }

  /** Whether fields are left. */
  get more(): boolean {
    return this.#next < this.fields.length;
  }

  skip(count = 1): void {
    this.#next += count;
  }

  /** @throws FieldError when the message ends before it */
  text(name: string): string {
    const field = this.fields[this.#next];
    if (field === undefined) throw new FieldError(`the message ends before ${name}`);
    this.#next += 1;
    return field;
  }

  /** The text, or nothing where the message is shorter: for fields that some clients leave out. */
  textOrNothing(): string {
    return this.more ? this.text('') : '';
  }

  /** A whole number of 32 bits; empty and unset are `absent`. @throws FieldError */
  integer(name: string, absent: number): number {
    const field = this.text(name);
    if (field === '' || field === UNSET_INTEGER) return absent;
    const value = Number(field);
    if (!INTEGER.test(field) || Math.abs(value) > MAX_INTEGER) {
      throw new FieldError(`${name} ${shown(field)} is no whole number of 32 bits`);
    }
    return value;
  }

  /** A whole number that has to be there. @throws FieldError */
  id(name: string): number {
    const value = this.integer(name, NaN);
    if (Number.isNaN(value)) throw new FieldError(`${name} is empty`);
    return value;
  }

  /** A plain decimal in canonical text; empty where it is not set. @throws FieldError */
  decimal(name: string): string {
    const field = this.text(name);
    if (UNSET.has(field)) return '';
    if (!isPlainDecimal(field)) {
      throw new FieldError(`${name} ${shown(field)} is no plain decimal number`);
    }
    return toText(price(field));
  }

  /** @throws FieldError for anything but 1, true, 0, false and empty */
  flag(name: string): boolean {
    const field = this.text(name);
    if (field === '1' || field.toLowerCase() === 'true') return true;
    if (field === '0' || field === '' || field.toLowerCase() === 'false') return false;
    throw new FieldError(`${name} ${shown(field)} is neither 0 nor 1`);
  }
}

const SHOWN_CHARACTERS = 40;

/** Foreign text in a message of ours: quoted, cut, and without control characters. */
export function shown(text: string): string {
  return JSON.stringify(text.slice(0, SHOWN_CHARACTERS));
}

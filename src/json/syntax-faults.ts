// Turns the parser library's error reports into the faults a person can mend: one fault per
// mistake, at the place of the mistake, in words. The library recovers and goes on, which names
// all mistakes at once but also echoes; the echoes are dropped here. Must not build the tree.

import type { Place } from './node';
import type { TextEdit } from './text-edit';

export interface JsonFault extends Place {
  readonly kind: 'SYNTAX' | 'DUPLICATE_KEY' | 'FORBIDDEN_KEY' | 'TOO_DEEP';
  readonly message: string;
  /** Null for syntax: broken text has no reliable paths. */
  readonly pointer: string | null;
  /** The corrected line, where there is one to propose. */
  readonly proposal: string | null;
  /** What makes it right, where the text can have been meant in one way only. */
  readonly edit: TextEdit | null;
}

/** One report of the library, by the name it prints for its code. */
export interface RawError {
  readonly name: string;
  readonly place: Place;
  readonly length: number;
}

/** What the parser last saw that was right. */
export interface Progress {
  /** Values, keys, brackets and separators so far. */
  readonly count: number;
  /** Where the last of them ends. */
  readonly end: number;
  /** The last comma, if nothing but it was read since. */
  readonly comma: Place | null;
  /** The innermost container that is open. */
  readonly open: (Place & { readonly type: 'object' | 'array' }) | null;
}

const LONGEST_PROPOSAL = 200;
const SMART_QUOTES = /[\u2018-\u201f\u00ab\u00bb]/;

/** What the library says about the structure, as against a single token. */
const STRUCTURAL: ReadonlySet<string> = new Set([
  'CommaExpected',
  'ColonExpected',
  'PropertyNameExpected',
  'ValueExpected',
  'CloseBraceExpected',
  'CloseBracketExpected',
  'EndOfFileExpected',
]);

export class SyntaxFaults {
  readonly list: JsonFault[] = [];
  /** Brackets were skipped: from here on, the structure proves nothing. */
  private lost = false;
  private skippingFrom = -1;
  private lastName = '';
  private lastOffset = -1;
  private lastCount = -1;

  constructor(private readonly text: string) {}

  /** The library goes on at this token; what it skipped before it may have held brackets. */
  resume(offset: number): void {
    if (this.skippingFrom < 0) return;
    if (/[[\]{}]/.test(this.text.slice(this.skippingFrom, offset))) this.lost = true;
    this.skippingFrom = -1;
  }

  report(error: RawError, progress: Progress): void {
    const { name, place } = error;
    this.resume(place.offset);
    if (!this.isEcho(error, progress)) {
      this.lastName = name;
      this.lastOffset = place.offset;
      this.lastCount = progress.count;
      this.list.push(this.describe(error, progress));
    }
    if (name === 'CommaExpected' && /[\]}]/.test(this.text[place.offset] ?? '')) this.lost = true;
    // After these the library skips to the next comma or the bracket it waits for.
    const skips =
      name === 'PropertyNameExpected' || name === 'ValueExpected' || name === 'ColonExpected';
    if (skips) this.skippingFrom = place.offset;
  }

  private isEcho({ name, place }: RawError, progress: Progress): boolean {
    const last = this.list.at(-1);
    if (last === undefined) return false;
    if (place.offset === this.lastOffset || progress.comma?.offset === last.offset) return true;
    if (this.lost && STRUCTURAL.has(name)) return true;
    // A string that was not closed has swallowed what followed it on its line.
    const grace = this.lastName === 'UnexpectedEndOfString' ? 1 : 0;
    const stuck = progress.count <= this.lastCount + grace;
    switch (name) {
      case 'CloseBraceExpected':
      case 'CloseBracketExpected':
        // Every container that is open reports once; so does a string that the end cut off.
        return this.lastOffset >= this.text.length;
      case 'CommaExpected':
        return grace === 1 && stuck;
      case 'PropertyNameExpected':
      case 'ValueExpected':
      case 'ColonExpected':
        return stuck;
      case 'InvalidSymbol':
        return this.lastName === 'InvalidSymbol' && stuck;
      default:
        return false;
    }
  }

  private describe(error: RawError, progress: Progress): JsonFault {
    const { name, place } = error;
    const token = this.tokenAt(error);
    const trailing = progress.comma !== null && /^[\]}]/.test(token);
    switch (name) {
      case 'PropertyNameExpected':
      case 'ValueExpected':
        if (trailing && progress.comma !== null) return this.trailingComma(progress.comma);
        if (place.offset >= this.text.length) return this.endsEarly(place, progress);
        return syntax(place, missingPart(name, token));
      case 'ColonExpected':
        if (place.offset >= this.text.length) return this.endsEarly(place, progress);
        return syntax(place, `A colon is missing after the key, before ${quoted(token)}.`);
      case 'CommaExpected':
        return this.missingComma(error, token, progress);
      case 'CloseBraceExpected':
      case 'CloseBracketExpected':
        return this.endsEarly(place, progress);
      case 'EndOfFileExpected':
        return syntax(place, `Unexpected text after the document: ${quoted(token)}.`);
      case 'UnexpectedEndOfString':
        return this.openString(error);
      case 'InvalidSymbol':
        return syntax(place, wrongSymbol(token, this.text[place.offset - 1] ?? ''));
      default:
        return syntax(place, wrongToken(name, token));
    }
  }

  /** A word the library does not know ends, for people, where a blank or a bracket stands. */
  private tokenAt({ name, place, length }: RawError): string {
    if (name !== 'InvalidSymbol') {
      return printableToken(this.text.slice(place.offset, place.offset + length));
    }
    const word = /^[^\s,:{}[\]"]+/.exec(this.text.slice(place.offset, place.offset + 60));
    return printableToken(word?.[0] ?? this.text.slice(place.offset, place.offset + length));
  }

  private missingComma(error: RawError, token: string, progress: Progress): JsonFault {
    const { place } = error;
    if (token === '}' || token === ']') {
      const wanted = token === '}' ? ']' : '}';
      return syntax(place, `Expected "${wanted}" (or a comma) here, found "${token}".`);
    }
    const glued = progress.end === place.offset && this.text[place.offset - 1] === '0';
    if (glued && /^\d/.test(token)) {
      return syntax(place, 'A number must not begin with extra zeros.');
    }
    const proposal = this.lineWith(progress.end, ',');
    const edit: TextEdit | null = this.beginsAnother(error, progress)
      ? { offset: progress.end, replaces: 'NOTHING', text: ',' }
      : null;
    return { ...syntax(place, `A comma is missing before ${quoted(token)}.`), proposal, edit };
  }

  /**
   * A key on a line of its own after a member, or an object after an object. On one line, a quote
   * that is too many looks the same.
   */
  private beginsAnother({ place, length }: RawError, { open, end }: Progress): boolean {
    const before = this.text[end - 1] ?? '';
    if (open?.type === 'array') return before === '}' && this.text[place.offset] === '{';
    const onItsOwnLine = /[\r\n]/.test(this.text.slice(end, place.offset));
    const colon = /\s*:/y;
    colon.lastIndex = place.offset + length;
    return onItsOwnLine && this.text[place.offset] === '"' && colon.test(this.text);
  }

  private trailingComma(comma: Place): JsonFault {
    const { start, end } = this.lineAround(comma.offset);
    const line = this.text.slice(start, comma.offset) + this.text.slice(comma.offset + 1, end);
    const proposal = line.trim().length <= LONGEST_PROPOSAL ? line.trim() : null;
    const message = 'This comma is followed by nothing: remove it.';
    const edit: TextEdit = { offset: comma.offset, replaces: 'TOKEN', text: '' };
    return { ...syntax(comma, message), proposal: proposal === '' ? null : proposal, edit };
  }

  private openString({ place, length }: RawError): JsonFault {
    if (place.offset + length >= this.text.length) {
      this.lastOffset = this.text.length;
      const where = `line ${place.line}, column ${place.column}`;
      const message = `The text ends early: the string that begins at ${where} is never closed.`;
      return syntax(endOf(this.text), message);
    }
    return syntax(place, 'The closing quote of this string is missing on its line.');
  }

  private endsEarly(place: Place, { open }: Progress): JsonFault {
    if (open === null) return syntax(place, 'The text ends early: a value is missing.');
    const bracket = open.type === 'object' ? '{' : '[';
    const where = `line ${open.line}, column ${open.column}`;
    return syntax(place, `The text ends early: the "${bracket}" at ${where} is never closed.`);
  }

  private lineWith(offset: number, addition: string): string | null {
    const { start, end } = this.lineAround(offset);
    const line = this.text.slice(start, offset) + addition + this.text.slice(offset, end);
    return line.trim().length <= LONGEST_PROPOSAL ? line.trim() : null;
  }

  private lineAround(offset: number): { readonly start: number; readonly end: number } {
    // No further than decides that the line is too long to propose.
    const first = Math.max(0, offset - 2 * LONGEST_PROPOSAL);
    const last = Math.min(this.text.length, offset + 2 * LONGEST_PROPOSAL);
    let start = offset;
    while (start > first && !isLineBreak(this.text[start - 1])) start--;
    let end = offset;
    while (end < last && !isLineBreak(this.text[end])) end++;
    return { start, end };
  }
}

export function syntax(place: Place, message: string): JsonFault {
  const { offset, line, column } = place;
  const nothing = { pointer: null, proposal: null, edit: null };
  return { kind: 'SYNTAX', message, offset, line, column, ...nothing };
}

function missingPart(name: string, token: string): string {
  if (name === 'ValueExpected') return `A value is missing before ${quoted(token)}.`;
  return `A key in double quotes is expected here, found ${quoted(token)}.`;
}

function wrongToken(name: string, token: string): string {
  switch (name) {
    case 'InvalidCommentToken':
      return 'Comments are not allowed in JSON.';
    case 'UnexpectedEndOfNumber':
    case 'InvalidNumberFormat':
      return `${token} is not a complete number.`;
    case 'InvalidUnicode':
      return 'A \\u in a string needs four hexadecimal digits.';
    case 'InvalidEscapeCharacter':
      return 'A backslash in a string must be followed by one of " \\ / b f n r t u.';
    case 'InvalidCharacter':
      return 'A control character in a string must be written as an escape, e.g. \\t.';
    default:
      return `This is not JSON: ${token}.`;
  }
}

function wrongSymbol(token: string, before: string): string {
  if (/[\w.]/.test(before)) return `${token} cannot follow a value without a comma between them.`;
  if (/^[+-]?(nan|inf|infinity)$/i.test(token)) {
    return `${token} is not a number in JSON; write a finite decimal such as 69.48.`;
  }
  if (/^[+-.][\d.]/.test(token)) {
    return `${token} is not a number in JSON; write it without a plus sign and with a digit first.`;
  }
  if (/^(true|false|null|none|undefined)$/i.test(token)) {
    return `${token} is not a value in JSON; use true, false or null in small letters.`;
  }
  if (token.startsWith("'") || SMART_QUOTES.test(token)) {
    return `Text stands in plain double quotes in JSON: ${token}.`;
  }
  return `${token} is not JSON; text stands in double quotes.`;
}

function quoted(token: string): string {
  return token.startsWith('"') ? token : `"${token}"`;
}

function printableToken(token: string): string {
  const short = token.length > 40 ? `${token.slice(0, 39)}\u2026` : token;
  return short.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\u00b7');
}

function endOf(text: string): Place {
  const lines = text.split(/\r\n|\r|\n/);
  return { offset: text.length, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function isLineBreak(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

// From bytes to text: size, encoding and emptiness are judged before anything is parsed.
// Must not know what the text is about, nor read files.

export interface TextFault {
  readonly kind: 'TOO_LARGE' | 'EMPTY' | 'ENCODING';
  readonly message: string;
  readonly line: number;
  readonly column: number;
}
export type DecodedText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly fault: TextFault };

const UTF8_MARK = [0xef, 0xbb, 0xbf];
// The longer marks first: a UTF-32 mark begins with a UTF-16 one.
const FOREIGN_MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['UTF-32 (little endian)', [0xff, 0xfe, 0x00, 0x00]],
  ['UTF-32 (big endian)', [0x00, 0x00, 0xfe, 0xff]],
  ['UTF-16 (little endian)', [0xff, 0xfe]],
  ['UTF-16 (big endian)', [0xfe, 0xff]],
];
const BLANK = /^[ \t\r\n]*$/;

/** The text of a UTF-8 file without its byte-order mark, or why it cannot be had. */
export function decodeUtf8(bytes: Uint8Array, maxBytes: number): DecodedText {
  if (bytes.length > maxBytes) return refuse('TOO_LARGE', tooLargeMessage(bytes.length, maxBytes));
  const foreign = foreignEncoding(bytes);
  if (foreign !== null) {
    return refuse('ENCODING', `The text is not UTF-8: byte 0 begins ${foreign}. Save it as UTF-8.`);
  }
  const body = startsWith(bytes, UTF8_MARK) ? bytes.subarray(UTF8_MARK.length) : bytes;
  const text = decodeStrictly(body);
  if (text === null) return invalidSequence(body, bytes.length - body.length);
  if (BLANK.test(text)) return refuse('EMPTY', emptyMessage(bytes.length));
  return { ok: true, text };
}

export function tooLargeMessage(size: number, maxBytes: number): string {
  const limit = maxBytes >= 1024 * 1024 ? `${maxBytes / 1024 / 1024} MiB` : `${maxBytes} bytes`;
  return `The text has ${size} bytes, more than the limit of ${limit}; it was not parsed.`;
}

function emptyMessage(size: number): string {
  return size === 0
    ? 'The file is empty (zero bytes).'
    : 'The file is empty: it holds only blanks.';
}

function refuse(kind: TextFault['kind'], message: string): DecodedText {
  return { ok: false, fault: { kind, message, line: 1, column: 1 } };
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return bytes.length >= mark.length && mark.every((byte, i) => bytes[i] === byte);
}

function foreignEncoding(bytes: Uint8Array): string | null {
  for (const [name, mark] of FOREIGN_MARKS) {
    if (startsWith(bytes, mark)) return `a ${name} byte-order mark`;
  }
  // JSON begins with an ASCII character, so a zero byte beside it can only be a wide encoding.
  const wide = bytes.length >= 2 && (bytes[0] === 0 || bytes[1] === 0);
  return wide ? 'a text in UTF-16 or UTF-32 without a byte-order mark' : null;
}

/** Null where a sequence is not UTF-8. `partial` forgives a sequence that is cut off at the end. */
function decodeStrictly(bytes: Uint8Array, partial = false): string | null {
  try {
    // The mark was taken off already; a second one is text, and the parser refuses it there.
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return decoder.decode(bytes, { stream: partial });
  } catch {
    return null;
  }
}

/** Finds the first bad sequence by halving: whatever precedes it decodes. */
function invalidSequence(body: Uint8Array, skipped: number): DecodedText {
  let good = 0;
  let bad = body.length;
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (decodeStrictly(body.subarray(0, middle), true) === null) bad = middle;
    else good = middle;
  }
  const before = decodeStrictly(body.subarray(0, good), true) ?? '';
  const lines = before.split(/\r\n|\r|\n/);
  const column = (lines.at(-1) ?? '').length + 1;
  const message = `The text is not UTF-8: the byte at offset ${skipped + good} fits no character.`;
  return { ok: false, fault: { kind: 'ENCODING', message, line: lines.length, column } };
}

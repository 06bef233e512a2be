// Changes of a text at the place of a token, so that everything else stays byte for byte.
// Must not know why anything is changed.

export interface TextEdit {
  /** Where the token begins, or where the addition goes. */
  readonly offset: number;
  readonly replaces: 'TOKEN' | 'NOTHING';
  readonly text: string;
}

/** An edit with what it takes away. */
export interface PlacedEdit {
  readonly offset: number;
  readonly was: string;
  readonly is: string;
}

const TOKEN = /"(?:[^"\\\r\n]|\\.)*"|[^\s",:[\]{}]+|[\s\S]/y;

export function placed(text: string, { offset, replaces, text: is }: TextEdit): PlacedEdit {
  TOKEN.lastIndex = offset;
  const was = replaces === 'TOKEN' ? (TOKEN.exec(text)?.[0] ?? '') : '';
  return { offset, was, is };
}

/** @param edits in the order of the text, none inside another */
export function applyEdits(text: string, edits: readonly PlacedEdit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { offset, was, is } of edits) {
    parts.push(text.slice(from, offset), is);
    from = offset + was.length;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/**
 * Where things stood before the edits were made that stand at the offsets since; both in the order
 * of the text.
 */
export function offsetsBefore(
  offsets: readonly number[],
  edits: readonly PlacedEdit[],
): readonly number[] {
  let shift = 0;
  let next = 0;
  return offsets.map((offset) => {
    for (let edit = edits[next]; edit !== undefined; edit = edits[++next]) {
      if (edit.offset + shift + edit.is.length > offset) break;
      shift += edit.is.length - edit.was.length;
    }
    return offset - shift;
  });
}

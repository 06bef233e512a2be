// Corrects an instruction file where the checker is certain of what was meant, in the text itself:
// whatever is not corrected stays byte for byte. Must not know where files lie, nor judge anything.

import type { CheckedFile, Correction, Finding } from '../domain/instruction';
import { parseStrict } from '../json/parse';
import { applyEdits, offsetsBefore, placed, type PlacedEdit } from '../json/text-edit';
import { decodeUtf8 } from '../json/text';
import { checkInstructionFile, MAX_DEPTH, MAX_FILE_BYTES } from './check';

/** One change of the file. */
export interface MadeCorrection {
  /** The finding it sets right. */
  readonly code: string;
  readonly message: string;
  /** In the file that was given, counted from 1. */
  readonly line: number;
  readonly column: number;
  /** What stood there; empty where something was added. */
  readonly was: string;
  /** What stands there now; empty where something was taken away. */
  readonly is: string;
}

export interface FixedFile {
  /** In the order of the text; empty: nothing could be corrected. */
  readonly corrections: readonly MadeCorrection[];
  /** The text before and after, without a byte-order mark; empty where the bytes are no text. */
  readonly before: string;
  readonly after: string;
  /** The bytes of the corrected copy. */
  readonly bytes: Uint8Array;
  /** What the checker says of the copy. */
  readonly checked: CheckedFile;
  /** Findings of the copy that have a correction which its price speaks against. */
  readonly withheld: readonly Finding[];
}

/** A correction may bring the next one to light: a key that is known now has a value to check. */
const MOST_PASSES = 20;
const MOST_SYNTAX_FAULTS = 1_000_000;

export function fixInstructions(fileName: string, bytes: Uint8Array): FixedFile {
  const decoded = decodeUtf8(bytes, MAX_FILE_BYTES);
  if (!decoded.ok) {
    const checked = checkInstructionFile({ fileName, bytes });
    return { corrections: [], before: '', after: '', bytes, checked, withheld: [] };
  }
  const work = new Work(fileName, decoded.text);
  work.mendSyntax();
  work.correctAll(({ finding: { code } }) => code !== 'SYNTAX' && code !== 'ROLE_CONFLICT');
  const withheld = work.correctConflicts();
  return {
    corrections: work.made(),
    before: decoded.text,
    after: work.text,
    bytes: withMarkOf(bytes, work.text),
    checked: work.checked,
    withheld,
  };
}

/** The text as it is corrected, pass by pass, and the way back to the places of the first one. */
class Work {
  text: string;
  checked: CheckedFile;
  readonly #passes: (readonly PlacedEdit[])[] = [];
  readonly #made = new Map<number, Omit<MadeCorrection, 'line' | 'column'>>();

  constructor(
    private readonly fileName: string,
    private readonly first: string,
  ) {
    this.text = first;
    this.checked = this.#check(first);
  }

  /** All or nothing: beside a fault that cannot be mended, a comma proves little. */
  mendSyntax(): void {
    const options = { maxDepth: MAX_DEPTH, mostFaults: MOST_SYNTAX_FAULTS };
    const { root, faults } = parseStrict(this.text, options);
    if (root !== undefined) return;
    const edits = new Map<PlacedEdit, Pick<Finding, 'code' | 'message'>>();
    for (const { kind, edit, message } of faults) {
      if (kind !== 'SYNTAX') continue;
      if (edit === null) return;
      edits.set(placed(this.text, edit), { code: kind, message });
    }
    const mended = applyEdits(this.text, inOrder(edits.keys()));
    if (parseStrict(mended, options).root !== undefined) this.#apply(edits);
  }

  correctAll(wanted: (correction: Correction) => boolean): void {
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      if (!this.#correct(wanted)) return;
    }
  }

  /**
   * A side is corrected unless the price then contradicts the comment: of two slips in one order,
   * nobody knows which is which. Yields the findings that stay for this reason.
   */
  correctConflicts(): readonly Finding[] {
    const conflicts = this.checked.corrections.filter(isConflict);
    if (conflicts.length === 0) return [];
    const trial = this.#check(applyEdits(this.text, this.#editsOf(conflicts)));
    const contradicted = new Set(
      trial.findings
        .filter(({ code }) => code === 'COMMENT_AGAINST_PRICE')
        .map(({ pointer }) => orderOf(pointer)),
    );
    // Where its symbol is faulty otherwise, no price was held against the comment.
    const unread = new Set(
      trial.findings
        .filter(({ severity }) => severity === 'ERROR')
        .map(({ pointer }) => symbolPointer(pointer)),
    );
    const isCertain = ({ finding: { pointer } }: Correction): boolean =>
      !contradicted.has(orderOf(pointer)) && !unread.has(symbolPointer(pointer));
    this.#correct((each) => isConflict(each) && isCertain(each));
    return this.checked.corrections
      .filter((each) => isConflict(each) && !isCertain(each))
      .map(({ finding }) => finding);
  }

  made(): readonly MadeCorrection[] {
    const placeOf = placesIn(this.first);
    return [...this.#made]
      .sort(([a], [b]) => a - b)
      .map(([offset, made]) => ({ ...made, ...placeOf(offset) }));
  }

  #check(text: string): CheckedFile {
    return checkInstructionFile({
      fileName: this.fileName,
      bytes: new TextEncoder().encode(text),
    });
  }

  /** False when there was nothing to do. */
  #correct(wanted: (correction: Correction) => boolean): boolean {
    const edits = new Map<PlacedEdit, Finding>();
    // A side that contradicts its comment is not respelt first: it is corrected as a whole.
    const taken = new Set(this.checked.corrections.filter(isConflict).map(({ offset }) => offset));
    for (const correction of this.checked.corrections) {
      const free = isConflict(correction) || !taken.has(correction.offset);
      if (!free || !wanted(correction)) continue;
      edits.set(placed(this.text, correction), correction.finding);
    }
    if (edits.size === 0) return false;
    this.#apply(edits);
    return true;
  }

  #editsOf(corrections: readonly Correction[]): readonly PlacedEdit[] {
    return inOrder(corrections.map((each) => placed(this.text, each)));
  }

  #apply(edits: ReadonlyMap<PlacedEdit, Pick<Finding, 'code' | 'message'>>): void {
    const sorted = inOrder(edits.keys());
    const offsets: readonly number[] = sorted.map(({ offset }) => offset);
    const origins = this.#passes.reduceRight(offsetsBefore, offsets);
    for (const [i, edit] of sorted.entries()) {
      const origin = origins[i] ?? edit.offset;
      const { code, message } = edits.get(edit) ?? { code: '', message: '' };
      const was = this.#made.get(origin)?.was ?? edit.was;
      this.#made.set(origin, { code, message, was, is: edit.is });
    }
    this.text = applyEdits(this.text, sorted);
    this.#passes.push(sorted);
    this.checked = this.#check(this.text);
  }
}

function isConflict({ finding }: Correction): boolean {
  return finding.code === 'ROLE_CONFLICT';
}

/** `/IBM/Orders if Long/0` of a pointer to one of its values. */
function orderOf(pointer: string | null): string {
  return (pointer ?? '').split('/').slice(0, 4).join('/');
}

/** `/IBM` of a pointer into the symbol. */
function symbolPointer(pointer: string | null): string {
  return (pointer ?? '').split('/').slice(0, 2).join('/');
}

function inOrder(edits: Iterable<PlacedEdit>): readonly PlacedEdit[] {
  return [...edits].sort((a, b) => a.offset - b.offset);
}

function withMarkOf(bytes: Uint8Array, text: string): Uint8Array {
  const mark = bytes[0] === 0xef ? '\ufeff' : '';
  return new TextEncoder().encode(mark + text);
}

/** Finds lines by halving, since a file may need very many corrections. */
function placesIn(text: string): (offset: number) => { line: number; column: number } {
  const starts = [
    0,
    ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: br }) => index + br.length),
  ];
  return (offset) => {
    let line = 0;
    let beyond = starts.length;
    while (line + 1 < beyond) {
      const middle = (line + beyond) >> 1;
      if ((starts[middle] ?? Infinity) <= offset) line = middle;
      else beyond = middle;
    }
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

// Collects findings: takes severity from the catalogue and the place from the tree.
// Must not know any rule of the format.

import { FINDINGS, type FindingCode, type FindingEntry } from '../domain/finding';
import type { Correction, Finding } from '../domain/instruction';
import { childPointer, type JsonNode, type JsonObject, type Place } from '../json/node';
import type { TextEdit } from '../json/text-edit';

const CATALOGUE: ReadonlyMap<string, FindingEntry> = new Map(
  FINDINGS.map((entry) => [entry.code, entry]),
);

/** What a finding points at. */
export type Spot = Pick<Finding, 'pointer' | 'line' | 'column'>;

export const WHOLE_TEXT: Spot = { pointer: null, line: 1, column: 1 };
export const NO_TEXT: Spot = { pointer: null, line: null, column: null };

/** A key that is not there: the pointer it would have, at the place of its object. */
export function spotOfMissing(object: JsonObject, key: string): Spot {
  const { line, column } = object;
  return { pointer: childPointer(object.pointer, key), line, column };
}

/** A key itself, as against its value. */
export function spotOfKey(member: { readonly keyPlace: Place; readonly value: JsonNode }): Spot {
  const { line, column } = member.keyPlace;
  return { pointer: member.value.pointer, line, column };
}

/** The edit that puts a text in the place of a key or a value. */
export function instead({ offset }: Pick<Place, 'offset'>, text: string): TextEdit {
  return { offset, replaces: 'TOKEN', text };
}

interface Said extends Pick<Finding, 'message'> {
  readonly proposal?: string | null;
  /** Only where what was meant is certain: `instructions fix` makes it without asking. */
  readonly edit?: TextEdit | null;
}

export class Findings {
  readonly list: Finding[] = [];
  readonly corrections: Correction[] = [];

  add(code: FindingCode, spot: Spot, said: string | Said): void {
    const severity = CATALOGUE.get(code)?.severity ?? 'ERROR';
    const { message, proposal = null, edit = null } = typeof said === 'string' ? plain(said) : said;
    const { pointer, line, column } = spot;
    const finding = { severity, code, message, pointer, line, column, proposal };
    this.list.push(finding);
    if (edit !== null) this.corrections.push({ finding, ...edit });
  }

  /** One by one: a spread would put every finding on the stack. */
  take(others: Findings): void {
    for (const each of others.list) this.list.push(each);
    for (const each of others.corrections) this.corrections.push(each);
  }

  get hasError(): boolean {
    return this.list.some((finding) => finding.severity === 'ERROR');
  }
}

const plain = (message: string): Said => ({ message });

/** In the order of the text; what has no place comes first, what shares one keeps its order. */
export function inTextOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

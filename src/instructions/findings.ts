// Collects findings: takes severity from the catalogue and the place from the tree.
// Must not know any rule of the format.

import { FINDINGS, type FindingCode, type FindingEntry } from '../domain/finding';
import type { Finding } from '../domain/instruction';
import { childPointer, type JsonNode, type JsonObject, type Place } from '../json/node';

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

export class Findings {
  readonly list: Finding[] = [];

  add(code: FindingCode, spot: Spot, said: string | Pick<Finding, 'message' | 'proposal'>): void {
    const severity = CATALOGUE.get(code)?.severity ?? 'ERROR';
    const wording = typeof said === 'string' ? { message: said, proposal: null } : said;
    const { pointer, line, column } = spot;
    const { message, proposal } = wording;
    this.list.push({ severity, code, message, pointer, line, column, proposal });
  }

  get hasError(): boolean {
    return this.list.some((finding) => finding.severity === 'ERROR');
  }
}

/** In the order of the text; what has no place comes first, what shares one keeps its order. */
export function inTextOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

/**
 * A rule file as text with positions, and the faults found in it: strict JSON first, then whatever
 * later checks report at a place of the tree.
 * Knows nothing of what a rule means, nor where files come from.
 */
import { codeFrame } from '../../json/code-frame';
import { memberOf, nodeAt, toPlain, type JsonNode, type Place } from '../../json/node';
import { parseStrict } from '../../json/parse';
import { didYouMean } from '../../json/suggest';
import { decodeUtf8 } from '../../json/text';
import type { RuleFamily } from './fact-catalogue';
import type { RuleFault } from './rule-set';

export const MAX_FILE_BYTES = 64 * 1024;
/** Six groups inside each other, the rule around them, and a list of values in the innermost. */
const MAX_JSON_DEPTH = 16;

/** The bytes of one file of a rule folder. */
export interface RuleSource {
  /** The path to show to a person. */
  readonly file: string;
  /** The file's own name, `max-order-notional.json`. */
  readonly name: string;
  readonly family: RuleFamily;
  readonly bytes: Uint8Array;
}

/** What a check has to say about one place. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly suggestion?: string | null;
}

/** A fault of a file or folder that has no text to show. */
export function bareFault(file: string, complaint: Complaint): RuleFault {
  const { code, message, suggestion = null } = complaint;
  return { file, line: 1, column: 1, code, message, suggestion, frame: '' };
}

/** One file while it is being checked: its tree, and the faults found so far. */
export class SourceFile {
  readonly faults: RuleFault[] = [];
  private readonly text: string;
  private readonly root: JsonNode | undefined;

  constructor(readonly source: RuleSource) {
    const decoded = decodeUtf8(source.bytes, MAX_FILE_BYTES);
    if (!decoded.ok) {
      this.text = '';
      const { kind, message } = decoded.fault;
      this.complainAt(decoded.fault, { code: `RULE_TEXT_${kind}`, message });
      return;
    }
    this.text = decoded.text;
    const { root, faults } = parseStrict(decoded.text, { maxDepth: MAX_JSON_DEPTH });
    for (const fault of faults) {
      const { message, proposal: suggestion } = fault;
      this.complainAt(fault, { code: `RULE_JSON_${fault.kind}`, message, suggestion });
    }
    this.root = root;
  }

  /** The content as plain data, to find more faults in; undefined where the syntax is at fault. */
  plain(): unknown {
    return this.root === undefined ? undefined : toPlain(this.root);
  }

  /** Reports something about the value at a JSON pointer, or the nearest value around it. */
  complain(pointer: string, complaint: Complaint): void {
    this.complainAt(this.placeOf(pointer), complaint);
  }

  /** Reports something about the key of a member rather than about its value. */
  complainOfKey(pointer: string, key: string, complaint: Complaint): void {
    const node = this.nodeAt(pointer);
    const member = node?.type === 'object' ? memberOf(node, key) : undefined;
    this.complainAt(member?.keyPlace ?? this.placeOf(pointer), complaint);
  }

  /** The line of a member of the root, by its key. */
  lineOf(key: string): number {
    const member = this.root?.type === 'object' ? memberOf(this.root, key) : undefined;
    return member?.keyPlace.line ?? 1;
  }

  /** Every number of the text with its pointer, as it was written. */
  numbers(): readonly { readonly pointer: string; readonly text: string }[] {
    return this.root === undefined ? [] : numbersIn(this.root);
  }

  private nodeAt(pointer: string): JsonNode | undefined {
    return this.root === undefined ? undefined : nodeAt(this.root, pointer);
  }

  private placeOf(pointer: string): Pick<Place, 'line' | 'column'> {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const node = this.nodeAt(at);
      if (node !== undefined) return node;
      if (at === '') return { line: 1, column: 1 };
    }
  }

  private complainAt({ line, column }: Pick<Place, 'line' | 'column'>, complaint: Complaint): void {
    const { code, message, suggestion = null } = complaint;
    const frame = this.text === '' ? '' : codeFrame(this.text, line, column);
    this.faults.push({ file: this.source.file, line, column, code, message, suggestion, frame });
  }
}

function numbersIn(node: JsonNode): readonly { pointer: string; text: string }[] {
  switch (node.type) {
    case 'object':
      return node.members.flatMap((member) => numbersIn(member.value));
    case 'array':
      return node.items.flatMap(numbersIn);
    case 'number':
      return [{ pointer: node.pointer, text: node.text }];
    default:
      return [];
  }
}

/** "did you mean" as a sentence; null where nothing is near. */
export function suggest(word: string, candidates: readonly string[]): string | null {
  const meant = didYouMean(word, candidates);
  return meant === null ? null : `did you mean "${meant}"?`;
}

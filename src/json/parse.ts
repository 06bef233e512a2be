// Strict JSON with positions: every fault of the text at once, and the tree of a text without
// syntax faults. Doubled and forbidden keys are faults that leave the tree usable, so that callers
// decide how much they refuse. Must not know what the text is about.

import { printParseErrorCode, visit, type JSONVisitor } from 'jsonc-parser';
import {
  FORBIDDEN_KEYS,
  childPointer,
  type JsonArray,
  type JsonMember,
  type JsonNode,
  type JsonObject,
  type Place,
} from './node';
import { SyntaxFaults, syntax, type JsonFault } from './syntax-faults';

export type { JsonFault } from './syntax-faults';

export interface ParseOptions {
  /** Objects and arrays inside each other, the outermost counted as 1. */
  readonly maxDepth: number;
  /** Syntax faults after which the rest of the text is not looked at; 100 where not said. */
  readonly mostFaults?: number;
}
export interface ParsedJson {
  /** Undefined where the syntax is at fault: half a tree is no basis for anything. */
  readonly root: JsonNode | undefined;
  /** In the order of the text. */
  readonly faults: readonly JsonFault[];
}

/** Nobody mends more in one go, and a hostile text could hold millions. */
const MOST_SYNTAX_FAULTS = 100;
const MOST_KEY_FAULTS = 1000;
const MOST_REPORTS = 10_000;

const UNPROPOSED = { proposal: null, edit: null } as const;

/** Offset, length, and line and column counted from 0; more may follow. */
type Token = readonly [number, number, number, number, ...unknown[]];

function placeOf([offset, , line, column]: Token): Place {
  return { offset, line: line + 1, column: column + 1 };
}

/** Thrown through the library's own recursion, which nothing else can stop. */
class Stop extends Error {}

export function parseStrict(text: string, options: ParseOptions): ParsedJson {
  const builder = new TreeBuilder(text, options);
  let complete = true;
  try {
    visit(text, builder.visitor(), { disallowComments: true, allowTrailingComma: false });
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    complete = false;
  }
  const syntaxFaults = builder.syntax.list;
  const faults = [...syntaxFaults, ...builder.keyFaults].sort((a, b) => a.offset - b.offset);
  const sound = complete && syntaxFaults.length === 0;
  return { root: sound ? builder.root : undefined, faults };
}

type OpenContainer =
  | {
      readonly node: JsonObject;
      readonly members: JsonMember[];
      readonly seen: Map<string, Place>;
      key: { readonly text: string; readonly place: Place } | null;
    }
  | { readonly node: JsonArray; readonly items: JsonNode[] };

class TreeBuilder {
  root: JsonNode | undefined;
  readonly syntax: SyntaxFaults;
  readonly keyFaults: JsonFault[] = [];
  private readonly open: OpenContainer[] = [];
  private count = 0;
  private reports = 0;
  private end = 0;
  private comma: Place | null = null;
  private readonly mostFaults: number;

  constructor(
    private readonly text: string,
    private readonly options: ParseOptions,
  ) {
    this.syntax = new SyntaxFaults(text);
    this.mostFaults = options.mostFaults ?? MOST_SYNTAX_FAULTS;
  }

  visitor(): JSONVisitor {
    return {
      onObjectBegin: (...token) => this.beginObject(placeOf(token), token[1]),
      onArrayBegin: (...token) => this.beginArray(placeOf(token), token[1]),
      onObjectEnd: (...token) => this.close(token),
      onArrayEnd: (...token) => this.close(token),
      onObjectProperty: (key, ...token) => this.addKey(key, placeOf(token), token[1]),
      onLiteralValue: (value: unknown, ...token) => {
        this.addLiteral(value, placeOf(token), token[1]);
      },
      onSeparator: (character, ...token) => {
        this.progress(token[0], token[1]);
        if (character === ',') this.comma = placeOf(token);
      },
      onError: (error, ...token) => {
        this.fail(printParseErrorCode(error), placeOf(token), token[1]);
      },
    };
  }

  private progress(offset: number, length: number): void {
    this.syntax.resume(offset);
    this.count++;
    this.end = offset + length;
    this.comma = null;
  }

  private beginObject(place: Place, length: number): void {
    this.checkDepth(place);
    const members: JsonMember[] = [];
    const node: JsonObject = { type: 'object', ...place, pointer: this.nextPointer(), members };
    this.add(node);
    this.open.push({ node, members, seen: new Map(), key: null });
    this.progress(place.offset, length);
  }

  private beginArray(place: Place, length: number): void {
    this.checkDepth(place);
    const items: JsonNode[] = [];
    const node: JsonArray = { type: 'array', ...place, pointer: this.nextPointer(), items };
    this.add(node);
    this.open.push({ node, items });
    this.progress(place.offset, length);
  }

  /** At the end of a text that ends early the library closes what is open, with no bracket. */
  private close([offset, length]: Token): void {
    if (length === 0) return;
    this.open.pop();
    this.progress(offset, length);
  }

  private addKey(key: string, place: Place, length: number): void {
    const container = this.open.at(-1);
    this.progress(place.offset, length);
    if (container === undefined || 'items' in container) return;
    container.key = { text: key, place };
    const pointer = childPointer(container.node.pointer, key);
    const first = container.seen.get(key);
    if (FORBIDDEN_KEYS.has(key)) {
      const message = `The key "${key}" is not allowed: it would reach into every object.`;
      this.keyFault({ kind: 'FORBIDDEN_KEY', message, ...place, pointer, ...UNPROPOSED });
    } else if (first !== undefined) {
      const where = `line ${first.line}, column ${first.column}`;
      const message = `The key ${JSON.stringify(key)} occurs twice; the first one is at ${where}.`;
      this.keyFault({ kind: 'DUPLICATE_KEY', message, ...place, pointer, ...UNPROPOSED });
    }
    if (first === undefined) container.seen.set(key, place);
  }

  private addLiteral(value: unknown, place: Place, length: number): void {
    const located = { ...place, pointer: this.nextPointer() };
    this.progress(place.offset, length);
    if (typeof value === 'string') this.add({ type: 'string', ...located, value });
    else if (typeof value === 'boolean') this.add({ type: 'boolean', ...located, value });
    else if (value === null) this.add({ type: 'null', ...located });
    else {
      const text = this.text.slice(place.offset, place.offset + length);
      this.add({ type: 'number', ...located, text });
    }
  }

  private nextPointer(): string {
    const container = this.open.at(-1);
    if (container === undefined) return '';
    const key = 'items' in container ? container.items.length : (container.key?.text ?? '');
    return childPointer(container.node.pointer, key);
  }

  private add(node: JsonNode): void {
    const container = this.open.at(-1);
    if (container === undefined) this.root = node;
    else if ('items' in container) container.items.push(node);
    else if (container.key !== null) {
      const { text, place } = container.key;
      container.members.push({ key: text, keyPlace: place, value: node });
      container.key = null;
    }
  }

  private checkDepth(place: Place): void {
    const { maxDepth } = this.options;
    if (this.open.length < maxDepth) return;
    const message = `The text is nested deeper than ${maxDepth} levels.`;
    this.keyFaults.push({ ...syntax(place, message), kind: 'TOO_DEEP' });
    throw new Stop();
  }

  private fail(name: string, place: Place, length: number): void {
    const innermost = this.open.at(-1)?.node ?? null;
    const progress = { count: this.count, end: this.end, comma: this.comma, open: innermost };
    this.syntax.report({ name, place, length }, progress);
    const flooded = ++this.reports > Math.max(MOST_REPORTS, this.mostFaults);
    if (flooded || this.syntax.list.length > this.mostFaults) this.giveUp(place);
  }

  private keyFault(fault: JsonFault): void {
    this.keyFaults.push(fault);
    if (this.keyFaults.length >= MOST_KEY_FAULTS) this.giveUp(fault);
  }

  private giveUp(place: Place): never {
    this.syntax.list.splice(this.mostFaults);
    this.syntax.list.push(syntax(place, 'There are more faults than are listed here.'));
    throw new Stop();
  }
}

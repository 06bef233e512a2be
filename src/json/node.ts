// A parsed JSON text as a tree that keeps what editors and checks need: where each value stands,
// the order of members, and numbers as they were written. Never a plain object, so that a key of
// the text can never reach a prototype. Must not know what the text is about.

/** Where something starts in the text. Lines and columns count from 1, columns in UTF-16 units. */
export interface Place {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

interface Located extends Place {
  /** JSON pointer; two members with one key have the same. */
  readonly pointer: string;
}
export interface JsonMember {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: JsonNode;
}
export interface JsonObject extends Located {
  readonly type: 'object';
  /** In the order of the text; a key that occurs twice is here twice. */
  readonly members: readonly JsonMember[];
}
export interface JsonArray extends Located {
  readonly type: 'array';
  readonly items: readonly JsonNode[];
}
export interface JsonString extends Located {
  readonly type: 'string';
  readonly value: string;
}
export interface JsonNumber extends Located {
  readonly type: 'number';
  /** As written: a decimal must not pass through a double on its way to an order. */
  readonly text: string;
}
export interface JsonBoolean extends Located {
  readonly type: 'boolean';
  readonly value: boolean;
}
export interface JsonNull extends Located {
  readonly type: 'null';
}
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonBoolean | JsonNull;

/** Keys that reach an object's prototype in JavaScript: refused wherever they stand. */
export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
]);

/** The pointer of a member or an item (RFC 6901). */
export function childPointer(parent: string, key: string | number): string {
  const word = String(key);
  const plain = !word.includes('~') && !word.includes('/');
  return `${parent}/${plain ? word : word.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The first member with exactly this key. */
export function memberOf(node: JsonObject, key: string): JsonMember | undefined {
  return node.members.find((member) => member.key === key);
}

/** Where a pointer leads; where keys are doubled, through the first of them. */
export function nodeAt(root: JsonNode, pointer: string): JsonNode | undefined {
  if (pointer === '') return root;
  let node: JsonNode | undefined = root;
  for (const part of pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (node?.type === 'object') node = memberOf(node, key)?.value;
    else if (node?.type === 'array') node = /^\d+$/.test(key) ? node.items[Number(key)] : undefined;
    else return undefined;
  }
  return node;
}

/** Plain data for a schema validator: numbers become doubles, forbidden keys are left out. */
export function toPlain(node: JsonNode): unknown {
  switch (node.type) {
    case 'object': {
      const plain: Record<string, unknown> = {};
      for (const { key, value } of node.members) {
        if (!FORBIDDEN_KEYS.has(key)) plain[key] = toPlain(value);
      }
      return plain;
    }
    case 'array':
      return node.items.map(toPlain);
    case 'number':
      return Number(node.text);
    case 'null':
      return null;
    case 'string':
    case 'boolean':
      return node.value;
  }
}

/** The value as JSON text on one line, numbers as they were written. */
export function toJsonText(node: JsonNode): string {
  switch (node.type) {
    case 'object': {
      if (node.members.length === 0) return '{}';
      const members = node.members.map((m) => `${JSON.stringify(m.key)}: ${toJsonText(m.value)}`);
      return `{ ${members.join(', ')} }`;
    }
    case 'array':
      return `[${node.items.map(toJsonText).join(', ')}]`;
    case 'number':
      return node.text;
    case 'null':
      return 'null';
    case 'string':
    case 'boolean':
      return JSON.stringify(node.value);
  }
}

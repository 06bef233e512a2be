// Checks an instruction file: from bytes to findings and, for what is right, plans. A fault of the
// text or of the top level refuses the file, one inside a symbol refuses that symbol. Pure but for
// the hash; must not know folders, dates, strategies or instruments.

import { createHash } from 'node:crypto';
import type { ImportSettings } from '../domain/import-settings';
import type { CheckedFile, CheckedSymbol, FileOwner } from '../domain/instruction';
import { FORBIDDEN_KEYS, type JsonMember, type JsonNode, type JsonObject } from '../json/node';
import { parseStrict, type JsonFault } from '../json/parse';
import { didYouMean } from '../json/suggest';
import { decodeUtf8, type TextFault } from '../json/text';
import { defaultMembers, type Checking } from './defaults';
import { Findings, instead, inTextOrder, spotOfKey, WHOLE_TEXT, type Spot } from './findings';
import { isOfOwner, NO_OWNER, readOwner } from './owner';
import { checkSymbol } from './symbol';
import { isRemark, shown, symbolOf } from './words';

export interface InstructionBytes {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** One refused symbol refuses the file. */
  readonly strict?: boolean;
  /** Of symbols and orders that do not state them; checked before. */
  readonly settings?: ImportSettings;
}

/** Larger files are not parsed. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;
export const MAX_DEPTH = 16;

/** SHA-256 in hex: what makes two files the same. */
export function contentHashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function checkInstructionFile(given: InstructionBytes): CheckedFile {
  const { fileName, bytes } = given;
  const contentHash = contentHashOf(bytes);
  const findings = new Findings();
  const { owner, symbols } = contentOf(given, findings);
  const accepted = symbols !== null;
  return {
    fileName,
    contentHash,
    owner,
    accepted,
    symbols: symbols ?? [],
    findings: inTextOrder(findings.list),
    corrections: findings.corrections,
  };
}

interface Content {
  readonly owner: FileOwner;
  /** Null where the file is refused. */
  readonly symbols: readonly CheckedSymbol[] | null;
}
const UNREAD: Content = { owner: NO_OWNER, symbols: null };

function contentOf(
  { bytes, strict = false, settings }: InstructionBytes,
  findings: Findings,
): Content {
  const decoded = decodeUtf8(bytes, MAX_FILE_BYTES);
  if (!decoded.ok) {
    const { kind, message, line, column } = decoded.fault;
    findings.add(CODE_OF_TEXT_FAULT[kind], { pointer: null, line, column }, message);
    return UNREAD;
  }
  const { root, faults } = parseStrict(decoded.text, { maxDepth: MAX_DEPTH });
  if (root?.type !== 'object') {
    for (const fault of faults) addFileFault(fault, findings);
    if (root !== undefined) findings.add('NOT_AN_OBJECT', spotOfTop(root), NOT_AN_OBJECT);
    return UNREAD;
  }
  const owner = readOwner(root, findings);
  const symbols = checkTopLevel(root, faults, { findings, defaults: defaultMembers(settings) });
  if (symbols === null) return { owner, symbols };
  const refused = symbols.filter((each) => !each.accepted).map((each) => each.symbol);
  if (strict && refused.length > 0) {
    const message = `Strict checking refuses the whole file because of ${refused.join(', ')}.`;
    findings.add('STRICT', WHOLE_TEXT, message);
    return { owner, symbols: null };
  }
  return { owner, symbols };
}

const CODE_OF_TEXT_FAULT = {
  TOO_LARGE: 'FILE_TOO_LARGE',
  EMPTY: 'FILE_EMPTY',
  ENCODING: 'ENCODING',
} as const satisfies Record<TextFault['kind'], string>;

const NOT_AN_OBJECT =
  'The top level must be an object keyed by symbol: { "AAPL": { "Entry OCA": [...] } }.';

/** The reference cases write the top level as a slash. */
function spotOfTop({ line, column }: JsonNode): Spot {
  return { pointer: '/', line, column };
}

/** Faults of a text that could not be parsed, or that stand outside any symbol. */
function addFileFault(fault: JsonFault, findings: Findings): void {
  switch (fault.kind) {
    case 'SYNTAX':
    case 'TOO_DEEP':
      findings.add(fault.kind, fault, fault);
      return;
    case 'DUPLICATE_KEY':
      findings.add('DUPLICATE_SYMBOL', fault, fault);
      return;
    case 'FORBIDDEN_KEY':
      findings.add('FORBIDDEN_SYMBOL', fault, fault);
  }
}

/** All symbols are checked even where the file is refused: its faults are named in one go. */
function checkTopLevel(
  root: JsonObject,
  faults: readonly JsonFault[],
  { findings, defaults }: Checking,
): readonly CheckedSymbol[] | null {
  const inside = new Map<JsonMember, Findings>();
  for (const fault of faults) placeFault(fault, { root, inside, findings });
  const symbols: CheckedSymbol[] = [];
  const seen = new Map<string, JsonMember>();
  const ofSymbols: Findings[] = [];
  for (const member of root.members) {
    if (FORBIDDEN_KEYS.has(member.key) || isRemark(member.key)) continue;
    if (isOfOwner(member)) continue;
    const symbol = nameSymbol(member, seen, findings);
    const own = inside.get(member) ?? new Findings();
    ofSymbols.push(own);
    const plan = checkSymbol(symbol, member, { findings: own, defaults });
    symbols.push({ symbol, accepted: plan !== null, plan });
  }
  const refused = findings.hasError;
  const isNoSymbol = (member: JsonMember): boolean => isRemark(member.key) || isOfOwner(member);
  if (root.members.every(isNoSymbol) && !refused) {
    const { line, column } = root;
    findings.add('NO_SYMBOLS', { pointer: null, line, column }, 'The file names no symbol.');
  }
  for (const own of ofSymbols) findings.take(own);
  return refused ? null : symbols;
}

/** A fault of a key belongs to the symbol it stands in, else to the file. */
function placeFault(
  fault: JsonFault,
  where: { root: JsonObject; inside: Map<JsonMember, Findings>; findings: Findings },
): void {
  const { root, inside, findings } = where;
  const owner = root.members.findLast((member) => member.value.offset < fault.offset);
  const outside = owner === undefined || fault.pointer === null || depthOf(fault.pointer) < 2;
  if (outside) {
    addFileFault(fault, findings);
  } else if (isRemark(owner.key)) {
    // What a remark says twice is not traded; a forbidden key is refused wherever it stands.
    if (fault.kind === 'FORBIDDEN_KEY') addFileFault(fault, findings);
  } else if (fault.kind === 'DUPLICATE_KEY' || fault.kind === 'FORBIDDEN_KEY') {
    const own = inside.get(owner) ?? new Findings();
    inside.set(owner, own);
    own.add(fault.kind, fault, fault);
  }
}

function depthOf(pointer: string): number {
  return pointer.split('/').length - 1;
}

/** The symbol of a key; one that is none, or that was there before, refuses the file. */
function nameSymbol(member: JsonMember, seen: Map<string, JsonMember>, findings: Findings): string {
  const { key } = member;
  const symbol = symbolOf(key);
  if (symbol === null) {
    const remark = didYouMean(key, ['$schema', '_comment']);
    const hint = remark === null ? '' : ` Did you mean "${remark}"?`;
    const message =
      `${shown(key)} is not a symbol: a letter or digit followed by at most 20 letters, ` +
      `digits, dots, dashes or single blanks.${hint}`;
    findings.add('INVALID_SYMBOL', spotOfKey(member), message);
    return key;
  }
  const first = seen.get(symbol);
  if (first === undefined) {
    seen.set(symbol, member);
    if (symbol !== key) {
      const edit = instead(member.keyPlace, JSON.stringify(symbol));
      findings.add('SPELLING', spotOfKey(member), {
        message: `${shown(key)} is read as "${symbol}".`,
        edit,
      });
    }
  } else if (first.key !== key) {
    const { line, column } = first.keyPlace;
    const message =
      `${shown(key)} means the same symbol as ${shown(first.key)} ` +
      `at line ${line}, column ${column}.`;
    findings.add('DUPLICATE_SYMBOL', spotOfKey(member), message);
  }
  return symbol;
}

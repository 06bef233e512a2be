/**
 * Gathers what each source says of each setting: flags, environment, `.env`, tidegate.json. Judges
 * names and syntax, never values.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeFrame } from '../json/code-frame';
import { toPlain, type JsonNode, type JsonObject, type Place } from '../json/node';
import { parseStrict } from '../json/parse';
import { didYouMean } from '../json/suggest';
import { decodeUtf8 } from '../json/text';
import { SETTINGS, type Setting } from './catalogue';
import type { SourceKind } from './config';
import { parseDotenv } from './dotenv';

export const CONFIG_FILE = 'tidegate.json';
export const DOTENV_FILE = '.env';
const MAX_FILE_BYTES = 64 * 1024;
const MAX_DEPTH = 4;

/** One value somebody gave. */
export interface Given {
  readonly setting: Setting;
  readonly source: Exclude<SourceKind, 'default'>;
  /** For a person: `--port`, `TIDEGATE_PORT`, `.env:3`, `tidegate.json:4:11`. */
  readonly place: string;
  /** Text but in tidegate.json, where it is what JSON has. */
  readonly value: unknown;
  /** The lines around it; empty where it came from no file with more to show. */
  readonly frame: string;
}
export interface Gathered {
  readonly given: readonly Given[];
  readonly faults: readonly string[];
}

export interface ConfigInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** By flag name without dashes. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** Folder of the rules that are used when nobody names one. */
  readonly shippedRules: string;
}

const VARIABLES = SETTINGS.map(({ variable }) => variable);
/** What begins with TIDEGATE_TEST_ is for the tests, which may share the environment of a start. */
const OWN_NAME = /^tidegate_(?!test_)/i;

/** In order of precedence, the strongest first. */
export function gather(input: ConfigInput): Gathered {
  const { flags, env, workingFolder } = input;
  const parts = [
    fromFlags(flags),
    fromEnvironment(env),
    fromDotenv(workingFolder),
    fromFile(workingFolder),
  ];
  return {
    given: parts.flatMap(({ given }) => given),
    faults: parts.flatMap(({ faults }) => faults),
  };
}

function fromFlags(flags: ConfigInput['flags']): Gathered {
  const given = SETTINGS.flatMap((setting): Given[] => {
    const value = setting.flag === null ? undefined : flags[setting.flag];
    if (value === undefined) return [];
    return [{ setting, source: 'flag', place: `--${setting.flag ?? ''}`, value, frame: '' }];
  });
  return { given, faults: [] };
}

/** An empty variable counts as not set: container tools hand on unset ones as empty text. */
function fromEnvironment(env: ConfigInput['env']): Gathered {
  const given = SETTINGS.flatMap((setting): Given[] => {
    const { variable } = setting;
    const value = env[variable] ?? '';
    if (value === '') return [];
    return [{ setting, source: 'environment', place: variable, value, frame: '' }];
  });
  const names = Object.keys(env).filter((name) => OWN_NAME.test(name));
  return { given, faults: names.sort().flatMap((name) => unknownName(name, 'The environment')) };
}

function fromDotenv(folder: string): Gathered {
  const read = readText(folder, DOTENV_FILE);
  if (read === null) return { given: [], faults: [] };
  if ('fault' in read) return { given: [], faults: [read.fault] };
  const { entries, faults } = parseDotenv(read.text);
  const given = SETTINGS.flatMap((setting): Given[] => {
    const entry = entries.filter(({ name }) => name === setting.variable).at(-1);
    if (entry === undefined || entry.value === '') return [];
    const place = `${DOTENV_FILE}:${entry.line}`;
    return [{ setting, source: '.env', place, value: entry.value, frame: '' }];
  });
  return {
    given,
    faults: [
      ...faults.map(({ line, message }) => `${DOTENV_FILE}:${line}: ${message}. Mend the line.`),
      ...entries
        .filter(({ name }) => OWN_NAME.test(name))
        .flatMap(({ name, line }) => unknownName(name, `${DOTENV_FILE}:${line}`)),
    ],
  };
}

function unknownName(name: string, where: string): string[] {
  if (VARIABLES.includes(name)) return [];
  const near = didYouMean(name, VARIABLES);
  const next =
    near === null
      ? 'Remove it; `tidegate config show` lists the variables.'
      : `Did you mean ${near}?`;
  return [`${where} has ${name}, which Tidegate does not know. ${next}`];
}

/** The settings of tidegate.json, each at its place. */
function fromFile(folder: string): Gathered {
  const read = readText(folder, CONFIG_FILE);
  if (read === null) return { given: [], faults: [] };
  if ('fault' in read) return { given: [], faults: [read.fault] };
  const { text } = read;
  const { root, faults: found } = parseStrict(text, { maxDepth: MAX_DEPTH });
  const frameAt = ({ line, column }: Place): string => codeFrame(text, line, column);
  const faults = found.map((fault) => faultAt(fault, fault.message, frameAt(fault)));
  if (root === undefined) return { given: [], faults };
  if (root.type !== 'object') {
    const fault = faultAt(root, 'the top level must be an object.', frameAt(root));
    return { given: [], faults: [...faults, fault] };
  }
  const walk: Walk = { given: [], faults, frameAt };
  walkObject(root, '', walk);
  return walk;
}

interface Walk {
  readonly given: Given[];
  readonly faults: string[];
  readonly frameAt: (place: Place) => string;
}

function walkObject(node: JsonObject, prefix: string, walk: Walk): void {
  for (const { key, keyPlace, value } of node.members) {
    const path = `${prefix}${key}`;
    const setting = SETTINGS.find((each) => each.key === path);
    if (setting !== undefined) walk.given.push(givenAt(setting, value, walk));
    else if (prefix === '' && (key === '$schema' || key.startsWith('_'))) continue;
    else if (value.type === 'object' && isGroup(path)) walkObject(value, `${path}.`, walk);
    else walk.faults.push(faultAt(keyPlace, unknownKey(key, prefix), walk.frameAt(keyPlace)));
  }
}

const isGroup = (path: string): boolean => SETTINGS.some(({ key }) => key.startsWith(`${path}.`));

function givenAt(setting: Setting, node: JsonNode, { frameAt }: Walk): Given {
  const place = `${CONFIG_FILE}:${node.line}:${node.column}`;
  // A line with a secret in it is not repeated.
  const frame = setting.secret === undefined ? frameAt(node) : '';
  return { setting, source: 'file', place, value: toPlain(node), frame };
}

function unknownKey(key: string, prefix: string): string {
  if (isGroup(`${prefix}${key}`)) return `"${key}" must be an object.`;
  const known = SETTINGS.filter((each) => each.key.startsWith(prefix))
    .map((each) => each.key.slice(prefix.length).split('.')[0] ?? '')
    .filter((name, index, all) => all.indexOf(name) === index);
  const near = didYouMean(key, known);
  const next = near === null ? `It may hold ${known.join(', ')}.` : `Did you mean "${near}"?`;
  return `"${key}" is no setting. ${next}`;
}

function faultAt({ line, column }: Place, message: string, frame: string): string {
  return `${CONFIG_FILE}:${line}:${column}: ${message}${frame === '' ? '' : `\n${frame}`}`;
}

type ReadText = { readonly text: string } | { readonly fault: string } | null;

/** Null where there is no such file. */
function readText(folder: string, name: string): ReadText {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(join(folder, name));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    if (code === 'ENOENT') return null;
    return { fault: `${name} cannot be read (${code}). Make it readable, or take it away.` };
  }
  const decoded = decodeUtf8(bytes, MAX_FILE_BYTES);
  if (decoded.ok) return { text: decoded.text };
  const { kind, message, line, column } = decoded.fault;
  // An empty .env sets nothing; an empty tidegate.json is no JSON.
  if (kind === 'EMPTY' && name === DOTENV_FILE) return { text: '' };
  return { fault: `${name}:${line}:${column}: ${message}` };
}

/**
 * Validates a rule file against its JSON Schema and turns what the validator says into faults a
 * person can act on: the key or value meant, what it may be, and what was probably meant.
 * Knows nothing of what the rule is for.
 */
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020';
import type { RuleFamily } from './fact-catalogue';
import { generateSchemas } from './schemas';
import { suggest, type Complaint, type SourceFile } from './source-file';

/** Compiled once by whoever loads: compiling costs more than reading a folder of rules. */
export function compileSchema(family: RuleFamily): ValidateFunction {
  // Files are small and read once: a quick start is worth more than quick validators. That the
  // schemas are sound themselves is held by a test.
  const quick = { validateSchema: false, code: { optimize: false } };
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, verbose: true, ...quick });
  ajv.addVocabulary(['enumDescriptions']);
  const schemas = generateSchemas();
  return ajv.compile(
    schemas[family === 'risk' ? 'risk-rule.schema.json' : 'conditional-order.schema.json'],
  );
}

/** Reports everything the schema refuses. Returns whether the content has the shape of a rule. */
export function checkSchema(
  file: SourceFile,
  content: unknown,
  validate: ValidateFunction,
): boolean {
  if (validate(content)) return true;
  const told = new Set<string>();
  const errors = validate.errors ?? [];
  for (const error of errors) {
    const complaint = isEcho(error, errors) ? null : complaintOf(error);
    const sameAgain = `${error.instancePath} ${complaint?.message ?? ''}`;
    if (complaint === null || told.has(sameAgain)) continue;
    told.add(sameAgain);
    const key = unknownKey(error);
    if (key === null) file.complain(error.instancePath, complaint);
    else file.complainOfKey(error.instancePath, key, complaint);
  }
  // What the validator refuses stays refused, whether or not there is a sentence for it.
  if (told.size === 0) file.complain('', { code: 'RULE_SCHEMA', message: 'is not a rule file' });
  return false;
}

function param(error: ErrorObject, name: string): unknown {
  return (error.params as Record<string, unknown>)[name];
}
function unknownKey(error: ErrorObject): string | null {
  const key = param(error, 'additionalProperty');
  return typeof key === 'string' ? key : null;
}

/** A condition that is no comparison at all, `not` say, need not be told what comparisons need. */
function isEcho(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  const given: unknown = error.data;
  if (error.keyword !== 'required') return false;
  if (typeof given !== 'object' || given === null || 'fact' in given) return false;
  const unknown = errors.filter((other) => other.instancePath === error.instancePath);
  return unknown.some((other) => ['not', 'condition'].includes(unknownKey(other) ?? ''));
}

function complaintOf(error: ErrorObject): Complaint | null {
  switch (error.keyword) {
    // Says only that a part was refused, which that part has said already.
    case 'if':
      return null;
    case 'additionalProperties':
      return complaintOfKey(error);
    case 'required':
      return {
        code: 'RULE_KEY_MISSING',
        message: `"${String(param(error, 'missingProperty'))}" is missing`,
      };
    case 'enum':
    case 'const':
      return complaintOfWord(error);
    case 'type':
      return { code: 'RULE_TYPE', message: `must be ${typesOf(error)}` };
    case 'minItems':
    case 'minProperties':
      return { code: 'RULE_EMPTY_LIST', message: complaintOfEmpty(error) };
    case 'maxProperties':
      return {
        code: 'RULE_CONDITION_SHAPE',
        message: 'has both "all" and "any": take exactly one, and put the other inside it',
      };
    case 'maxItems':
      return {
        code: 'RULE_TOO_LARGE',
        message: `has more than ${String(param(error, 'limit'))} entries`,
      };
    case 'pattern':
      return { code: 'RULE_FORMAT', message: complaintOfPattern(error) };
    default:
      return { code: 'RULE_SCHEMA', message: error.message ?? 'is not allowed here' };
  }
}

function typesOf(error: ErrorObject): string {
  const types = param(error, 'type');
  const names = (Array.isArray(types) ? types : [types]).map((type) =>
    type === 'array' ? 'a list' : type === 'boolean' ? 'true or false' : `a ${String(type)}`,
  );
  return names.join(' or ').replace('a object', 'an object');
}

function complaintOfEmpty(error: ErrorObject): string {
  const limit = Number(param(error, 'limit'));
  if (error.keyword === 'minProperties') return 'needs one of "all" and "any"';
  if (limit > 1) return `needs at least ${limit} entries: one example each way`;
  return 'must not be empty: an empty list of conditions is true for every order';
}

function complaintOfPattern(error: ErrorObject): string {
  if (error.instancePath === '/key') {
    return 'must be lower-case words joined by dashes, such as max-order-notional';
  }
  return 'must be a price above zero as plain text, such as "69.484375"';
}

function complaintOfKey(error: ErrorObject): Complaint {
  const key = unknownKey(error) ?? '';
  const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
  if (key === 'path' || key === 'params') {
    const message = `"${key}" is refused: facts are plain values, and a path could run code`;
    return { code: 'RULE_PATH_REFUSED', message };
  }
  if (key === 'not') {
    const message = '"not" is not part of the language: use the opposite operator';
    return { code: 'RULE_KEY_UNKNOWN', message, suggestion: 'notEqual, notIn, greaterThan, ...' };
  }
  // A mistyped "all" looks like a comparison with a strange key.
  const candidates = known.includes('operator') ? [...known, 'all', 'any'] : known;
  const message = `"${key}" is not a key of this object`;
  return { code: 'RULE_KEY_UNKNOWN', message, suggestion: suggest(key, candidates) };
}

const WORD_CODES: readonly (readonly [RegExp, string, string])[] = [
  [/\/fact$/, 'RULE_FACT_UNKNOWN', 'fact'],
  [/\/operator$/, 'RULE_OPERATOR_UNKNOWN', 'operator'],
];

function complaintOfWord(error: ErrorObject): Complaint {
  const allowed = error.keyword === 'const' ? [param(error, 'allowedValue')] : error.schema;
  const words = (allowed as readonly unknown[]).map(String);
  const given: unknown = error.data;
  const shown = JSON.stringify(given) ?? 'nothing';
  if (error.instancePath === '/onFail' && given === 'DENY' && !words.includes('DENY')) {
    const message =
      'a rule that looks at REDUCE orders must not DENY: no rule ever blocks getting out';
    return { code: 'RULE_DENIES_EXITS', message, suggestion: 'use WARN, or only effect OPEN' };
  }
  const suggestion = typeof given === 'string' ? suggest(given, words) : null;
  for (const [place, code, noun] of WORD_CODES) {
    if (place.test(error.instancePath)) {
      return { code, message: `${shown} is not a known ${noun} here`, suggestion };
    }
  }
  const message = `must be one of ${words.join(', ')}, not ${shown}`;
  return { code: 'RULE_WORD_UNKNOWN', message, suggestion };
}

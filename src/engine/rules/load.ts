/**
 * Reads a rule folder from disk: regular files only, sizes bounded before anything is read, in
 * order of name. A set is loaded whole or not at all, with every fault named.
 * Knows nothing of what the rules mean.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
} from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS, type HardLimits } from '../../domain/limits';
import { messageOf } from './assess-risk';
import { compileOrders, compileRisk, MAX_RULES } from './compile';
import type { RuleFamily } from './fact-catalogue';
import { createRuleSet, type OrderRule, type RiskRule } from './rule-set';
import type { RuleFault, RuleSet } from './rule-set';
import { compileSchema } from './schema-check';
import { bareFault, MAX_FILE_BYTES, type RuleSource } from './source-file';

const MAX_ALL_BYTES = 1024 * 1024;

export type LoadedRuleSet =
  | { readonly ok: true; readonly ruleSet: RuleSet }
  | { readonly ok: false; readonly faults: readonly RuleFault[] };
export type LoadedRules<Rule> =
  | { readonly ok: true; readonly rules: readonly Rule[] }
  | { readonly ok: false; readonly faults: readonly RuleFault[] };

/** Loads `<dir>/risk/*.json` and `<dir>/orders/*.json`. Never throws for what is in the folder. */
export async function loadRuleFolder(
  dir: string,
  limits: HardLimits = DEFAULT_LIMITS,
): Promise<LoadedRuleSet> {
  const budget: Budget = { bytes: MAX_ALL_BYTES };
  const risk = await loadRisk(join(dir, 'risk'), { limits, budget });
  const orders = await loadOrders(join(dir, 'orders'), budget);
  if (risk.ok && orders.ok) return { ok: true, ruleSet: createRuleSet(risk.rules, orders.rules) };
  const faults = [...(risk.ok ? [] : risk.faults), ...(orders.ok ? [] : orders.faults)];
  return { ok: false, faults };
}

/**
 * Loads risk rules from a folder that either holds the files or a folder `risk` that does.
 * A folder without any is a fault, not an empty set: an empty set would let everything through.
 */
export async function loadRiskRules(
  dir: string,
  limits: HardLimits = DEFAULT_LIMITS,
): Promise<LoadedRules<RiskRule>> {
  const inside = join(dir, 'risk');
  const found = [inside, dir].filter(holdsRules);
  const [folder = inside, other] = found;
  if (other !== undefined) {
    const message = `both ${dir} and ${inside} hold .json files; say which one is meant`;
    return { ok: false, faults: [bareFault(dir, { code: 'RULE_FOLDER_AMBIGUOUS', message })] };
  }
  if (found.length === 0) {
    const message = `neither ${inside} nor ${dir} holds a .json file`;
    return { ok: false, faults: [bareFault(dir, { code: 'RULE_FOLDER_EMPTY', message })] };
  }
  return loadRisk(folder, { limits, budget: { bytes: MAX_ALL_BYTES } });
}

/** Loads the conditional orders of `<dir>/orders/*.json`. */
export async function loadOrderRules(dir: string): Promise<LoadedRules<OrderRule>> {
  return loadOrders(join(dir, 'orders'), { bytes: MAX_ALL_BYTES });
}

/** Bytes that may still be read; shared by the folders of one set. */
interface Budget {
  bytes: number;
}

async function loadRisk(
  folder: string,
  { limits, budget }: { readonly limits: HardLimits; readonly budget: Budget },
): Promise<LoadedRules<RiskRule>> {
  const read = readFolder(folder, 'risk', budget);
  // With the folder itself at fault, that is the fault to name.
  if (read.sources.length === 0) return { ok: false, faults: read.faults };
  const options = { folder, validate: compileSchema('risk'), limits };
  return merge(read.faults, await compileRisk(read.sources, options));
}

async function loadOrders(folder: string, budget: Budget): Promise<LoadedRules<OrderRule>> {
  const read = readFolder(folder, 'conditional', budget);
  // With the folder itself at fault, every kind would be missing as well.
  if (read.sources.length === 0) return { ok: false, faults: read.faults };
  const options = { folder, validate: compileSchema('conditional') };
  return merge(read.faults, await compileOrders(read.sources, options));
}

function merge<Rule>(faults: readonly RuleFault[], compiled: LoadedRules<Rule>): LoadedRules<Rule> {
  if (faults.length === 0) return compiled;
  return { ok: false, faults: [...faults, ...(compiled.ok ? [] : compiled.faults)] };
}

interface ReadFolder {
  readonly sources: readonly RuleSource[];
  readonly faults: readonly RuleFault[];
}

const RULE_FILE = /\.json$/;
const NEARLY_RULE_FILE = /\.json$/i;

function holdsRules(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => NEARLY_RULE_FILE.test(name));
  } catch {
    return false;
  }
}

function readFolder(folder: string, family: RuleFamily, budget: Budget): ReadFolder {
  let names: readonly string[];
  try {
    names = readdirSync(folder)
      .filter((name) => NEARLY_RULE_FILE.test(name))
      .sort();
  } catch (error) {
    const message = `the folder cannot be read: ${causeOf(error)}`;
    return {
      sources: [],
      faults: [bareFault(folder, { code: 'RULE_FOLDER_UNREADABLE', message })],
    };
  }
  if (names.length === 0) {
    const message = 'the folder holds no .json file';
    return { sources: [], faults: [bareFault(folder, { code: 'RULE_FOLDER_EMPTY', message })] };
  }
  if (names.length > MAX_RULES) {
    const message = `has ${names.length} rules; ${MAX_RULES} are allowed`;
    return { sources: [], faults: [bareFault(folder, { code: 'RULES_TOO_MANY', message })] };
  }
  const sources: RuleSource[] = [];
  const faults: RuleFault[] = [];
  for (const name of names) {
    const file = join(folder, name);
    try {
      sources.push({ file, name, family, bytes: readRegularFile(file, budget) });
    } catch (error) {
      const code = error instanceof FileRefused ? error.code : 'RULE_FILE_UNREADABLE';
      faults.push(bareFault(file, { code, message: causeOf(error) }));
    }
  }
  return { sources, faults };
}

/** A file that is not read, and why. */
class FileRefused extends Error {
  override readonly name = 'FileRefused';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The system's own words hold the path a second time. */
function causeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && !(error instanceof FileRefused)) {
    return `the system says ${String(error.code)}`;
  }
  return messageOf(error);
}

/** Looks before it opens and again after: what was opened is what is judged. */
function readRegularFile(file: string, budget: Budget): Uint8Array {
  if (!RULE_FILE.test(file)) {
    throw new FileRefused('RULE_FILE_NAME', 'the name must end in .json, in lower case');
  }
  if (!lstatSync(file).isFile()) {
    const message = 'is not a regular file; links, folders and devices are refused';
    throw new FileRefused('RULE_FILE_NOT_REGULAR', message);
  }
  const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = fstatSync(handle);
    if (!fstatSync(handle).isFile()) {
      throw new FileRefused('RULE_FILE_NOT_REGULAR', 'is not a regular file any more');
    }
    if (size > MAX_FILE_BYTES) {
      const message = `has ${size} bytes; ${MAX_FILE_BYTES} are allowed`;
      throw new FileRefused('RULE_FILE_TOO_LARGE', message);
    }
    budget.bytes -= size;
    if (budget.bytes < 0) {
      const message = `all rule files together have more than ${MAX_ALL_BYTES} bytes`;
      throw new FileRefused('RULES_TOO_LARGE', message);
    }
    return readWhole(handle, size);
  } finally {
    closeSync(handle);
  }
}

function readWhole(handle: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const read = readSync(handle, bytes, filled, size - filled, filled);
    if (read === 0) break;
    filled += read;
  }
  if (filled !== size || fstatSync(handle).size !== size) {
    throw new FileRefused('RULE_FILE_CHANGING', 'is being written at this moment');
  }
  return bytes;
}

/** The configuration of this process: its flags, its environment and its working folder. */
import { SETTINGS } from '../config/catalogue';
import { ConfigError, type LoadedConfig } from '../config/config';
import { loadConfig } from '../config/load';
import { configJson, configText } from '../config/render';
import { VerbError } from './errors';
import { SHIPPED_RULES } from './rule-books';

/** The flags a verb that reads the configuration takes, for the reader of options. */
export const CONFIG_FLAGS: Readonly<Record<string, { readonly type: 'string' }>> =
  Object.fromEntries(
    SETTINGS.flatMap(({ flag }) => (flag === null ? [] : [[flag, { type: 'string' }] as const])),
  );

/** @throws VerbError (exit code 2) with every fault, one a line */
export function readConfig(flags: Readonly<Record<string, unknown>>): LoadedConfig {
  try {
    return loadConfig({
      env: process.env,
      flags: textsOf(flags),
      workingFolder: process.cwd(),
      shippedRules: SHIPPED_RULES,
    });
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new VerbError(cause.message, 2, { cause });
  }
}

function textsOf(flags: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(flags).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

export interface ConfigReport {
  readonly text: string;
  readonly json: unknown;
}

/** Every value with its source, secrets masked. @throws VerbError */
export function showConfig(flags: Readonly<Record<string, unknown>>): ConfigReport {
  const loaded = readConfig(flags);
  return { text: configText(loaded), json: configJson(loaded) };
}

/** Reads the flags of a verb; a wrong one is named with what was probably meant. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { VerbError } from '../presets/errors';
import { suggest } from '../presets/suggest';

type Options = NonNullable<ParseArgsConfig['options']>;

interface Call<T extends Options> {
  readonly args: string[];
  readonly options: T;
  readonly allowPositionals: true;
  readonly strict: true;
}

/** @throws VerbError (exit code 2) */
export function readOptions<T extends Options>(
  verb: string,
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<Call<T>>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const unknown = args
      .filter((arg) => arg.startsWith('--'))
      .map((arg) => arg.slice(2).split('=')[0] ?? '')
      .find((name) => name !== '' && !(name in options));
    if (unknown !== undefined) {
      const near = suggest(unknown, Object.keys(options));
      const hint = near === null ? '' : ` Did you mean --${near}?`;
      throw usage(verb, `There is no flag --${unknown}.${hint}`);
    }
    throw usage(verb, cause instanceof Error ? cause.message : String(cause));
  }
}

/** A complaint about how a verb was called. */
export function usage(verb: string, complaint: string): VerbError {
  return new VerbError(`${complaint}\nRun \`tidegate ${verb} --help\` for how it is called.`, 2);
}

/** One of the permitted words. @throws VerbError */
export function oneOf<T extends string>(
  flag: { readonly verb: string; readonly name: string },
  value: string,
  permitted: readonly T[],
): T {
  const found = permitted.find((word) => word === value);
  if (found !== undefined) return found;
  throw usage(flag.verb, `--${flag.name} ${value} is not one of ${permitted.join(', ')}.`);
}

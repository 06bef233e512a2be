/** The verb `schema print`. */
import { shippedSchema } from '../presets/shipped-schema';
import { readOptions, usage } from './options';

const VERB = 'schema print';

export function runSchemaPrint(args: readonly string[]): Promise<number> {
  const { positionals } = readOptions(VERB, args, {});
  if (positionals.length > 0) throw usage(VERB, `${positionals.join(' ')} is too much.`);
  process.stdout.write(shippedSchema());
  return Promise.resolve(0);
}

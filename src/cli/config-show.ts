/** The verb `config show`. */
import { CONFIG_FLAGS, showConfig } from '../presets/configuration';
import { readOptions, usage } from './options';

const VERB = 'config show';

export function runConfigShow(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(VERB, args, {
    ...CONFIG_FLAGS,
    json: { type: 'boolean' },
  });
  if (positionals.length > 0) throw usage(VERB, `${positionals.join(' ')} is too much.`);
  const { text, json } = showConfig(values);
  console.log(values.json === true ? JSON.stringify(json) : text);
  return Promise.resolve(0);
}

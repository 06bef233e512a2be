/** The verb `rules check`. */
import { checkRules } from '../presets/checks';
import { readOptions, usage } from './options';

const VERB = 'rules check';

export async function runRulesCheck(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(VERB, args, { json: { type: 'boolean' } });
  const [folder = null, ...more] = positionals;
  if (more.length > 0) throw usage(VERB, `One folder at a time: ${more.join(' ')} is too much.`);
  const report = await checkRules(folder);
  console.log(values.json === true ? JSON.stringify(report.json) : report.text);
  return report.valid ? 0 : 2;
}

/** The verb `instructions check`. */
import { checkInstructions } from '../presets/checks';
import { readOptions, usage } from './options';

const VERB = 'instructions check';

export function runInstructionsCheck(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(VERB, args, {
    json: { type: 'boolean' },
    strict: { type: 'boolean' },
  });
  const [file, ...more] = positionals;
  if (file === undefined) throw usage(VERB, 'Which file?');
  if (more.length > 0) throw usage(VERB, `One file at a time: ${more.join(' ')} is too much.`);
  const report = checkInstructions(file, values.strict === true);
  console.log(values.json === true ? JSON.stringify(report.json) : report.text);
  return Promise.resolve(report.hasErrors ? 2 : 0);
}

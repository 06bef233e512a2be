/** The verb `instructions fix`. */
import { fixInstructionFile } from '../presets/instructions-fix';
import { readOptions, usage } from './options';

const VERB = 'instructions fix';

/** Exit code 0: no error is left; 2: something is. */
export async function runInstructionsFix(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(VERB, args, {
    out: { type: 'string' },
    force: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [file, ...more] = positionals;
  if (file === undefined) throw usage(VERB, 'Which file?');
  if (more.length > 0) throw usage(VERB, `One file at a time: ${more.join(' ')} is too much.`);
  const colour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const out = values.out ?? null;
  const report = await fixInstructionFile({ file, out, force: values.force === true, colour });
  console.log(values.json === true ? JSON.stringify(report.json) : report.text);
  return report.hasErrors ? 2 : 0;
}

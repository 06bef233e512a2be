/**
 * The `tidegate` command: finds the verb, runs it, and turns what went wrong into one clear message
 * and an exit code. Results go to stdout, everything else to stderr.
 */
import { VerbError } from '../presets/errors';
import { suggest } from '../presets/suggest';
import { version } from '../presets/version';
import { runConfigShow } from './config-show';
import { runGateway } from './gateway';
import { HELP } from './help';
import { runInstructionsCheck } from './instructions-check';
import { runInstructionsFix } from './instructions-fix';
import { runInstructionsList } from './instructions-list';
import { runInstructionsLoad } from './instructions-load';
import { readOptions, usage } from './options';
import { runOrdersCancel } from './orders-cancel';
import { runOrdersList } from './orders-list';
import { runOrdersPlace } from './orders-place';
import { runReplay } from './replay';
import { runRulesCheck } from './rules-check';
import { runStart } from './start';
import { runSchemaPrint } from './schema-print';

/** Runs a verb with the arguments after its name and yields the exit code. */
type Verb = (args: readonly string[]) => Promise<number>;

const VERBS: Readonly<Record<string, Verb>> = {
  start: runStart,
  gateway: runGateway,
  replay: runReplay,
  'rules check': runRulesCheck,
  'instructions check': runInstructionsCheck,
  'instructions fix': runInstructionsFix,
  'instructions list': runInstructionsList,
  'instructions load': runInstructionsLoad,
  'orders list': runOrdersList,
  'orders place': runOrdersPlace,
  'orders cancel': runOrdersCancel,
  'config show': runConfigShow,
  'schema print': runSchemaPrint,
  version: printVersion,
};

function printVersion(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('version', args, { json: { type: 'boolean' } });
  if (positionals.length > 0) throw usage('version', `${positionals.join(' ')} is too much.`);
  console.log(values.json === true ? JSON.stringify({ version: version() }) : version());
  return Promise.resolve(0);
}

/** Exit codes: 0 ok, those of `ExitCode`, 130 interrupted. */
export async function main(argv: readonly string[]): Promise<number> {
  quietWhenNobodyReads();
  try {
    return await dispatch(argv);
  } catch (cause) {
    return report(cause);
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const [first = 'help', second = ''] = argv;
  if (['help', '--help', '-h'].includes(first)) {
    console.log(helpFor(argv.slice(1).join(' ')));
    return 0;
  }
  const two = `${first} ${second}`;
  const name =
    two in VERBS
      ? two
      : first in VERBS
        ? first
        : ['--version', '-v'].includes(first)
          ? 'version'
          : null;
  const verb = name === null ? undefined : VERBS[name];
  if (name === null || verb === undefined) throw new VerbError(unknownVerb(argv), 2);
  const args = argv.slice(name.includes(' ') ? 2 : 1);
  if (args.includes('--help') || args.includes('-h')) {
    console.log(helpFor(name));
    return 0;
  }
  return verb(args);
}

function helpFor(verb: string): string {
  return HELP[verb] ?? HELP[''] ?? '';
}

function unknownVerb(argv: readonly string[]): string {
  const typed = argv
    .slice(0, 2)
    .filter((word) => !word.startsWith('-'))
    .join(' ');
  const names = Object.keys(VERBS);
  const family = names.filter((name) => name.startsWith(`${argv[0] ?? ''} `));
  const near = suggest(typed, names) ?? suggest(argv[0] ?? '', names);
  if (family.length > 0 && argv.length === 1) {
    return `"${typed}" needs a second word: ${family.join(', ')}.`;
  }
  const meant = family.length > 0 ? family.join(' or ') : near;
  const hint = meant === null ? '' : `Did you mean ${meant}?`;
  return [`There is no verb "${typed}".`, hint, 'Run `tidegate help` for the list.']
    .filter((part) => part !== '')
    .join(' ');
}

function report(cause: unknown): number {
  if (cause instanceof VerbError) {
    console.error(cause.message);
    return cause.exitCode;
  }
  console.error(`tidegate failed: ${cause instanceof Error ? cause.message : String(cause)}`);
  if (cause instanceof Error) console.error(cause.stack);
  return 1;
}

/** `tidegate replay ... | head` ends when head does, without a stack trace. */
function quietWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    console.error(`tidegate cannot write its results: ${error.message}`);
    process.exit(1);
  });
}

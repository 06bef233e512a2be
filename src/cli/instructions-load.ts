/** The verb `instructions load`, and its rehearsal. */
import { loadInstructions, type LoadedFile } from '../client/instructions';
import { harmless, tableOf } from '../client/table';
import { givenProfile } from '../presets/import-profile';
import { worstCaseTable } from '../client/worst-case';
import { instructionText, statedOwner } from '../presets/instruction-text';
import { readOptions, usage } from './options';
import { PROFILE_FLAGS } from './profile-flags';
import { orderTable } from './order-text';
import { clientOf, complainOf, remotely, SERVER_FLAGS } from './remote';

const VERB = 'instructions load';
const FLAGS = {
  ...SERVER_FLAGS,
  strategy: { type: 'string' },
  account: { type: 'string' },
  date: { type: 'string' },
  'dry-run': { type: 'boolean' },
  ...PROFILE_FLAGS,
} as const;

const LOST =
  'It is unknown whether the file was loaded; run it again: the same content for the same ' +
  'strategy, account, date and settings is loaded once.';

/** Exit code 2 when the file or a symbol is refused, 3 when the request is. @throws VerbError */
export async function runInstructionsLoad(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(VERB, args, FLAGS);
  const [path, ...more] = positionals;
  if (path === undefined) throw usage(VERB, 'Which file?');
  if (more.length > 0) throw usage(VERB, `One file at a time: ${more.join(' ')} is too much.`);
  const profile = givenProfile(values.profile, values);
  const owner = statedOwner(path);
  const strategy = values.strategy ?? owner.strategy ?? profile.strategy;
  if (strategy === null) throw usage(VERB, '--strategy is missing: whose file is it?');
  const dryRun = values['dry-run'] === true;
  const input = {
    ...instructionText(path),
    strategy,
    account: values.account ?? owner.account ?? profile.account,
    tradingDate: values.date ?? owner.tradingDate ?? profile.tradingDate,
    settings: profile.settings,
    dryRun,
  };
  const client = clientOf(VERB, values);
  const unknown = dryRun ? null : LOST;
  const { file, userErrors } = await remotely(() => loadInstructions(client, input), unknown);
  complainOf(userErrors);
  if (values.json === true) console.log(JSON.stringify({ file, userErrors }));
  else if (file !== null) console.log(loadText(file, dryRun));
  if (file === null) return 3;
  const refused = !file.accepted || file.symbols.some(({ accepted }) => !accepted);
  return refused ? 2 : userErrors.length > 0 ? 3 : 0;
}

function loadText(file: LoadedFile, dryRun: boolean): string {
  const { fileName, strategy, account, tradingDate, symbols, findings } = file;
  const whose = `${harmless(fileName)} for ${strategy.key} in ${account.key} on ${tradingDate}`;
  const loaded = symbols.filter(({ accepted }) => accepted).length;
  const counted = `${loaded} of ${symbols.length} symbols ${dryRun ? 'would load' : 'loaded'}`;
  const verdict = file.accepted ? counted : 'refused';
  const orders = symbols.flatMap((each) => each.orders);
  const worst = worstCaseTable(symbols);
  return [
    `${whose}: ${verdict}.${dryRun ? ' A rehearsal: nothing is armed.' : ''}`,
    ...(symbols.length > 0 ? [tableOf(SYMBOLS, symbols)] : []),
    ...(orders.length > 0 ? [orderTable(orders)] : []),
    ...(worst === null ? [] : [worst]),
    ...findings.map((each) => findingText(each, fileName)),
  ].join('\n\n');
}

const SYMBOLS = [
  { head: 'SYMBOL', text: ({ symbol }: LoadedFile['symbols'][number]) => symbol },
  { head: 'VERDICT', text: (each: LoadedFile['symbols'][number]) => verdictOf(each) },
];

function verdictOf({ accepted, orders }: LoadedFile['symbols'][number]): string {
  return accepted ? `accepted, ${orders.length} order${orders.length === 1 ? '' : 's'}` : 'refused';
}

function findingText(finding: LoadedFile['findings'][number], fileName: string): string {
  const { severity, code, message, line, column, proposal } = finding;
  const place = line === null ? '' : `  ${fileName}:${line}:${column ?? 1}`;
  const rows = [`${severity} ${code}${harmless(place)}`, `  ${harmless(message)}`];
  return [...rows, ...(proposal === null ? [] : [`  Proposal: ${harmless(proposal)}`])].join('\n');
}

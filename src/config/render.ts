/**
 * The configuration as it is shown to people and tools: the table of `config show`, `.env.example`,
 * the page of the documentation and the schema of tidegate.json. All from the catalogue.
 */
import { z } from 'zod';
import { SETTINGS, type Setting } from './catalogue';
import type { LoadedConfig, ShownSetting } from './config';

const SOURCE_WORDS = { flag: 'flag', environment: 'environment', default: 'default' } as const;

/** One line a setting: name, value, source; secrets are masked already. */
export function configText({ settings, remarks }: LoadedConfig): string {
  const rows = settings.map((each) => [each.key, valueText(each), sourceText(each)] as const);
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  const [keys, values] = [width(0), width(1)];
  const lines = rows.map(([key, value, source]) =>
    `${key.padEnd(keys)}  ${value.padEnd(values)}  ${source}`.trimEnd(),
  );
  return [...lines, ...remarks].join('\n');
}

function valueText({ key, value }: ShownSetting): string {
  if (value !== null) return String(value);
  return SETTINGS.find((each) => each.key === key)?.defaultText ?? '';
}

function sourceText({ source, place }: ShownSetting): string {
  if (source === '.env' || source === 'file') return place;
  return place === '' ? SOURCE_WORDS[source] : `${SOURCE_WORDS[source]} ${place}`;
}

/** One object: settings by key, each with value, source and place; and the remarks. */
export function configJson({ settings, remarks }: LoadedConfig): unknown {
  const values = settings.map(({ key, ...rest }) => [key, rest] as const);
  return { settings: Object.fromEntries(values), remarks };
}

/** Every variable with its comment and default, each switched off. */
export function envExample(): string {
  const blocks = SETTINGS.map(
    ({ variable, meaning, mustBe, defaultText, example }) =>
      `# ${meaning}\n# Takes ${mustBe}. Default: ${defaultText}.\n#${variable}=${example}\n`,
  );
  return `${ENV_HEAD}\n${blocks.join('\n')}`;
}

const ENV_HEAD = `# Settings of Tidegate. Copy this file to .env, and take the # away from what you
# want to set. A flag or a variable of the environment goes before this file, this file before
# tidegate.json. Made by \`npm run docs\` from src/config/catalogue.ts.
`;

/** The body of docs/configuration.md. */
export function configPage(): string {
  return `${PAGE_HEAD}
## Every setting

${table(
  ['variable', 'flag', 'tidegate.json', 'default', 'takes', 'what it is for'],
  SETTINGS.map(rowOf),
)}

${PAGE_FOOT}`;
}

function rowOf({ variable, flag, key, defaultText, mustBe, meaning, onlyIn }: Setting): string[] {
  const only = onlyIn === undefined ? '' : ` Only in mode ${onlyIn}.`;
  return [
    `\`${variable}\``,
    flag === null ? 'none' : `\`--${flag}\``,
    `\`${key}\``,
    defaultText,
    mustBe,
    `${meaning}${only}`,
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const PAGE_HEAD = `# Configuration

\`npm start\` needs none. Where there is something to set, the first of these that has it counts:

1. a flag: \`npm start -- --port 4010\` or \`npx tidegate start --port 4010\`
2. a variable of the environment: \`TIDEGATE_PORT=4010 npm start\`
3. a line of \`.env\` in the working folder; \`.env.example\` has every variable
4. \`tidegate.json\` in the working folder: strict JSON, with
   \`"$schema": "./schemas/tidegate.schema.json"\` so that an editor completes it
5. the default

\`npx tidegate config show\` prints every value with where it came from, secrets masked. An empty
variable counts as not set. A variable that begins with \`TIDEGATE_\` and is none of these stops the
start, with what was probably meant, as does a wrong value or an unknown key of \`tidegate.json\`
(with line and column). Folders are taken from the working folder. The token and the database's
address have no flag, because command lines are seen by every user of a machine.
`;

const PAGE_FOOT = `In \`tidegate.json\`, \`ib.host\` stands for \`{ "ib": { "host": ... } }\`.
The settings of the mode that is not running are ignored, and the start says so.

## Instruction files

\`instructions/x.json\` belongs to the strategy \`default\`, \`instructions/momentum/x.json\` to
\`momentum\`, which is added at stage PAPER when there is none. Only regular files whose names end
in \`.json\` are read, directly in the folder or one folder deep, up to 8 MiB, once they have
not changed for a second, once per content. Links (a second name of a file, too), pipes, devices,
archives, names with characters that do not print and deeper folders are left alone, with one
warning each. Of more than 1000 files in a folder the rest waits; of more than 1000 folders the
rest is not read. A \`profile.json\` is no instruction file: it says whose the files beside it are
and what holds where they are silent ([import profiles](instruction-files.md#import-profiles)).

A file that was loaded moves to \`processed\`, one of which nothing could be armed to \`refused\`:
folders beside it, so \`instructions/momentum/x.json\` moves to
\`instructions/momentum/processed/x.json\`. The report \`x.json.report.txt\` lies next to it: when,
for which strategy, account and trading date, each symbol accepted or refused, each finding with
line and column, and what to do next. Nothing there is ever overwritten: where the name is taken,
the time stands in it, too (\`x.20240311T150405Z.json\`). Both folders are yours to tidy up; what
lies in them is never read, and no strategy's folder can have their names.

A file stays where it is, and is taken again, when the server ends before it was loaded. One that
was loaded and not yet moved when the server died is moved by the next start and loaded by none.
Where nothing can be moved (a folder that is mounted for reading only), files stay, are loaded once,
and one warning says why. The same content on a later day is not loaded again from the inbox:
change it, or load it with \`tidegate instructions load\`.

## Other machines

The API listens on this machine alone. Any other \`TIDEGATE_HOST\` needs \`TIDEGATE_TOKEN\`, and
belongs behind something that encrypts. There the API answers under every name, to whoever has the
token, and to pages of the name that they ask; \`0.0.0.0\` and \`::\` are all addresses of the
machine.
`;

/** JSON Schema of tidegate.json, for editors. */
export function configSchema(): unknown {
  const properties: Record<string, unknown> = { $schema: { type: 'string' } };
  const groups = new Map<string, Record<string, unknown>>();
  for (const setting of SETTINGS) {
    const [first = '', second] = setting.key.split('.');
    if (second === undefined) properties[first] = schemaOf(setting);
    else groups.set(first, { ...groups.get(first), [second]: schemaOf(setting) });
  }
  for (const [name, members] of groups) {
    properties[name] = { type: 'object', additionalProperties: false, properties: members };
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'tidegate.json',
    description: 'Settings of Tidegate; every one may be left out.',
    type: 'object',
    additionalProperties: false,
    patternProperties: { '^_': {} },
    properties,
  };
}

function schemaOf({ schema, meaning, mustBe, fallback, example }: Setting): unknown {
  const rest: z.core.JSONSchema.BaseSchema = { ...z.toJSONSchema(schema) };
  delete rest.$schema;
  const description = `${meaning} Takes ${mustBe}.`;
  const shown = rest.type === 'string' ? example : Number(example);
  return {
    ...rest,
    description,
    ...(fallback !== null && { default: fallback }),
    examples: [shown],
  };
}

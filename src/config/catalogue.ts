/**
 * Every setting of Tidegate, once: its names, what it takes, its default and what it is for. The
 * reader of the configuration, the flags, `.env.example`, the documentation and the schema of
 * tidegate.json all come from this list. Must not know how a value is read or what is done with it.
 */
import { z } from 'zod';

/** The name of a setting in tidegate.json; a dot stands for an object around it. */
export type SettingKey =
  | 'mode'
  | 'host'
  | 'port'
  | 'gatewayPort'
  | 'dataDir'
  | 'rulesDir'
  | 'instructionsDir'
  | 'token'
  | 'demoSpeed'
  | 'databaseUrl'
  | 'logFormat'
  | 'logLevel'
  | 'ib.host'
  | 'ib.port'
  | 'ib.clientId';

export interface Setting {
  readonly key: SettingKey;
  /** The environment variable, in the environment or in `.env`. */
  readonly variable: string;
  /** The flag without its dashes; null for secrets, because command lines are seen by others. */
  readonly flag: string | null;
  /** Judges the value as tidegate.json has it; text from elsewhere is turned into that first. */
  readonly schema: z.ZodType;
  /** What a right value is, as the end of a sentence that begins "must be". */
  readonly mustBe: string;
  /** Null: without a value of its own, as `defaultText` says. */
  readonly fallback: string | number | null;
  readonly defaultText: string;
  readonly example: string;
  readonly meaning: string;
  /** Never shown: `all` of it, or the password in an address. */
  readonly secret?: 'all' | 'password';
  /** A path, taken from the working folder. */
  readonly path?: true;
  /** The only mode that looks at it. */
  readonly onlyIn?: 'demo' | 'paper';
}

/** Everybody knows it, so it opens nothing. */
const EXAMPLE_TOKEN = 'your-own-long-random-text';

const PORT = z.int().min(0).max(65_535);
const PORT_WORDS = 'a whole number from 0 to 65535 (0 takes any free port)';
const HOST = z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/);
const HOST_WORDS = 'a host name or an address, without protocol and port';
const FOLDER = z.string().min(1);
const FOLDER_WORDS = 'the path of a folder';

const WHERE: readonly Setting[] = [
  {
    key: 'mode',
    ...{ variable: 'TIDEGATE_MODE', flag: 'mode' },
    schema: z.enum(['demo', 'paper']),
    mustBe: 'demo or paper',
    ...{ fallback: 'demo', defaultText: 'demo', example: 'paper' },
    meaning:
      'demo trades on the embedded gateway with made-up prices; paper on a paper account at IB.',
  },
  {
    key: 'host',
    ...{ variable: 'TIDEGATE_HOST', flag: 'host' },
    ...{ schema: HOST, mustBe: HOST_WORDS },
    ...{ fallback: '127.0.0.1', defaultText: '127.0.0.1', example: '0.0.0.0' },
    meaning:
      'Address the API and its pages listen on. Any but this machine alone needs TIDEGATE_TOKEN.',
  },
  {
    key: 'port',
    ...{ variable: 'TIDEGATE_PORT', flag: 'port' },
    ...{ schema: PORT, mustBe: PORT_WORDS },
    ...{ fallback: 4000, defaultText: '4000', example: '4010' },
    meaning: 'Port of the API and its pages.',
  },
  {
    key: 'gatewayPort',
    ...{ variable: 'TIDEGATE_GATEWAY_PORT', flag: 'gateway-port', onlyIn: 'demo' },
    ...{ schema: PORT, mustBe: PORT_WORDS },
    ...{ fallback: 7597, defaultText: '7597', example: '7598' },
    meaning: 'Port of the embedded gateway on 127.0.0.1; none of the ports IB uses.',
  },
];

const FOLDERS: readonly Setting[] = [
  {
    key: 'dataDir',
    ...{ variable: 'TIDEGATE_DATA_DIR', flag: 'data-dir', path: true },
    ...{ schema: FOLDER, mustBe: FOLDER_WORDS },
    ...{ fallback: 'data', defaultText: './data', example: './data-paper' },
    meaning: 'Folder of the databases. It is made when it is missing.',
  },
  {
    key: 'rulesDir',
    ...{ variable: 'TIDEGATE_RULES_DIR', flag: 'rules-dir', path: true },
    ...{ schema: FOLDER, mustBe: FOLDER_WORDS },
    ...{ fallback: null, defaultText: 'the shipped rules', example: './my-rules' },
    meaning: 'Folder that holds risk/, orders/ and schemas/. Read once, at the start.',
  },
  {
    key: 'instructionsDir',
    ...{ variable: 'TIDEGATE_INSTRUCTIONS_DIR', flag: 'instructions-dir', path: true },
    ...{ schema: FOLDER, mustBe: FOLDER_WORDS },
    ...{ fallback: 'instructions', defaultText: './instructions', example: './inbox' },
    meaning:
      'Inbox of instruction files: x.json is of the strategy default, momentum/x.json of momentum.',
  },
];

const REST: readonly Setting[] = [
  {
    key: 'token',
    ...{ variable: 'TIDEGATE_TOKEN', flag: null, secret: 'all' },
    schema: z
      .string()
      .regex(/^[\x21-\x7e]{22,256}$/)
      .refine((text) => text !== EXAMPLE_TOKEN),
    mustBe: '22 to 256 letters, digits and signs without blanks, and your own',
    ...{ fallback: null, defaultText: 'none', example: EXAMPLE_TOKEN },
    meaning: 'What a caller of the API must show as "Authorization: Bearer ...".',
  },
  {
    key: 'demoSpeed',
    ...{ variable: 'TIDEGATE_DEMO_SPEED', flag: 'demo-speed', onlyIn: 'demo' },
    schema: z.number().min(0.1).max(1000),
    mustBe: 'a number from 0.1 to 1000',
    ...{ fallback: 1, defaultText: '1', example: '10' },
    meaning: 'How fast the made-up market runs: 10 is ten seconds of market a second.',
  },
  {
    key: 'databaseUrl',
    ...{ variable: 'DATABASE_URL', flag: null, secret: 'password' },
    schema: z.string().refine(isDatabaseAddress),
    mustBe: 'an address such as mysql://user:password@host:3306/database',
    ...{ fallback: null, defaultText: 'SQLite in the data folder' },
    example: 'mysql://tidegate:password@127.0.0.1:3306/tidegate',
    meaning: 'MySQL or MariaDB for the journal and the query tables.',
  },
  {
    key: 'logFormat',
    ...{ variable: 'TIDEGATE_LOG_FORMAT', flag: 'log-format' },
    ...{ schema: z.enum(['text', 'json']), mustBe: 'text or json' },
    ...{ fallback: 'text', defaultText: 'text', example: 'json' },
    meaning: 'Log lines for people, or one JSON object a line.',
  },
  {
    key: 'logLevel',
    ...{ variable: 'TIDEGATE_LOG_LEVEL', flag: 'log-level' },
    schema: z.enum(['debug', 'info', 'warning', 'error']),
    mustBe: 'debug, info, warning or error',
    ...{ fallback: 'info', defaultText: 'info', example: 'debug' },
    meaning: 'The least important log lines that are written.',
  },
];

const BROKER: readonly Setting[] = [
  {
    key: 'ib.host',
    ...{ variable: 'IB_HOST', flag: 'ib-host', onlyIn: 'paper' },
    ...{ schema: HOST, mustBe: HOST_WORDS },
    ...{ fallback: '127.0.0.1', defaultText: '127.0.0.1', example: 'ib-gateway' },
    meaning: 'Where TWS or IB Gateway runs.',
  },
  {
    key: 'ib.port',
    ...{ variable: 'IB_PORT', flag: 'ib-port', onlyIn: 'paper' },
    schema: z.int().min(1).max(65_535),
    mustBe: 'a whole number from 1 to 65535',
    ...{ fallback: 4002, defaultText: '4002', example: '7497' },
    meaning: 'Its API port: 4002 of IB Gateway with a paper login, 7497 of TWS.',
  },
  {
    key: 'ib.clientId',
    ...{ variable: 'IB_CLIENT_ID', flag: 'ib-client-id', onlyIn: 'paper' },
    schema: z.int().min(1).max(2_147_483_647),
    mustBe: 'a whole number from 1 to 2147483647 (client 0 is handed the manual orders of TWS)',
    ...{ fallback: 17, defaultText: '17', example: '18' },
    meaning: 'Number this program is known by at IB; no two programs may share one.',
  },
];

/** In the order in which they are shown. */
export const SETTINGS: readonly Setting[] = [...WHERE, ...FOLDERS, ...REST, ...BROKER];

function isDatabaseAddress(text: string): boolean {
  const address = URL.canParse(text) ? new URL(text) : null;
  if (address === null) return false;
  const { protocol, hostname, username, pathname } = address;
  const isComplete = hostname !== '' && username !== '' && /^\/[^/]+$/.test(pathname);
  return isComplete && /^(mysql|mariadb):$/.test(protocol);
}

/**
 * From flags, environment, `.env`, tidegate.json and defaults, in this order, to one frozen Config.
 * Every fault is found at once. Reads two files of the working folder and changes nothing.
 */
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import type { LogLevel } from '../domain/desk';
import { didYouMean } from '../json/suggest';
import { SETTINGS, type Setting, type SettingKey } from './catalogue';
import { ConfigError, type Config, type LoadedConfig, type ShownSetting } from './config';
import { gather, type ConfigInput, type Given } from './sources';

export type { ConfigInput } from './sources';

type Value = string | number | null;

interface Chosen {
  readonly setting: Setting;
  readonly given: Given | null;
  readonly value: Value;
}

/** @throws ConfigError with every fault */
export function loadConfig(input: ConfigInput): LoadedConfig {
  const { given, faults: ofSources } = gather(input);
  const faults = [...ofSources];
  const chosen = new Map<SettingKey, Chosen>();
  for (const setting of SETTINGS) {
    const first = given.find((each) => each.setting === setting) ?? null;
    const value = first === null ? fallbackOf(setting, input) : valueOf(first, faults);
    chosen.set(setting.key, { setting, given: first, value: placed(setting, value, input) });
  }
  if (faults.length === 0) faults.push(...clashes(chosen));
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    config: assemble(chosen),
    settings: [...chosen.values()].map(shown),
    remarks: remarksOn(chosen),
    secrets: secretsOf(chosen),
  };
}

function fallbackOf({ key, fallback }: Setting, input: ConfigInput): Value {
  return key === 'rulesDir' ? input.shippedRules : fallback;
}

/** Folders are named from the working folder, wherever they are named. */
function placed(setting: Setting, value: Value, { workingFolder }: ConfigInput): Value {
  if (setting.path !== true || typeof value !== 'string') return value;
  return isAbsolute(value) ? value : resolve(workingFolder, value);
}

function valueOf(given: Given, faults: string[]): Value {
  const { setting, source, value } = given;
  const candidate = source === 'file' ? value : fromText(setting, String(value));
  const judged = setting.schema.safeParse(candidate);
  if (judged.success) return judged.data as Value;
  faults.push(wrongValue(given));
  return null;
}

const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** Words of a choice are read in any case, numbers as plain decimals. */
function fromText({ schema }: Setting, text: string): unknown {
  const trimmed = text.trim();
  if (schema instanceof z.ZodNumber) return NUMBER.test(trimmed) ? Number(trimmed) : trimmed;
  return schema instanceof z.ZodEnum ? trimmed.toLowerCase() : trimmed;
}

function wrongValue({ setting, source, place, value, frame }: Given): string {
  const { mustBe, schema, secret, example, variable } = setting;
  const shownValue = secret === undefined ? ` not ${JSON.stringify(value)}` : ' not what it is';
  const near =
    schema instanceof z.ZodEnum ? didYouMean(String(value), schema.options.map(String)) : null;
  const next = near === null ? `For example: ${example}.` : `Did you mean ${near}?`;
  const what = source === '.env' ? `${place}: ${variable}` : place;
  const name = source === 'file' ? `${place}: "${setting.key}"` : what;
  return `${name} must be ${mustBe},${shownValue}. ${next}${frame === '' ? '' : `\n${frame}`}`;
}

/** What single values cannot tell. */
function clashes(chosen: ReadonlyMap<SettingKey, Chosen>): string[] {
  const { host, port, gatewayPort, token, mode, ib } = assemble(chosen);
  const faults: string[] = [];
  if (!isLoopback(host) && token === null) {
    faults.push(
      `TIDEGATE_HOST ${host} opens the API to other machines, and no token is set. ` +
        'Set TIDEGATE_TOKEN to a long random text, or leave the host at 127.0.0.1.',
    );
  }
  if (mode === 'DEMO' && port !== 0 && port === gatewayPort) {
    faults.push(
      `TIDEGATE_PORT and TIDEGATE_GATEWAY_PORT are both ${port}. Choose another for one of them.`,
    );
  }
  if (mode === 'DEMO' && IB_PORTS.has(gatewayPort)) {
    faults.push(
      `TIDEGATE_GATEWAY_PORT ${gatewayPort} is a port of IB: a program that looks for IB there ` +
        'would meet made-up money. Choose another, such as 7597.',
    );
  }
  if (mode === 'PAPER' && LIVE_PORTS.has(ib.port)) {
    faults.push(
      `IB_PORT ${ib.port} is where TWS or IB Gateway trade with real money, which Tidegate does ` +
        'not do. Set IB_PORT to 7497 (TWS) or 4002 (IB Gateway), with a paper login there.',
    );
  }
  return faults;
}

/** Where TWS and IB Gateway listen unless somebody changed it, first with real money. */
const LIVE_PORTS: ReadonlySet<number> = new Set([7496, 4001]);
const IB_PORTS: ReadonlySet<number> = new Set([...LIVE_PORTS, 7497, 4002]);

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function assemble(chosen: ReadonlyMap<SettingKey, Chosen>): Config {
  const text = (key: SettingKey): string => String(chosen.get(key)?.value ?? '');
  const number = (key: SettingKey): number => Number(chosen.get(key)?.value);
  const optional = (key: SettingKey): string | null => {
    const value = chosen.get(key)?.value ?? null;
    return value === null ? null : String(value);
  };
  const ib = { host: text('ib.host'), port: number('ib.port'), clientId: number('ib.clientId') };
  return Object.freeze({
    mode: text('mode') === 'paper' ? 'PAPER' : 'DEMO',
    ...{ host: text('host'), port: number('port'), gatewayPort: number('gatewayPort') },
    ...{ dataDir: text('dataDir'), rulesDir: text('rulesDir') },
    instructionsDir: text('instructionsDir'),
    token: optional('token'),
    demoSpeed: number('demoSpeed'),
    databaseUrl: optional('databaseUrl'),
    logFormat: text('logFormat') === 'json' ? 'json' : 'text',
    logLevel: text('logLevel').toUpperCase() as LogLevel,
    ib: Object.freeze(ib),
  });
}

function remarksOn(chosen: ReadonlyMap<SettingKey, Chosen>): string[] {
  const mode = String(chosen.get('mode')?.value);
  const idle = [...chosen.values()].filter(
    ({ setting, given }) =>
      given !== null && setting.onlyIn !== undefined && setting.onlyIn !== mode,
  );
  if (idle.length === 0) return [];
  const names = idle.map(({ setting, given }) =>
    given?.source === 'environment' ? setting.variable : `${setting.variable} (${given?.place})`,
  );
  const why =
    mode === 'demo'
      ? 'the demo trades on the embedded gateway; --mode paper connects to IB'
      : 'only the demo has an embedded gateway and a made-up market';
  return [`Ignored: ${names.join(', ')}: ${why}.`];
}

const MASK = '********';

function shown({ setting, given, value }: Chosen): ShownSetting {
  const { key, variable, flag } = setting;
  const source = given?.source ?? 'default';
  return { key, variable, flag, value: masked(setting, value), source, place: given?.place ?? '' };
}

function masked({ secret }: Setting, value: Value): Value {
  if (secret === undefined || typeof value !== 'string') return value;
  if (secret === 'all') return MASK;
  const address = new URL(value);
  if (address.password !== '') address.password = MASK;
  // Settings of a connection may hold a secret too, under any name.
  for (const name of [...address.searchParams.keys()]) {
    if (/pass|secret|key|token/i.test(name)) address.searchParams.set(name, MASK);
  }
  return address.href;
}

/** A password as it is typed in the address, and as it is. */
function secretsOf(chosen: ReadonlyMap<SettingKey, Chosen>): string[] {
  const secrets: string[] = [];
  for (const { setting, value } of chosen.values()) {
    if (setting.secret === undefined || typeof value !== 'string') continue;
    secrets.push(value);
    if (setting.secret === 'all') continue;
    const { password } = new URL(value);
    if (password !== '') secrets.push(password, decoded(password));
  }
  return [...new Set(secrets)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

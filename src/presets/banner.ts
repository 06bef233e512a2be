/** What the start says once everything runs: which world this is, where it is, and what to open. */
import { isAbsolute, relative } from 'node:path';
import type { LiveMode } from '../config/config';

export interface BannerFacts {
  readonly version: string;
  readonly mode: LiveMode;
  readonly folder: { readonly path: string; readonly state: 'new' | 'continued' };
  /** `SQLite ./data/journal.db, views.db`; passwords are the caller's to leave out. */
  readonly databases: string;
  /** `embedded gateway on 127.0.0.1:7597 (TWS protocol)`. */
  readonly broker: string;
  readonly rules: {
    readonly folder: string;
    readonly files: number;
    readonly rules: number;
    readonly hash: string;
  };
  readonly instructions: { readonly folder: string; readonly copied: readonly string[] };
  readonly urls: readonly { readonly name: string; readonly url: string }[];
  readonly clock: {
    /** The engine's clock, epoch milliseconds. */
    readonly now: number;
    /** Such as XNYS, with its IANA zone. */
    readonly exchange: string;
    readonly zone: string;
    /** Null where the market's time is everybody's. */
    readonly speed: number | null;
  };
  readonly pid: number;
  readonly remarks: readonly string[];
}

const WORLD: Readonly<Record<LiveMode, string>> = {
  DEMO: 'DEMO · embedded broker, made-up prices, no account needed',
  PAPER: 'PAPER · a paper account at Interactive Brokers',
};

/** A line a fact, the labels in one column; no line break at the end. */
export function bannerText(facts: BannerFacts): string {
  const { version, mode, folder, databases, broker, rules, instructions, urls, clock } = facts;
  const rows: [string, string][] = [
    ['folder', `${folder.path} (${folder.state})`],
    ['databases', databases],
    ['broker', broker],
    ['rules', `${count(rules.rules, 'rule')} in ${count(rules.files, 'file')}, ${ruleSet(rules)}`],
    ['inbox', inboxText(instructions)],
    ...urls.map(({ name, url }): [string, string] => [name, url]),
    ['clock', clockText(clock)],
    ['pid', `${facts.pid} (Ctrl-C or SIGTERM ends it)`],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    `Tidegate ${version} · ${WORLD[mode]}`,
    ...rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`),
    ...facts.remarks.map((remark) => `  ${remark}`),
  ].join('\n');
}

/** The first line of the log, so that no time in it can be misread. */
export const LOG_TIMES = 'Log times are UTC.';

/** `./data` where a path lies in the working folder, the whole path elsewhere. */
export function shownPath(path: string, workingFolder: string): string {
  const near = relative(workingFolder, path);
  if (near === '') return '.';
  return near.startsWith('..') || isAbsolute(near) ? path : `./${near}`;
}

const count = (number: number, word: string): string =>
  `${number} ${word}${number === 1 ? '' : 's'}`;

const ruleSet = ({ folder, hash }: BannerFacts['rules']): string =>
  `all valid, set ${hash.slice(0, 12)}, ${folder}`;

function inboxText({ folder, copied }: BannerFacts['instructions']): string {
  return copied.length === 0 ? folder : `${folder} (samples copied: ${copied.join(', ')})`;
}

function clockText({ now, exchange, zone, speed }: BannerFacts['clock']): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((each) => each.type === type)?.value ?? '';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  const time = `${part('hour')}:${part('minute')}:${part('second')}`;
  const made = speed === null ? '' : `, the market's own time at speed ${speed}`;
  return `${date} ${time} ${zone} (${exchange})${made}`;
}

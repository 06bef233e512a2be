/**
 * The log: one line an entry, for people or as JSON, and every entry to whoever listens. Secrets
 * are taken out before an entry is written or heard. Must not know what the entries are about.
 */
import pino from 'pino';
import type { Listen, LogEntry, LogLevel } from '../domain/desk';

export interface LogOptions {
  readonly format: 'text' | 'json';
  /** Entries below it are neither written nor heard. */
  readonly level: LogLevel;
  /** Texts that must not appear, such as a token. */
  readonly secrets: readonly string[];
  /** Epoch milliseconds; default: the clock of this machine. */
  readonly now?: () => number;
  /** Takes one line with its line break; default: stdout. */
  readonly write?: (line: string) => void;
}

export interface Logger {
  log(level: LogLevel, message: string, orderId?: string | null): void;
  debug(message: string, orderId?: string | null): void;
  info(message: string, orderId?: string | null): void;
  warning(message: string, orderId?: string | null): void;
  error(message: string, orderId?: string | null): void;
  readonly onEntry: Listen<LogEntry>;
}

const RANKS: Readonly<Record<LogLevel, number>> = { DEBUG: 20, INFO: 30, WARNING: 40, ERROR: 50 };

/** A log of its own; there may be several. */
export function createLogger(options: LogOptions): Logger {
  const { level: least, now = Date.now, write = writeStdout() } = options;
  const clean = cleaner(options.secrets);
  const print = options.format === 'json' ? jsonPrinter(write) : textPrinter(write);
  const listeners = new Set<(entry: LogEntry) => void>();
  const log: Logger['log'] = (level, message, orderId = null) => {
    if (RANKS[level] < RANKS[least]) return;
    const entry: LogEntry = { at: now(), level, message: clean(message), orderId };
    print(entry);
    for (const listener of listeners) listener(entry);
  };
  return {
    log,
    debug: (message, orderId) => log('DEBUG', message, orderId),
    info: (message, orderId) => log('INFO', message, orderId),
    warning: (message, orderId) => log('WARNING', message, orderId),
    error: (message, orderId) => log('ERROR', message, orderId),
    onEntry: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** `[2026-11-20 14:30:04] INFO: message`, the time in UTC. */
export function logLine({ at, level, message }: LogEntry): string {
  const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  return `[${time}] ${level}: ${message}`;
}

/** The log goes on when nobody reads it any more: trading must not end with a terminal. */
function writeStdout(): (line: string) => void {
  let broken = false;
  process.stdout.on('error', () => {
    broken = true;
  });
  return (line) => {
    if (!broken) process.stdout.write(line);
  };
}

function textPrinter(write: (line: string) => void): (entry: LogEntry) => void {
  return (entry) => write(`${logLine(entry)}\n`);
}

function jsonPrinter(write: (line: string) => void): (entry: LogEntry) => void {
  const settings: pino.LoggerOptions<'warning'> = {
    level: 'debug',
    customLevels: { warning: RANKS.WARNING },
    base: null,
    timestamp: false,
    messageKey: 'message',
    formatters: { level: (label) => ({ level: label.toUpperCase() }) },
  };
  const lines = pino(settings, { write });
  const names = { DEBUG: 'debug', INFO: 'info', WARNING: 'warning', ERROR: 'error' } as const;
  return ({ at, level, message, orderId }) => {
    const time = new Date(at).toISOString();
    lines[names[level]]({ time, ...(orderId !== null && { orderId }) }, message);
  };
}

const MASK = '********';
/** A shorter one is a part of ordinary words; in an address it is found anyway. */
const SHORTEST_SECRET = 6;
/** The password of an address, and what comes after the word that announces a token. */
const ADDRESS = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)[^\s@]+@/gi;
const BEARER = /(\bbearer\s+)[^\s"',]+/gi;
/** They could move the cursor, forge a line or hide what stands there. */
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function cleaner(secrets: readonly string[]): (message: string) => string {
  // The longest first: one secret may be part of another.
  const known = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  return (message) => {
    let text = message;
    for (const secret of known) text = text.replaceAll(secret, MASK);
    return text
      .replace(ADDRESS, `$1${MASK}@`)
      .replace(BEARER, `$1${MASK}`)
      .replace(UNPRINTABLE, escaped);
  };
}

function escaped(character: string): string {
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

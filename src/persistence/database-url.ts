/**
 * Reads DATABASE_URL. It must not connect to anything, and no text it makes carries the password.
 */
import { StorageError } from './storage-error';

/** Where a MySQL or MariaDB server and the database of Tidegate on it are. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Encrypted, and the server's certificate checked. */
  readonly tls: boolean;
}

const FORM = 'mysql://user:password@host:3306/database (or mariadb://)';
const NAME = /^[A-Za-z0-9_$-]{1,64}$/;
const DEFAULT_PORT = 3306;

function refuse(what: string): StorageError {
  return new StorageError(
    `DATABASE_URL ${what}. Write it as ${FORM}, or leave it out for the embedded database.`,
  );
}

/** @throws StorageError */
export function parseDatabaseUrl(text: string): DatabaseAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('is no URL; special characters in the password are written as %40 and the like');
  }
  if (!['mysql:', 'mariadb:'].includes(url.protocol)) {
    throw refuse(`names ${url.protocol.replace(':', '')}, which is not supported`);
  }
  const database = decoded(url.pathname.slice(1));
  if (database === '') throw refuse('names no database after the host');
  if (!NAME.test(database)) {
    throw refuse(`names the database "${database}"; letters, digits, _, $ and - are possible`);
  }
  if (url.hostname === '') throw refuse('names no host');
  if (url.username === '') throw refuse('names no user');
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    user: decoded(url.username),
    password: decoded(url.password),
    database,
    tls: tlsOf(url.searchParams),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse('has a % that is not followed by two hexadecimal digits');
  }
}

function tlsOf(options: URLSearchParams): boolean {
  for (const [name, value] of options) {
    if (name !== 'tls' || !/^(true|false)$/.test(value)) {
      throw refuse(`has the option "${name}=${value}"; tls=true and tls=false are possible`);
    }
  }
  return options.get('tls') === 'true';
}

/** For messages: without user and password. */
export function placeOf({ host, port, database }: DatabaseAddress): string {
  return `${database} at ${host.includes(':') ? `[${host}]` : host}:${port}`;
}

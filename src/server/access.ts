/**
 * Who may talk to the server: the names under which it may be reached, the pages that may reach
 * it, and the token. Knows headers, not GraphQL.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Who asks. Without a token everybody on this machine is the operator. */
export interface Who {
  readonly name: 'local' | 'token';
}

/** Told to a person in one line, with the next step. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

/** Whether an address can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

/** Whether an address stands for all addresses of this machine, such as 0.0.0.0 and ::. */
export function isEverywhere(host: string): boolean {
  return /^\[?[0.:]+\]?$/.test(host);
}

/** Where a person on this machine finds a server that listens on a host. */
export function urlOf(host: string, port: number): string {
  if (!isEverywhere(host)) return `http://${inUrl(host)}:${port}`;
  return `http://${host.includes(':') ? '[::1]' : '127.0.0.1'}:${port}`;
}

/** @throws StartRefused for an address that others can reach while anybody may trade */
export function checkAddress(host: string, token: string | null): void {
  if (isLoopback(host) || (token !== null && token !== '')) return;
  throw new StartRefused(
    `Refused to listen on ${host} without a token: anybody who reaches it could trade. ` +
      'Set a token of at least 22 random characters, or listen on 127.0.0.1.',
  );
}

const MINUTE_MS = 60_000;
/** Wrong tokens per minute and address before whoever sends more is told to wait. */
const WRONG_PER_MINUTE = 20;
/** Addresses remembered; past it the memory starts anew. */
const MOST_ADDRESSES = 10_000;

export type Verdict = Who | 'WRONG' | 'TOO_MANY';

/**
 * Compares tokens, in a time that says nothing about them, and counts who guesses. The right token
 * always passes: behind one address there may be a program with an old token and a person.
 */
export class TokenCheck {
  readonly #digest: Buffer | null;
  #wrong = new Map<string, number>();
  #minute = 0;

  constructor(
    token: string | null,
    private readonly now: () => number = Date.now,
  ) {
    this.#digest = token === null || token === '' ? null : digestOf(token);
  }

  /** @param address - where the request came from, for the count of wrong tokens */
  check(given: string | null, address: string): Verdict {
    if (this.#digest === null) return { name: 'local' };
    // A request without a token is no guess: a page asks before it knows that it needs one.
    if (given === null) return 'WRONG';
    if (timingSafeEqual(digestOf(given), this.#digest)) return { name: 'token' };
    const minute = Math.floor(this.now() / MINUTE_MS);
    if (minute !== this.#minute || this.#wrong.size > MOST_ADDRESSES) {
      this.#minute = minute;
      this.#wrong = new Map();
    }
    const wrong = this.#wrong.get(address) ?? 0;
    if (wrong >= WRONG_PER_MINUTE) return 'TOO_MANY';
    this.#wrong.set(address, wrong + 1);
    return 'WRONG';
  }
}

/** Digests are of equal length, whatever was sent. */
const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The token of an Authorization header or of a connection_init, or null. */
export function bearer(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  return /^Bearer +(\S+)$/i.exec(value)?.[1] ?? null;
}

/** The token that a client sends with connection_init: `token`, or `Authorization` as on HTTP. */
export function tokenOf(params: Readonly<Record<string, unknown>> | undefined): string | null {
  const token = params?.['token'];
  if (typeof token === 'string') return token;
  return bearer(params?.['Authorization'] ?? params?.['authorization']);
}

/**
 * Holds the names of the server. A page of another site can neither pretend to be under one of
 * them, which is what a name that is pointed at this machine would do, nor come from elsewhere.
 * A server that others can reach has names it cannot know, and its token stands in for them: a
 * page of another site does not have it. There, a page must come from the name it asks.
 */
export class Doors {
  readonly #hosts: ReadonlySet<string>;
  readonly #isOpen: boolean;

  /** @param hosts - the address listened on, then other names, with or without port */
  constructor(hosts: readonly string[], port: number) {
    const [address] = hosts;
    this.#isOpen = address !== undefined && !isLoopback(address);
    const named = ['localhost', '127.0.0.1', '[::1]', ...hosts.map(inUrl)];
    // A name with a port of its own is taken as it is: a proxy may listen elsewhere.
    this.#hosts = new Set(
      named.flatMap((name) => (hasPort(name) ? aliases(name) : aliases(`${name}:${port}`))),
    );
  }

  /** Why the request may not come in, or null. */
  refusal({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): string | null {
    const name = host?.toLowerCase() ?? '';
    if (this.#isOpen ? !isHost(name) : !this.#hosts.has(name)) {
      return 'The Host header names another server. Use the address that the server printed.';
    }
    const isForeign = origin !== undefined && !this.#isOwn(origin, name);
    if (isForeign || site === 'cross-site') {
      return 'The request comes from a page of another site, and those are refused.';
    }
    return null;
  }

  #isOwn(origin: string, name: string): boolean {
    const host = /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]?.toLowerCase();
    if (host === undefined) return false;
    return this.#isOpen ? bare(host) === bare(name) : this.#hosts.has(host);
  }
}

/** A name or an address, with or without a port. */
const isHost = (text: string): boolean =>
  /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_]([a-z0-9._-]{0,252}))(:\d{1,5})?$/.test(text);

const hasPort = (name: string): boolean => /[^:\]]:\d+$|\]:\d+$/.test(name);

/** Browsers leave the usual ports out. */
const bare = (name: string): string => name.replace(/:(80|443)$/, '');
const aliases = (name: string): readonly string[] => [...new Set([name, bare(name)])];

function inUrl(host: string): string {
  const isIpv6 = host.split(':').length > 2 && !host.startsWith('[');
  return (isIpv6 ? `[${host}]` : host).toLowerCase();
}

/**
 * Asks a running server over its GraphQL API, and turns whatever can go wrong on the way into one
 * line with the next step. Must not know what is asked, nor print anything.
 */

export interface ServerAddress {
  /** Without the path of the API, or with it. */
  readonly url: string;
  readonly token: string | null;
  readonly timeoutMs: number;
}

/** What is known of a request that failed. */
export type FailureKind =
  /** Nothing was done: it did not arrive, or was not let in. */
  | 'NOT_DONE'
  /** It was not understood: a value that cannot be used. */
  | 'UNUSABLE'
  /** It may have arrived; the answer did not. */
  | 'UNKNOWN';

export class ClientError extends Error {
  override readonly name = 'ClientError';
  constructor(
    message: string,
    readonly kind: FailureKind,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export type Variables = Readonly<Record<string, unknown>>;

export class ApiClient {
  readonly #endpoint: string;

  /** @throws ClientError for an address that is none */
  constructor(private readonly address: ServerAddress) {
    this.#endpoint = endpointOf(address.url);
  }

  /** The data of the answer, as the query asked for it. @throws ClientError */
  async ask<Data>(query: string, variables: Variables = {}): Promise<Data> {
    const response = await this.#send(JSON.stringify({ query, variables }));
    const body = await this.#read(response);
    this.#demandEntry(response);
    const answer = answerOf(body);
    if (answer === null) throw this.#stranger(response);
    const [error] = answer.errors ?? [];
    if (error !== undefined) throw failedRequest(error);
    if (answer.data === null || answer.data === undefined) throw this.#stranger(response);
    return answer.data as Data;
  }

  async #send(body: string): Promise<Response> {
    const { token, timeoutMs } = this.address;
    const headers = new Headers({ 'content-type': 'application/json' });
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      // Followed, a redirect would carry the token to wherever it leads.
      const init = { method: 'POST', redirect: 'manual', headers, body, signal } as const;
      return await fetch(this.#endpoint, init);
    } catch (cause) {
      throw this.#unanswered(cause);
    }
  }

  async #read(response: Response): Promise<string> {
    try {
      return await response.text();
    } catch (cause) {
      throw this.#unanswered(cause);
    }
  }

  #unanswered(cause: unknown): ClientError {
    const { code, syscall } = rootOf(cause);
    if (BEFORE_SENDING.has(syscall) || NEVER_ARRIVED.has(code)) {
      const next = 'Start it with `tidegate start`, or name another with --url, --host or --port.';
      const message = `No server answers at ${this.#endpoint} (${code}). ${next}`;
      return new ClientError(message, 'NOT_DONE', { cause });
    }
    const seconds = this.address.timeoutMs / 1_000;
    const why = isTimeout(cause)
      ? `no answer within ${seconds} s`
      : `the connection broke: ${code}`;
    return new ClientError(`The answer of ${this.#endpoint} was lost (${why}).`, 'UNKNOWN', {
      cause,
    });
  }

  #demandEntry({ status }: Response): void {
    if (status === 429) {
      const message = 'The server has seen too many wrong tokens from here. Wait a minute.';
      throw new ClientError(message, 'NOT_DONE');
    }
    if (status !== 401) return;
    const where = 'TIDEGATE_TOKEN in the environment, .env or tidegate.json, as the server has it';
    const what = this.address.token === null ? 'wants a token' : 'refuses the token';
    throw new ClientError(`The server ${what}. Set ${where}.`, 'NOT_DONE');
  }

  #stranger({ status }: Response): ClientError {
    const message = `${this.#endpoint} answers with HTTP ${status}, and not as Tidegate does.`;
    // A relay in front of the server may have lost its answer.
    if (status >= 500) return new ClientError(message, 'UNKNOWN');
    return new ClientError(`${message} Check --url, --host and --port.`, 'NOT_DONE');
  }
}

interface GraphqlError {
  readonly message?: unknown;
  readonly extensions?: { readonly code?: unknown };
}
interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly GraphqlError[];
}

/** Null where the text is no answer to a GraphQL request. */
function answerOf(text: string): Answer | null {
  try {
    const answer: unknown = JSON.parse(text);
    const isObject = typeof answer === 'object' && answer !== null && !Array.isArray(answer);
    return isObject && ('data' in answer || 'errors' in answer) ? (answer as Answer) : null;
  } catch {
    return null;
  }
}

/** The codes of errors after which a command may have been carried out. */
const MAY_BE_DONE: ReadonlySet<unknown> = new Set(['INTERNAL_SERVER_ERROR', 'ENGINE_UNAVAILABLE']);

function failedRequest({ message, extensions }: GraphqlError): ClientError {
  const code = typeof extensions?.code === 'string' ? extensions.code : 'NO_CODE';
  const kind = MAY_BE_DONE.has(code) ? 'UNKNOWN' : 'UNUSABLE';
  return new ClientError(`${code}: ${String(message)}`, kind);
}

/** The steps at which a connection fails before anything was sent. */
const BEFORE_SENDING: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo']);
/** The same, told by the code alone. */
const NEVER_ARRIVED: ReadonlySet<string> = new Set([
  ...['UND_ERR_CONNECT_TIMEOUT', 'ERR_SSL_WRONG_VERSION_NUMBER', 'CERT_HAS_EXPIRED'],
  ...['ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  // Ports on which the platform calls nobody.
  'bad port',
]);

/** An error by its shape: the platform's own are of no class that could be asked for. */
interface Failure {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  /** Of each address that was tried. */
  readonly errors?: readonly unknown[];
}

function failureIn(cause: unknown): Failure {
  return typeof cause === 'object' && cause !== null ? cause : {};
}

/** The failure that says the most: the innermost with a code, of the first address tried. */
function rootOf(cause: unknown): { readonly code: string; readonly syscall: unknown } {
  for (let at = failureIn(cause); ; at = failureIn(at.cause)) {
    const first = failureIn(at.errors?.[0]);
    for (const each of [first, at]) {
      if (typeof each.code === 'string') return { code: each.code, syscall: each.syscall };
    }
    if (at.cause !== undefined) continue;
    return { code: typeof at.message === 'string' ? at.message : String(cause), syscall: null };
  }
}

function isTimeout(cause: unknown): boolean {
  return failureIn(cause).name === 'TimeoutError';
}

/** @throws ClientError */
function endpointOf(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    const message = `${text} is no address: write it like http://127.0.0.1:4000.`;
    throw new ClientError(message, 'UNUSABLE', { cause });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ClientError(`${text} must begin with http:// or https://.`, 'UNUSABLE');
  }
  if (url.username !== '' || url.password !== '') {
    const message = 'A name or a password in the address is not used: the server knows a token.';
    throw new ClientError(message, 'UNUSABLE');
  }
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.href;
}

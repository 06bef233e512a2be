/**
 * The errors that leave the server: a code from a closed list, the request's id, never a stack
 * trace, and nothing of a fault that nobody foresaw but the id under which it was logged.
 * Must not know transports.
 */
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Where the server writes what happened to it. Never gets a token, a document or a variable. */
export interface ServerLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'RATE_LIMITED'
  | 'ENGINE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR';

/** What may leave: our own codes, those of a feed that ends, and Apollo's for broken requests. */
const KNOWN_CODES: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'RATE_LIMITED',
  'ENGINE_UNAVAILABLE',
  'SLOW_CONSUMER',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** An error with a code, as resolvers and the server raise it. */
export function coded(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

const MASKED = 'Internal error. It is in the log under the request id; nothing more is known here.';

/** Where an error came up. */
export interface Origin {
  readonly requestId: string;
  readonly log: ServerLog;
}

/**
 * The error as a client may see it. A fault without a known code is logged and masked.
 * @param whenUncoded - the code of an error that GraphQL itself raised
 */
export function publicError(
  error: GraphQLError,
  { requestId, log }: Origin,
  whenUncoded: string | null = null,
): GraphQLError {
  const { nodes, source, positions, path } = error;
  const own = error.extensions['code'];
  // Raised by GraphQL itself, about the request, unless a resolver's error stands behind it.
  const code = own ?? whenUncoded ?? (error.originalError === undefined ? 'BAD_USER_INPUT' : null);
  const place = { nodes: nodes ?? null, source, positions, path: path ?? null };
  if (!KNOWN_CODES.has(code)) {
    const cause = error.originalError ?? error;
    log.error({ requestId, path, err: cause }, 'A resolver failed.');
    const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId };
    return new GraphQLError(MASKED, { ...place, extensions });
  }
  const extensions = { ...error.extensions, code, requestId };
  return new GraphQLError(withoutSuggestions(error), { ...place, extensions });
}

/** GraphQL proposes names of the schema to whoever misspells one; our own proposals stay. */
function withoutSuggestions({ message, extensions, originalError }: GraphQLError): string {
  const isOurs = originalError !== undefined && !(originalError instanceof GraphQLError);
  const isCoded = extensions['code'] === 'BAD_USER_INPUT';
  return isOurs || isCoded ? message : message.replace(/\s*Did you mean [^?]*\?/g, '');
}

/** What Apollo raises about a request, before any resolver: masks what has no known code. */
export function formatRefusal(
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const { code: apollos, ...rest } = formatted.extensions ?? {};
  // Apollo gives its own code to whatever a validation rule finds.
  const cause = error instanceof GraphQLError ? error.originalError : undefined;
  const code = (cause instanceof GraphQLError ? cause.extensions['code'] : undefined) ?? apollos;
  if (!KNOWN_CODES.has(code)) {
    return { message: MASKED, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  }
  const message =
    code === 'BAD_USER_INPUT'
      ? formatted.message
      : formatted.message.replace(/\s*Did you mean [^?]*\?/g, '');
  return { ...formatted, message, extensions: { ...rest, code } };
}

/** The body of a refusal that GraphQL never saw. */
export function errorBody(code: ErrorCode, message: string, requestId: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
}

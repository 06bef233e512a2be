/**
 * GraphQL over HTTP: Apollo Server reads requests and writes answers by the specification; the
 * operation itself runs where those of the WebSocket run. Must not know sockets or routes.
 */
import { ApolloServer, HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import type { GraphQLRequestListener, HTTPGraphQLResponse } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, OperationTypeNode, type GraphQLFormattedError } from 'graphql';
import type { Who } from './access';
import { formatRefusal, type ServerLog } from './errors';
import { LIMITS, limitsRule } from './limits';
import { answer, excess, type Documents, type Kitchen } from './operations';

/** What the request carries through Apollo. */
export interface Caller {
  readonly who: Who;
  readonly requestId: string;
}

export interface GraphQLHttp {
  readonly apollo: ApolloServer<Caller>;
  /** Asked before Apollo validates. */
  readonly documents: Documents;
}

/** Starts Apollo Server with everything left out that costs time, talks to others or tells much. */
export async function startGraphQLHttp(
  kitchen: Kitchen,
  documents: Documents,
): Promise<GraphQLHttp> {
  const apollo = new ApolloServer<Caller>({
    schema: kitchen.schema,
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    parseOptions: { maxTokens: LIMITS.tokens },
    validationOptions: { maxErrors: LIMITS.errors },
    validationRules: [limitsRule],
    formatError: formatRefusal,
    logger: loggerOf(kitchen.log),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      operationPlugin(kitchen),
    ],
  });
  await apollo.start();
  return { apollo, documents };
}

function operationPlugin(kitchen: Kitchen): ApolloServerPlugin<Caller> {
  const listener: GraphQLRequestListener<Caller> = {
    async didResolveOperation({ operation, document, request }) {
      // Without an operation the execution says so, with Apollo's own code.
      if (operation === undefined) return;
      if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw subscriptionOverHttp();
      const variables = request.variables ?? {};
      const refusal = excess(kitchen.schema, { document, operation, variables });
      if (refusal !== null) throw badRequest(refusal);
    },
    async responseForOperation({ operation, document, request, contextValue }) {
      if (operation == null) return null;
      const operationName = request.operationName ?? null;
      const variables = request.variables ?? {};
      const asked = { document, node: operation, operationName, variables };
      const { data, errors } = await answer(kitchen, asked, contextValue);
      const singleResult = {
        ...(data === undefined ? {} : { data }),
        ...(errors === undefined ? {} : { errors: errors.map((error) => error.toJSON()) }),
      };
      const http: { headers: HeaderMap; status?: number } = { headers: new HeaderMap() };
      // No data at all: the variables were refused, and nothing ran.
      if (data === undefined && !wantsPlainJson(request.http?.headers.get('accept'))) {
        http.status = 400;
      }
      return { http, body: { kind: 'single', singleResult } };
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}

function subscriptionOverHttp(): GraphQLError {
  const message =
    'A subscription needs a WebSocket: connect to this address with ws:// (or wss://) and the ' +
    'protocol graphql-transport-ws.';
  return badRequest(new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } }));
}

function badRequest({ message, extensions }: GraphQLError): GraphQLError {
  const http = { status: 400, headers: new HeaderMap() };
  return new GraphQLError(message, { extensions: { ...extensions, http } });
}

function loggerOf(log: ServerLog) {
  const at = (level: keyof ServerLog) => (message: unknown) =>
    log[level]({ from: 'apollo' }, String(message));
  return { debug: () => undefined, info: at('info'), warn: at('warn'), error: at('error') };
}

/** A request as Apollo wants it, whatever HTTP library read it. */
export interface PlainRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** From the question mark on, or empty. */
  readonly search: string;
  readonly body: unknown;
}

export interface PlainResponse {
  readonly status: number;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: string;
}

/** Answers one request. Every error of the answer carries the request id. */
export async function answerHttp(
  { apollo, documents }: GraphQLHttp,
  request: PlainRequest,
  caller: Caller,
): Promise<PlainResponse> {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined)
      headers.set(name, typeof value === 'string' ? value : value.join(', '));
  }
  const { method, search, body } = request;
  const query = queryOf(request);
  const beyond = query === null ? null : documents.beyondLimits(query);
  if (beyond !== null) return refused(beyond, headers.get('accept'), caller);
  const response = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method, headers, search, body },
    context: () => Promise.resolve(caller),
  });
  const status = response.status ?? 200;
  const text = await textOf(response);
  if (status < 400) return { status, headers: response.headers, body: text };
  const { errors = [] } = JSON.parse(text) as { errors?: readonly GraphQLFormattedError[] };
  const isBroken = errors.every(({ extensions }) => BROKEN.has(extensions?.['code']));
  return {
    status: isBroken && wantsPlainJson(headers.get('accept')) ? 200 : status,
    headers: response.headers,
    body: JSON.stringify({ errors: errors.map((error) => withRequestId(error, caller)) }),
  };
}

/** Where Apollo looks for the document; null where it will not find one either. */
function queryOf({ method, search, body }: PlainRequest): string | null {
  if (method === 'GET') return new URLSearchParams(search).get('query');
  const { query } = body as { query?: unknown };
  return typeof query === 'string' ? query : null;
}

/** The answer that Apollo would give had it validated the document. */
function refused(
  faults: readonly GraphQLError[],
  accept: string | undefined,
  caller: Caller,
): PlainResponse {
  const isPlain = wantsPlainJson(accept);
  const type = accept?.includes('application/graphql-response+json') && !isPlain;
  const contentType = type ? 'application/graphql-response+json' : 'application/json';
  const errors = faults.map((fault) => withRequestId(fault.toJSON(), caller));
  return {
    status: isPlain ? 200 : 400,
    headers: [['content-type', `${contentType}; charset=utf-8`]],
    body: JSON.stringify({ errors }),
  };
}

/** About the document, not about the request that brought it. */
const BROKEN: ReadonlySet<unknown> = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']);

/**
 * Who asks for application/json by name is an older client, and the specification wants broken
 * documents answered with 200 there. All others get a 400.
 */
function wantsPlainJson(accept: string | undefined): boolean {
  return accept !== undefined && /^\s*application\/json\b/i.test(accept);
}

async function textOf({ body }: HTTPGraphQLResponse): Promise<string> {
  if (body.kind === 'complete') return body.string;
  let text = '';
  for await (const chunk of body.asyncIterator) text += chunk;
  return text;
}

/** What Apollo refuses never reaches the operation, where errors get their request id. */
function withRequestId(error: GraphQLFormattedError, { requestId }: Caller): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, requestId } };
}

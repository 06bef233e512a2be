/**
 * One way to run an operation, for HTTP and WebSocket alike: the checks that need variables, the
 * execution with its time limit, and the errors as they may leave. Must not know transports.
 */
import {
  execute,
  getOperationAST,
  GraphQLError,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Who } from './access';
import { costOf, type Variables } from './cost';
import { coded, publicError, type Origin, type ServerLog } from './errors';
import { LIMITS, limitsRule, variablesTooDeep } from './limits';

/** What a resolver may know of the request beside who sent it. */
export interface Call {
  readonly requestId: string;
  /** Aborted when nobody waits for the answer any more: a feed ends, a client is gone. */
  readonly signal: AbortSignal;
}

/** Builds the context of one execution. Called again for every event of a subscription. */
export type MakeContext = (who: Who, call: Call) => object;

/** What every operation needs. */
export interface Kitchen {
  readonly schema: GraphQLSchema;
  readonly context: MakeContext;
  readonly log: ServerLog;
  /** Milliseconds a query or mutation may take. */
  readonly executionMs: number;
}

/** An operation that passed the checks. */
export interface Operation {
  readonly document: DocumentNode;
  readonly node: OperationDefinitionNode;
  readonly operationName: string | null;
  readonly variables: Variables;
}

export const NEVER_ABORTED: AbortSignal = new AbortController().signal;

/** Longer documents are rare and not worth the memory. */
const REMEMBERED_CHARACTERS = 8_192;
const REMEMBERED_DOCUMENTS = 500;

/** Parses and validates documents, and remembers the good ones, the last used last. */
export class Documents {
  readonly #known = new Map<string, DocumentNode>();
  readonly #within = new Map<string, true>();

  constructor(private readonly schema: GraphQLSchema) {}

  /**
   * Why a document is not even validated: it goes beyond the limits. Null where it does not, and
   * where it cannot be read, which the validation says.
   */
  beyondLimits(query: string): readonly GraphQLError[] | null {
    if (this.#within.has(query)) return null;
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: LIMITS.tokens, noLocation: true });
    } catch {
      return null;
    }
    const faults = limitFaults(this.schema, document);
    if (faults.length === 0) remember(this.#within, query, true);
    return faults.length === 0 ? null : faults;
  }

  /** The document, or what is wrong with it. */
  read(query: string): DocumentNode | readonly GraphQLError[] {
    const known = this.#known.get(query);
    if (known !== undefined) {
      this.#known.delete(query);
      this.#known.set(query, known);
      return known;
    }
    let document: DocumentNode;
    try {
      document = parse(query, { maxTokens: LIMITS.tokens });
    } catch (error) {
      return [withCode('GRAPHQL_PARSE_FAILED', error)];
    }
    const limits = limitFaults(this.schema, document);
    if (limits.length > 0) return limits;
    const faults = validate(this.schema, document, specifiedRules, { maxErrors: LIMITS.errors });
    if (faults.length > 0) return faults.map((e) => withCode('GRAPHQL_VALIDATION_FAILED', e));
    remember(this.#known, query, document);
    return document;
  }
}

/** What of the limits the document exceeds; costs little, whatever the document is. */
function limitFaults(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  const faults = validate(schema, document, [limitsRule], { maxErrors: LIMITS.errors });
  return faults.map((fault) => withCode('GRAPHQL_VALIDATION_FAILED', fault));
}

function remember<T>(known: Map<string, T>, query: string, what: T): void {
  if (query.length > REMEMBERED_CHARACTERS) return;
  known.set(query, what);
  const [oldest] = known.keys();
  if (known.size > REMEMBERED_DOCUMENTS && oldest !== undefined) known.delete(oldest);
}

function withCode(code: string, fault: unknown): GraphQLError {
  if (!(fault instanceof GraphQLError)) return coded('BAD_USER_INPUT', 'The document is broken.');
  const { message, nodes, source, positions, extensions } = fault;
  const place = { nodes: nodes ?? null, source, positions };
  return new GraphQLError(message, { ...place, extensions: { code, ...extensions } });
}

/** Finds the operation and holds the limits that depend on its variables. */
export function choose(
  schema: GraphQLSchema,
  document: DocumentNode,
  request: { readonly operationName?: string | null; readonly variables?: Variables | null },
): Operation | GraphQLError {
  const operationName = request.operationName ?? null;
  const variables = request.variables ?? {};
  const node = getOperationAST(document, operationName);
  if (node == null) {
    return coded(
      'BAD_USER_INPUT',
      'operationName must name one of the operations of the document.',
    );
  }
  const fault = excess(schema, { document, operation: node, variables });
  return fault ?? { document, node, operationName, variables };
}

/** The refusal of an operation whose variables or cost exceed the limits, or null. */
export function excess(
  schema: GraphQLSchema,
  question: { document: DocumentNode; operation: OperationDefinitionNode; variables: Variables },
): GraphQLError | null {
  if (variablesTooDeep(question.variables)) {
    const most = LIMITS.variablesDepth;
    return coded('BAD_USER_INPUT', `The variables are nested deeper than ${most} levels.`);
  }
  const cost = costOf(schema, question);
  if (cost <= LIMITS.cost) return null;
  const message =
    `The answer may hold ${cost} objects; at most ${LIMITS.cost}. ` +
    'Ask for smaller pages (first) or fewer nested lists.';
  return coded('BAD_USER_INPUT', message);
}

/** The answer, with nothing in its errors that may not leave. */
export type Answer = ExecutionResult;

/** Runs a query or a mutation. Answers within the time limit, whatever the resolvers do. */
export async function answer(
  kitchen: Kitchen,
  operation: Operation,
  { who, requestId }: { readonly who: Who; readonly requestId: string },
): Promise<Answer> {
  const origin: Origin = { requestId, log: kitchen.log };
  const patience = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const outOfTime = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => {
      patience.abort();
      resolve({ errors: [publicError(tooLate(kitchen, operation), origin)], data: null });
    }, kitchen.executionMs);
  });
  try {
    const contextValue = kitchen.context(who, { requestId, signal: patience.signal });
    return await Promise.race([
      run(kitchen.schema, operation, { contextValue, origin }),
      outOfTime,
    ]);
  } catch (error) {
    return { errors: [unforeseen(error, origin)], data: null };
  } finally {
    clearTimeout(timer);
  }
}

function tooLate({ executionMs }: Kitchen, { node }: Operation): GraphQLError {
  const isMutation = node.operation === OperationTypeNode.MUTATION;
  const next = isMutation
    ? 'It may still be carried out: look before you send it again, with the same requestId.'
    : 'Ask for less, or try again.';
  return coded('ENGINE_UNAVAILABLE', `No answer within ${executionMs / 1_000} s. ${next}`);
}

/** Executes, for a query, a mutation, or one event of a subscription (as root value). */
export async function run(
  schema: GraphQLSchema,
  { document, operationName, variables }: Operation,
  { origin, ...how }: Pick<ExecutionArgs, 'contextValue' | 'rootValue'> & { origin: Origin },
): Promise<Answer> {
  const result = await execute({
    schema,
    document,
    operationName,
    variableValues: variables,
    ...how,
  });
  return result.errors === undefined ? result : withPublicErrors(result, origin);
}

/** Without data nothing ran: the errors are about the variables. */
export function withPublicErrors(result: ExecutionResult, origin: Origin): Answer {
  const whenUncoded = result.data === undefined ? 'BAD_USER_INPUT' : null;
  const errors = result.errors?.map((error) => publicError(error, origin, whenUncoded)) ?? [];
  return { ...result, errors };
}

/** Any fault, masked. */
export function unforeseen(fault: unknown, origin: Origin): GraphQLError {
  if (fault instanceof GraphQLError) return publicError(fault, origin);
  const originalError = fault instanceof Error ? fault : new Error(String(fault));
  return publicError(new GraphQLError(originalError.message, { originalError }), origin);
}

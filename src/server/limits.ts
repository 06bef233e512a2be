/**
 * What a GraphQL request may ask for, in one place and the same for HTTP and WebSocket: sizes,
 * tokens, depth, aliases, root fields, cost. Everything here is refused before a resolver runs.
 * The figures are repeated for people in docs/graphql-limits.md, which a test compares with this
 * file. Must not know transports.
 */
import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

const KIB = 1_024;

export const LIMITS = {
  /** Bytes of a request body. */
  bodyBytes: 256 * KIB,
  /** Bytes of the body of a `loadInstructions` request, its `content` included. */
  instructionBodyBytes: 16 * KIB * KIB,
  /** Bytes of one WebSocket message from a client. */
  messageBytes: 64 * KIB,
  /** Lexical tokens of a document. */
  tokens: 2_000,
  /** Nested fields, introspection exempt. */
  depth: 10,
  /** Aliases of an operation, those of its fragments counted at every use. */
  aliases: 30,
  /** Times that one field name may stand in a document: validation compares all of them. */
  repeats: 100,
  /** Fields at the root of an operation. */
  rootFields: 10,
  /** Objects that an answer may hold, as estimated before it is made. */
  cost: 5_000,
  /** Elements that a list without `first` is taken to have. */
  unpagedListSize: 8,
  /** Nested objects and lists in the variables. */
  variablesDepth: 20,
  /** Errors of one document that are told. */
  errors: 20,
  /** Milliseconds a query or a mutation may take. */
  executionMs: 10_000,
  /** Operations open on one socket. */
  subscriptionsPerSocket: 50,
  /** Sockets open at once. */
  sockets: 1_200,
  /** Milliseconds until `connection_init` must have come. */
  initMs: 3_000,
  /** Bytes that wait for one socket before its subscriptions stop reading their feeds. */
  outboxBytes: 256 * KIB,
  /** Milliseconds that a socket may take to read what waits before it is closed. */
  stallMs: 30_000,
  /** Milliseconds between two pings; a socket that answers neither is closed. */
  pingMs: 12_000,
} as const;

/** Mutations that touch orders or what may trade: one of them per request, nothing beside it. */
const ALONE = new Set([
  'placeOrder',
  'modifyOrder',
  'cancelOrder',
  'loadInstructions',
  'setTradingState',
]);

const UNLIMITED_ROOTS = new Set(['__schema', '__type', '__typename']);

/** What an operation amounts to, its fragments put in place. */
interface Extent {
  readonly depth: number;
  readonly aliases: number;
  /** Names of the fields of this selection, fragments put in place. */
  readonly fields: readonly string[];
}

const EMPTY: Extent = { depth: 0, aliases: 0, fields: [] };

/** Every fragment is measured once, so that fragments of fragments of fragments cost nothing. */
class Measure {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #known = new Map<string, Extent>();

  constructor(document: DocumentNode) {
    this.#fragments = fragmentsOf(document);
  }

  of({ selections }: SelectionSetNode): Extent {
    let depth = 0;
    let aliases = 0;
    const fields: string[] = [];
    for (const selection of selections) {
      const extent =
        selection.kind === Kind.FIELD
          ? this.#field(selection)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? this.of(selection.selectionSet)
            : this.#fragment(selection.name.value);
      depth = Math.max(depth, extent.depth);
      aliases += extent.aliases;
      // More names than this are refused anyway; keeping all would let fragments multiply them.
      if (fields.length <= LIMITS.rootFields) fields.push(...extent.fields);
    }
    return { depth, aliases, fields: fields.slice(0, LIMITS.rootFields + 1) };
  }

  #field({ name, alias, selectionSet }: FieldNode): Extent {
    const aliases = alias === undefined ? 0 : 1;
    const fields = [name.value];
    if (selectionSet === undefined) return { depth: 1, aliases, fields };
    const inner = this.of(selectionSet);
    // The platform's own rule bounds introspection, which is deep by nature.
    const depth = UNLIMITED_ROOTS.has(name.value) ? 1 : 1 + inner.depth;
    return { depth, aliases: aliases + inner.aliases, fields };
  }

  #fragment(name: string): Extent {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    // Stands while the fragment is measured: a cycle ends here, and validation refuses it.
    this.#known.set(name, EMPTY);
    const fragment = this.#fragments.get(name);
    const extent = fragment === undefined ? EMPTY : this.of(fragment.selectionSet);
    this.#known.set(name, extent);
    return extent;
  }
}

/** The fragments of a document by name. */
export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  return fragments;
}

function operationFaults(operation: OperationDefinitionNode, measure: Measure): GraphQLError[] {
  const { depth, aliases, fields } = measure.of(operation.selectionSet);
  const faults: string[] = [];
  if (depth > LIMITS.depth) faults.push(`is ${depth} fields deep; at most ${LIMITS.depth}`);
  if (aliases > LIMITS.aliases) faults.push(`has ${aliases} aliases; at most ${LIMITS.aliases}`);
  if (fields.length > LIMITS.rootFields) {
    faults.push(`asks for more than ${LIMITS.rootFields} root fields; send several requests`);
  }
  const alone = fields.find((field) => ALONE.has(field));
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  if (isMutation && alone !== undefined && fields.length > 1) {
    faults.push(`has other fields beside ${alone}; send it alone, one per request`);
  }
  const name = operation.name === undefined ? 'The operation' : `Operation ${operation.name.value}`;
  return faults.map((fault) => refusal(`${name} ${fault}.`, operation));
}

function refusal(message: string, node: OperationDefinitionNode | FieldNode): GraphQLError {
  return new GraphQLError(message, { nodes: [node], extensions: { code: 'BAD_USER_INPUT' } });
}

/** The field that stands in the document more often than it may, or null. */
function repeatedField(document: DocumentNode): FieldNode | null {
  const times = new Map<string, number>();
  const open: SelectionSetNode[] = [];
  for (const definition of document.definitions) {
    if ('selectionSet' in definition) open.push(definition.selectionSet);
  }
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet !== undefined) {
        open.push(selection.selectionSet);
      }
      if (selection.kind !== Kind.FIELD) continue;
      const name = (selection.alias ?? selection.name).value;
      const count = (times.get(name) ?? 0) + 1;
      if (count > LIMITS.repeats) return selection;
      times.set(name, count);
    }
  }
  return null;
}

/** Depth, aliases, repeats and root fields as a validation rule, for every operation sent. */
export const limitsRule: ValidationRule = (context) => ({
  Document(document): undefined {
    const repeated = repeatedField(document);
    if (repeated !== null) {
      const name = (repeated.alias ?? repeated.name).value;
      const message = `The document has ${name} more than ${LIMITS.repeats} times.`;
      context.reportError(refusal(message, repeated));
    }
    const measure = new Measure(document);
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      for (const fault of operationFaults(definition, measure)) context.reportError(fault);
    }
  },
});

/** Whether the variables are nested deeper than allowed. Never recurses: depth is the attack. */
export function variablesTooDeep(variables: unknown): boolean {
  let level: unknown[] = [variables];
  for (let depth = 0; level.length > 0; depth += 1) {
    const inner: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const element of Object.values(value)) inner.push(element);
    }
    if (inner.length > 0 && depth >= LIMITS.variablesDepth) return true;
    level = inner;
  }
  return false;
}

/**
 * How many objects an answer may hold, estimated from the document, its variables and the schema
 * before anything runs. Scalars are free: tokens and aliases bound them. Must not know transports.
 */
import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf, LIMITS } from './limits';

export type Variables = Readonly<Record<string, unknown>>;

/** Lists that carry the page of the connection above them. */
const PAGES = new Set(['nodes', 'edges']);

/** One operation of one request. */
class Estimate {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #known = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Variables,
  ) {
    this.#fragments = fragmentsOf(document);
  }

  /** @param page - elements of the connection that the selection belongs to, or null */
  of({ selections }: SelectionSetNode, type: GraphQLNamedType, page: number | null): number {
    let cost = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) cost += this.#field(selection, type, page);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const name = selection.typeCondition?.name.value;
        const inner = name === undefined ? type : (this.schema.getType(name) ?? type);
        cost += this.of(selection.selectionSet, inner, page);
      } else cost += this.#fragment(selection.name.value, page);
    }
    return cost;
  }

  #field(node: FieldNode, type: GraphQLNamedType, page: number | null): number {
    // Introspection has a bound of its own, and __typename is a scalar.
    if (node.selectionSet === undefined || node.name.value.startsWith('__')) return 0;
    if (!isObjectType(type) && !isInterfaceType(type)) return 0;
    const field = type.getFields()[node.name.value];
    if (field === undefined) return 0;
    const named = getNamedType(field.type);
    if (!isCompositeType(named)) return 0;
    const first = this.#first(node, field);
    const inner = 1 + this.of(node.selectionSet, named, first);
    if (!isListType(getNullableType(field.type))) return inner;
    const size = first ?? (PAGES.has(node.name.value) ? page : null) ?? LIMITS.unpagedListSize;
    return size * inner;
  }

  /** The page size that the field asks for, or null where it has no such argument. */
  #first(node: FieldNode, field: GraphQLField<unknown, unknown>): number | null {
    const declared = field.args.find(({ name }) => name === 'first');
    if (declared === undefined) return null;
    const value = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    const given =
      value?.kind === Kind.INT
        ? Number(value.value)
        : value?.kind === Kind.VARIABLE
          ? this.variables[value.name.value]
          : undefined;
    const size = given ?? declared.defaultValue;
    return typeof size === 'number' && size >= 0 ? size : LIMITS.unpagedListSize;
  }

  #fragment(name: string, page: number | null): number {
    const key = `${page ?? ''} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, 0);
    const fragment = this.#fragments.get(name);
    const type = this.schema.getType(fragment?.typeCondition.name.value ?? '');
    const known0 = fragment !== undefined && type !== undefined;
    const cost = known0 ? this.of(fragment.selectionSet, type, page) : 0;
    this.#known.set(key, cost);
    return cost;
  }
}

/** The cost of an operation that passed validation, in objects. */
export function costOf(
  schema: GraphQLSchema,
  { document, operation, variables }: CostQuestion,
): number {
  const root = schema.getRootType(operation.operation);
  if (root == null) return 0;
  const defaults: Record<string, unknown> = {};
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.INT) defaults[variable.name.value] = Number(defaultValue.value);
  }
  const estimate = new Estimate(schema, document, { ...defaults, ...variables });
  return estimate.of(operation.selectionSet, root, null);
}

export interface CostQuestion {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Variables;
}

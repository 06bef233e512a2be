// Every named part of a GraphQL schema as one flat list, so that tests can walk and compare them.

import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

export interface Member {
  /** `Order`, `Order.limitPrice`, `Query.orders(first)`, `Side.BUY`. */
  readonly name: string;
  readonly description: string | null | undefined;
  /** As in SDL, with the default of an argument; for a type, its kind and what it implements. */
  readonly signature: string;
  /** The type at the core of it; null for types and enum values. */
  readonly core: string | null;
  readonly nullable: boolean;
}

const noField = { core: null, nullable: false };

function ofType(type: GraphQLNamedType): Member[] {
  const { name, description } = type;
  const head = (signature: string): Member => ({ name, description, signature, ...noField });
  if (isEnumType(type)) {
    const values = type.getValues().map((value) => ({
      name: `${name}.${value.name}`,
      description: value.description,
      signature: 'value',
      ...noField,
    }));
    return [head('enum'), ...values];
  }
  if (isUnionType(type)) {
    const names = type.getTypes().map((each) => each.name);
    return [head(`union of ${names.sort().join(' ')}`)];
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map((field) => ({
      name: `${name}.${field.name}`,
      description: field.description,
      signature: `${String(field.type)} = ${JSON.stringify(field.defaultValue ?? null)}`,
      core: getNamedType(field.type).name,
      nullable: !isNonNullType(field.type),
    }));
    return [head('input'), ...fields];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [head('scalar')];
  const interfaces = type.getInterfaces().map((each) => each.name);
  const kind = isObjectType(type) ? 'type' : 'interface';
  return [
    head([kind, ...interfaces].join(' ')),
    ...Object.values(type.getFields()).flatMap((field) => [
      {
        name: `${name}.${field.name}`,
        description: field.description,
        signature: String(field.type),
        core: getNamedType(field.type).name,
        nullable: !isNonNullType(field.type),
      },
      ...field.args.map((arg) => ({
        name: `${name}.${field.name}(${arg.name})`,
        description: arg.description,
        signature: `${String(arg.type)} = ${JSON.stringify(arg.defaultValue ?? null)}`,
        core: getNamedType(arg.type).name,
        nullable: !isNonNullType(arg.type),
      })),
    ]),
  ];
}

const BUILT_IN = new Set(['String', 'Boolean', 'Int', 'Float', 'ID']);

/** All parts but what GraphQL brings itself. */
export function membersOf(schema: GraphQLSchema): Member[] {
  return Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__') && !BUILT_IN.has(name))
    .flatMap(ofType);
}

// Documents that ask for too much, or for what is not there, and must never reach a resolver.

export interface Hostile {
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const times = (count: number, make: (n: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, n) => make(n)).join(between);

/** Of an order, its decision's order, and so on: 2 + 2 * times fields deep, and the inner ones. */
const ordersOfOrders = (count: number, inner: string): string =>
  `{ orders(first: 1) { nodes ${'{ decision { order '.repeat(count)}` +
  `${inner}${'} }'.repeat(count)} ` +
  '} }';

/** `strategies { allocations { strategy { allocations ...`, levels of lists in lists. */
const cycle = (levels: number): string =>
  `{ strategies ${'{ allocations { strategy '.repeat(levels)}{ key }${'} }'.repeat(levels)} }`;

const chain = (length: number, use: (n: number) => string, last: string): string =>
  `${times(length, (n) => `fragment F${n} on Order { ${use(n + 1)} }`)} ` +
  `fragment F${length} on Order { ${last} }`;

const HALT = 'setTradingState(input: { state: HALTED, reason: "x" }) { system { now } }';
const PLACE =
  'placeOrder(input: { requestId: "r", order: { strategy: "s", instrument: "i", side: BUY, ' +
  'type: MARKET, quantity: "1" } }) { order { id } }';
const WITH_TEXT = 'query ($t: String!) { echo(text: $t) }';

const deepObject = (depth: number): unknown => {
  let value: unknown = 'x';
  for (let n = 0; n < depth; n += 1) value = { a: value };
  return value;
};

const hostile = (name: string, query: string, variables?: Hostile['variables']): Hostile =>
  variables === undefined ? { name, query } : { name, query, variables };

const TOO_MANY_TOKENS = [
  hostile('3,000 fields', `{ system { ${times(3_000, () => 'now')} } }`),
  hostile('50,000 aliases', `{ ${times(7_000, (n) => `a${n}: system { now }`)} }`),
  hostile('2,500 directives', `{ system { now ${times(1_000, () => '@skip(if: true)')} } }`),
  hostile(
    '1,000 fragments',
    `{ system { now } } ${times(500, (n) => `fragment F${n} on Order { id }`)}`,
  ),
  hostile('an endless list', `{ echo(text: [${times(3_000, () => '1')}]) }`),
  hostile('an endless object', `{ echo(text: {${times(1_000, (n) => `a${n}: 1`)}}) }`),
  hostile('brackets 3,000 deep', '{ a'.repeat(3_000)),
  hostile('list brackets 3,000 deep', `{ echo(text: ${'['.repeat(3_000)}) }`),
  hostile(
    '700 operations',
    times(700, (n) => `query Q${n} { breaks }`),
  ),
];

const TOO_DEEP = [
  hostile('11 fields deep', ordersOfOrders(4, '{ id }')),
  hostile('100 fields deep', ordersOfOrders(49, '{ id }')),
  hostile(
    'deep by inline fragments',
    '{ orders { nodes { ... on Order { decision { order { ... on Order { decision ' +
      '{ order { decision { order { decision { order { id } } } } } } } } } } ' +
      '} } }',
  ),
  hostile(
    'deep by fragments',
    `{ orders { nodes { ...F0 } } } ${chain(6, (n) => `decision { order { ...F${n} } }`, 'id')}`,
  ),
  hostile(
    'deep in the second operation',
    `query A { breaks } query B ${ordersOfOrders(8, '{ id }')}`,
  ),
  hostile(
    'deep in a mutation',
    'mutation ($i: PlaceOrderInput!) { placeOrder(input: $i) { order { decision ' +
      `{ order ${'{ decision { order '.repeat(4)}{ id }${'} }'.repeat(4)} } } ` +
      '} }',
  ),
  hostile(
    'deep in a subscription',
    `subscription { fillFeed { fill { order ${'{ decision { order '.repeat(5)}{ id }` +
      `${'} }'.repeat(5)} ` +
      '} } }',
  ),
];

const TOO_OFTEN = [
  hostile('a field 1,900 times', `{ system { ${times(1_900, () => 'now')} } }`),
  hostile(
    'a field 101 times over fragments',
    `{ system { ...A ...B } } fragment A on System { ${times(50, () => 'now')} }
     fragment B on System { ${times(51, () => 'now')} }`,
  ),
  hostile('an object 101 times', `{ ${times(101, () => 'system { now }')} }`),
];

const TOO_MANY_ALIASES = [
  hostile('31 aliases of a scalar', `{ system { ${times(31, (n) => `a${n}: now`)} } }`),
  hostile(
    'aliases over several fields',
    `{ ${times(4, (n) => `s${n}: system { ${times(8, (m) => `a${m}: now`)} }`)} }`,
  ),
  hostile(
    'aliases by fragments',
    '{ a: system { ...F } b: system { ...F } c: system { ...F } } fragment F ' +
      `on System { ${times(10, (n) => `a${n}: now`)} }`,
  ),
  hostile(
    'aliases by fragments of fragments',
    '{ system { ...A } } fragment A on System { ...B ...C } fragment B on System ' +
      `{ ${times(16, (n) => `a${n}: now`)} } ` +
      `fragment C on System { ${times(16, (n) => `b${n}: now`)} ` +
      '}',
  ),
  hostile(
    'aliases in a subscription',
    `subscription { fillFeed { fill { ${times(31, (n) => `a${n}: id`)} } } }`,
  ),
];

const TOO_MANY_ROOTS = [
  hostile('11 root fields', `{ ${times(11, (n) => `a${n}: system { now }`)} }`),
  hostile(
    '11 root fields by a fragment',
    `{ ...R } fragment R on Query { ${times(11, (n) => `a${n}: system { now }`)} }`,
  ),
  hostile(
    'root fields by many fragments',
    `{ ...A ...B } fragment A on Query { ${times(6, (n) => `a${n}: breaks`)} ` +
      `} fragment B on Query { ${times(6, (n) => `b${n}: breaks`)} }`,
  ),
  hostile('two orders', `mutation { a: ${PLACE} b: ${PLACE} }`),
  hostile(
    'two orders by a fragment',
    `mutation { ...M } fragment M on Mutation { a: ${PLACE} b: ${PLACE} }`,
  ),
  hostile('an order and a halt', `mutation { ${PLACE} ${HALT} }`),
  hostile('two halts', `mutation { a: ${HALT} b: ${HALT} }`),
  hostile('a halt beside a name', `mutation { __typename ${HALT} }`),
  hostile(
    'two instruction files',
    'mutation { a: loadInstructions(input: { fileName: "a", content: "", strategy: ' +
      '"s" }) { characters } b: loadInstructions(input: { fileName: "a", content: ' +
      '"", strategy: "s" }) { characters } }',
  ),
  hostile('two feeds in one operation', 'subscription { fillFeed { sequence } idleFeed }'),
];

const TOO_COSTLY = [
  hostile('a cycle of lists', cycle(4)),
  hostile('5,001 orders', '{ orders(first: 5001) { nodes { id } } }'),
  hostile('a million orders', '{ orders(first: 1000000) { nodes { instrument { key } } } }'),
  hostile('a large page by a variable', 'query ($n: Int!) { orders(first: $n) { nodes { id } } }', {
    n: 100_000,
  }),
  hostile(
    'a large page by a default',
    'query ($n: Int! = 100000) { orders(first: $n) { nodes { id } } }',
  ),
  hostile(
    'pages in fragments',
    '{ ...P } fragment P on Query { orders(first: 200) { ...C } } fragment C ' +
      `on OrderConnection { nodes { ` +
      `${times(20, (n) => `a${n}: decision { checks { conditions { fact } } }`)} ` +
      '} }',
  ),
  hostile(
    'ten large pages',
    `{ ` +
      times(
        10,
        (n) => `a${n}: orders(first: 200) { nodes { instrument { key } strategy { key } } }`,
      ) +
      ' ' +
      '}',
  ),
  hostile(
    'edges and nodes',
    '{ orders(first: 250) { edges { node { instrument { key } strategy { key ' +
      'allocations { id } } } } nodes { strategy { allocations { id } } instrument ' +
      '{ key } } } }',
  ),
  hostile(
    'fragments that double, 20 times',
    `{ orders { nodes { ...F0 } } } ` +
      `${chain(20, (n) => `...F${n} ...F${n}`, 'strategy { allocations { id } }')}`,
  ),
  hostile(
    'fragments that double, on lists',
    `{ strategies { ...S0 } } ` +
      `${times(30, (n) => `fragment S${n} on Strategy { ...S${n + 1} ...S${n + 1} }`)} ` +
      'fragment S30 on Strategy { allocations { id } }',
  ),
];

const BROKEN = [
  hostile('nothing', ' '),
  hostile('a comment', '# nothing'),
  hostile('an open bracket', '{'),
  hostile('a byte that is no GraphQL', '{ system { now } } \u0000'),
  hostile('a definition of a type', 'type Query { a: Int }'),
  hostile(
    'fragments in a circle',
    '{ orders { nodes { ...A } } } fragment A on Order { ...B } fragment B on Order { ...A }',
  ),
  hostile(
    'a fragment in itself',
    '{ orders { nodes { ...A } } } fragment A on Order { decision { order { ...A } } }',
  ),
  hostile('a fragment that is not there', '{ orders { nodes { ...A } } }'),
  hostile('an unknown directive', '{ system @evil { now } }'),
  hostile('a deferred fragment', '{ system { ... @defer { now } } }'),
  hostile('fields in conflict', '{ echo(text: "a") echo: system { now } }'),
  hostile('a repeated variable', 'query ($t: String!, $t: String!) { echo(text: $t) }'),
  hostile('an undeclared variable', '{ echo(text: $t) }'),
  hostile('a missing variable', WITH_TEXT, {}),
  hostile('a variable of the wrong type', WITH_TEXT, { t: { a: 1 } }),
  hostile('a variable 30 levels deep', WITH_TEXT, { t: deepObject(30) as string }),
  hostile('a variable 1,000 levels deep', WITH_TEXT, { t: deepObject(1_000) as string }),
  hostile('an unused deep variable', '{ breaks }', { other: deepObject(100) as string }),
  hostile(
    'introspection in itself',
    '{ __schema { types { fields { type { fields { type { fields { type { fields ' +
      '{ name } } } } } } } } } }',
  ),
];

export const HOSTILE: readonly Hostile[] = [
  ...TOO_MANY_TOKENS,
  ...TOO_DEEP,
  ...TOO_OFTEN,
  ...TOO_MANY_ALIASES,
  ...TOO_MANY_ROOTS,
  ...TOO_COSTLY,
  ...BROKEN,
];

/** What just fits, or is an honest need: the same shapes within the limits. */
export const HONEST: readonly Hostile[] = [
  hostile('10 fields deep', ordersOfOrders(3, '{ decision { id } }')),
  hostile('30 aliases', `{ system { ${times(30, (n) => `a${n}: now`)} } }`),
  hostile('10 root fields', `{ ${times(10, (n) => `a${n}: system { now }`)} }`),
  hostile(
    'a full page',
    '{ orders(first: 200) { nodes { id side type quantity instrument { key } ' +
      'strategy { key } decision { checks { conditions { fact } } } } } }'.replace(
        'decision { checks { conditions { fact } } } ',
        '',
      ),
  ),
  hostile(
    'a page in fragments',
    '{ orders(first: 200) { ...C } } fragment C on OrderConnection { nodes { ' +
      '...O } } fragment O on Order { id instrument { key } strategy { key } }',
  ),
  hostile(
    'allocations with their profit',
    '{ accounts { positions { allocations { quantity strategy { key } instrument ' +
      '{ key } pnl { realized { amount } unrealized { amount } commissions { amount ' +
      '} } } } } }',
  ),
  hostile('a variable 20 levels deep', '{ system { now } }', { other: deepObject(19) as string }),
];

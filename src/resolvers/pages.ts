/** Pages of the lists that grow without bound: their limits, and their shape in the API. */
import type { Page, PageQuery } from '../domain/ports';
import { LARGEST_PAGE } from '../schema/args';
import type { ApiPageInfo } from '../schema/node';
import { badUserInput } from './errors';

const CURSOR = /^[\x21-\x7e]{1,200}$/;

/** @throws GraphQLError BAD_USER_INPUT out of range */
export function pageQuery(first: number, after: string | null | undefined): PageQuery {
  if (first < 1 || first > LARGEST_PAGE) {
    throw badUserInput(`first is ${first}; a page has 1 to ${LARGEST_PAGE} entries.`);
  }
  if (after != null && !CURSOR.test(after)) {
    throw badUserInput('after is not a cursor; pass one back as a page gave it.');
  }
  return { first, after: after ?? null };
}

export interface Connection<View> {
  readonly edges: readonly { readonly cursor: string; readonly node: View }[];
  readonly nodes: readonly View[];
  readonly pageInfo: ApiPageInfo;
}

export function connectionOf<T, View>(page: Page<T>, view: (thing: T) => View): Connection<View> {
  const nodes = page.nodes.map(view);
  return {
    nodes,
    get edges() {
      return nodes.map((node, n) => ({ cursor: page.cursors[n] ?? '', node }));
    },
    get pageInfo() {
      return { hasNextPage: page.hasNextPage, endCursor: page.cursors.at(-1) ?? null };
    },
  };
}

export const NO_PAGE: Page<never> = { nodes: [], cursors: [], hasNextPage: false };

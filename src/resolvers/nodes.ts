/** Finds anything by its id. Null for ids that are none. */
import { holdingKey } from '../engine/core/state';
import type { ApiNode } from '../schema/node';
import type { ApiContext } from './context';
import { riskRuleView } from './decision.view';
import { FillView } from './fill.view';
import { readId } from './ids';
import { instructionFileView } from './instruction-file.view';
import { AllocationView } from './position.view';
import { viewsOf, type Views } from './views';

type Finder = (
  context: ApiContext,
  keys: readonly string[],
) => ApiNode | null | Promise<ApiNode | null>;

const single =
  (find: (context: ApiContext, key: string) => ReturnType<Finder>): Finder =>
  (context, [key, ...more]) =>
    key === undefined || more.length > 0 ? null : find(context, key);

const BY_KEY: Readonly<Record<string, Finder>> = {
  acc: single((context, key) => {
    const views = viewsOf(context);
    return views.state.accounts.has(key) ? views.account(key) : null;
  }),
  inm: single((context, key) => {
    const views = viewsOf(context);
    return views.state.instruments.has(key) ? views.instrument(key) : null;
  }),
  str: single((context, key) => {
    const views = viewsOf(context);
    return views.state.strategies.has(key) ? views.strategy(key) : null;
  }),
  rul: single(({ desk }, key) => {
    const rule = desk.rules().rules.find((each) => each.key === key);
    return rule === undefined ? null : riskRuleView(rule);
  }),
  fil: single(async (context, key) => {
    const booked = await context.history.fill(key);
    return booked === null ? null : new FillView(viewsOf(context), booked);
  }),
  alc: (context, keys) => allocation(viewsOf(context), keys),
};

function allocation(views: Views, [account, instrument, strategy, ...more]: readonly string[]) {
  if (account === undefined || instrument === undefined || strategy === undefined) return null;
  if (more.length > 0) return null;
  const place = { account, instrument, strategy };
  const holding = views.state.holdings.get(holdingKey(place));
  return holding === undefined ? null : new AllocationView(views, { ...place, holding });
}

export async function findNode(context: ApiContext, id: string): Promise<ApiNode | null> {
  const views = viewsOf(context);
  if (id.startsWith('ord-')) return views.orderOfId(id);
  if (id.startsWith('dec-')) {
    const decision = await context.history.decision(id);
    return decision === null ? null : views.decision(decision);
  }
  if (id.startsWith('ins-')) {
    const file = await context.history.instructionFile(id);
    return file === null ? null : instructionFileView(views, file);
  }
  const read = readId(id);
  const finder = read === null ? undefined : BY_KEY[read.prefix];
  return read === null || finder === undefined ? null : finder(context, read.keys);
}

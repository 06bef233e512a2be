/**
 * A file in parts that the engine arms one at a time, so that fills and prices come in between.
 * The plan of a symbol is never divided. Must not know the engine.
 */
import type { Command, PlanToArm } from '../domain/input';

export type LoadCommand = Extract<Command, { kind: 'LOAD_INSTRUCTIONS' }>;

/** Orders of a part, armed or waiting in the plan: some milliseconds of the engine's time. */
const MOST_ORDERS = 300;

/** The whole of it, when small enough; else parts, the last of which records the file. */
export function* partsOf(
  { plans, findings, refusedSymbols, ...named }: LoadCommand,
  most = MOST_ORDERS,
): Generator<LoadCommand> {
  const portions = portionsOf(plans, most);
  const last = portions.pop() ?? [];
  for (const portion of portions) yield { ...named, plans: portion, continues: true };
  const armedBefore = portions
    .flat()
    .map(({ spec: { symbol }, instrument }) => ({ symbol, instrument }));
  yield {
    ...{ ...named, plans: last },
    ...(armedBefore.length > 0 && { armedBefore }),
    ...(findings !== undefined && { findings }),
    ...(refusedSymbols !== undefined && { refusedSymbols }),
  };
}

/** Whole plans, in their order; one that is larger than a portion is one by itself. */
export function portionsOf(plans: readonly PlanToArm[], most = MOST_ORDERS): PlanToArm[][] {
  const portions: PlanToArm[][] = [];
  let room = 0;
  for (const plan of plans) {
    const { entries, ifLong, ifShort } = plan.spec;
    const orders = entries.length + ifLong.length + ifShort.length;
    if (orders > room || portions.length === 0) {
      portions.push([]);
      room = most;
    }
    portions.at(-1)?.push(plan);
    room -= orders;
  }
  return portions;
}

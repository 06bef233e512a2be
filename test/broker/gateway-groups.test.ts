// One quantity over several orders: whatever the market fills of a group, in parts and with
// latency, it is never more than the group was for.

import fc from 'fast-check';
import { gatewayWith, stepTo, StoqeyClient } from '../support/gateway-kit';

interface Group {
  readonly seed: number;
  readonly ocaType: number;
  readonly orders: number;
  readonly size: number;
  readonly partialFills: number;
  readonly latency: number;
}

const groups: fc.Arbitrary<Group> = fc.record({
  seed: fc.integer({ min: 1, max: 1_000 }),
  ocaType: fc.constantFrom(1, 2, 3),
  orders: fc.integer({ min: 2, max: 4 }),
  size: fc.constantFrom(1, 7, 93, 100, 1_000),
  partialFills: fc.constantFrom(0, 0.5, 0.9, 1),
  latency: fc.constantFrom(0, 60_000),
});

/** Units filled of each order of the group once the market has had its fill, and their ends. */
async function played(group: Group): Promise<{ filled: number[]; ends: string[] }> {
  const { seed, ocaType, orders, size, partialFills, latency } = group;
  const exchange = { seed, latency: { min: 0, max: latency }, partialFills, slippageTicks: 0 };
  const gateway = await gatewayWith({
    seed,
    settings: { exchange },
  });
  const client = await StoqeyClient.join(gateway);
  await stepTo(gateway, 'KO');
  const terms = { ocaGroup: 'G', ocaType, totalQuantity: size, orderType: 'LMT', lmtPrice: 90 };
  const ids = Array.from({ length: orders }, () => client.place('KO', terms));
  await client.answered();
  const done = (id: number): boolean =>
    ['Filled', 'Cancelled'].includes(client.statuses(id).at(-1) ?? '');
  for (let n = 0; n < 400 && !ids.every(done); n += 1) {
    await stepTo(gateway, 'KO');
    await client.answered();
  }
  const executions = client.all('execDetails').map(([, , execution]) => execution);
  const filled = ids.map((id) =>
    executions
      .filter(({ orderId }) => orderId === id)
      .reduce((sum: number, { shares }) => sum + (shares as number), 0),
  );
  const ends = ids.map((id) => client.statuses(id).at(-1) ?? 'none');
  await client.leave();
  await gateway.close();
  return { filled, ends };
}

it('a group of equal orders fills its quantity once, whichever of them fill', async () => {
  await fc.assert(
    fc.asyncProperty(groups, async (group) => {
      const { filled, ends } = await played(group);
      const sum = filled.reduce((a, b) => a + b, 0);
      expect([group, sum, ends.filter((end) => end === 'Filled').length]).toEqual([
        ...[group, group.size, 1],
      ]);
    }),
    { numRuns: 25, seed: 20_261_121 },
  );
});

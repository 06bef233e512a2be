/** The verb `orders cancel`. */
import { cancelOrder, type CancelledOrder, type ListedOrder } from '../client/orders';
import { readOptions, usage } from './options';
import { orderTable } from './order-text';
import { clientOf, complainOf, remotely, SERVER_FLAGS } from './remote';

const VERB = 'orders cancel';

/** One after the other, in the order given. Exit code 3 when one was refused. @throws VerbError */
export async function runOrdersCancel(args: readonly string[]): Promise<number> {
  const { values, positionals: ids } = readOptions(VERB, args, SERVER_FLAGS);
  if (ids.length === 0) throw usage(VERB, 'Which orders? Name their ids.');
  const client = clientOf(VERB, values);
  const results: CancelledOrder[] = [];
  try {
    for (const id of ids) {
      const cancelled = await remotely(
        () => cancelOrder(client, id),
        `It is unknown whether ${id} was cancelled; run it again: a repeat is safe.`,
      );
      complainOf(cancelled.userErrors, `${id} `);
      results.push(cancelled);
    }
  } finally {
    print(results, values.json === true);
  }
  return results.some(({ userErrors }) => userErrors.length > 0) ? 3 : 0;
}

/** What was done is told, also when the next one failed. */
function print(results: readonly CancelledOrder[], json: boolean): void {
  if (json) console.log(JSON.stringify(results));
  else {
    const orders = results.flatMap(({ order }): ListedOrder[] => (order === null ? [] : [order]));
    if (orders.length > 0) console.log(orderTable(orders));
  }
}

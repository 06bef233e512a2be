// The engine on real storage, embedded and on a server: it trades, starts again from what is there,
// and the lists say what the engine says.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { money, price } from '../../src/domain/decimal';
import type { JournalRecord } from '../../src/domain/event';
import { DEFAULT_LIMITS } from '../../src/domain/limits';
import { Engine } from '../../src/engine/loop';
import type { SqlHistory } from '../../src/persistence/history';
import { openStorage, type Storage } from '../../src/persistence/storage';
import { databaseUrl, dropDatabase, freshDatabase, mySqlIsHere } from '../support/mysql';
import { expectedOf, told } from '../support/tables';
import { ACCOUNT, canonical, openDesk, ruleBook, STRATEGY } from '../support/trading-kit';

const database = freshDatabase();
const dataDir = mkdtempSync(join(tmpdir(), 'engine-'));
afterAll(async () => {
  rmSync(dataDir, { recursive: true, force: true });
  await dropDatabase(database);
});
const PLACES: [string, string | null][] = [['the data folder', null]];
if (mySqlIsHere) PLACES.push(['a server', databaseUrl(database)]);

/** Only what leaves for the broker is of interest: nothing answers. */
function brokerThatCounts(sent: string[]) {
  return {
    canSend: () => true,
    place: ({ order }: { order: string }) => void sent.push(order),
    modify: () => undefined,
    cancel: () => undefined,
  };
}

async function start(storage: Storage, sent: string[] = []): Promise<Engine> {
  return Engine.open({
    journal: storage.journal,
    broker: brokerThatCounts(sent),
    rules: await ruleBook('none'),
    limits: DEFAULT_LIMITS,
    folded: (record, state) => storage.projector.recovered(record, state),
    publish: (records, state) => storage.projector.project(records, state),
  });
}

it.each(PLACES)('an engine on storage in %s goes on after a restart', async (_, url) => {
  const open = () => openStorage({ dataDir, databaseUrl: url, log: () => undefined });
  const desk = await openDesk();
  const first = await open();
  const sent: string[] = [];
  const engine = await start(first, sent);
  let at = 0;
  const edge = () => ({ id: `c${(at += 1)}`, at });
  // What the desk was told, told to this engine too.
  await engine.execute(
    { kind: 'OPEN_ACCOUNT', account: ACCOUNT, currency: 'USD', cash: money('100000') },
    edge(),
  );
  await engine.execute({ kind: 'CREATE_STRATEGY', strategy: STRATEGY, allowsShort: true }, edge());
  const instrument = desk.state.instruments.get('AAPL')!;
  await engine.execute({ kind: 'ADD_INSTRUMENT', instrument }, edge());
  await desk.place('AAPL', 'BUY 1 limit 10');
  const placed = [...desk.state.orders.values()][0]!;
  for (const [n, limit] of ['10', '11', '12'].entries()) {
    const { side, type, timeInForce, intendedQuantity } = placed;
    const tick = { at: at + 1, instrument: 'AAPL', price: Number(limit), priceText: limit };
    engine.observe(tick);
    await engine.execute(
      {
        ...{ kind: 'PLACE_ORDER', requestId: `r${n}`, strategy: STRATEGY, account: ACCOUNT },
        ...{ instrument: 'AAPL', side, type, timeInForce, quantity: intendedQuantity },
        ...{ limitPrice: price(limit), stopPrice: null },
      },
      edge(),
    );
  }
  const states = [canonical(engine.state)];
  const orders = [...engine.state.orders.values()].reverse();
  expect(orders).toHaveLength(3);
  expect(sent).toEqual(orders.map(({ id }) => id).reverse());
  expect((await told(first.history as SqlHistory)).orders).toEqual(orders);
  await first.close();

  const second = await open();
  const again = await start(second);
  states.push(canonical(again.state));
  expect(states[1]).toBe(states[0]);
  const records: JournalRecord[] = [];
  for await (const record of second.journal.read(0)) records.push(record);
  expect(await told(second.history as SqlHistory)).toEqual(expectedOf(records, again.state));
  await second.close();
});

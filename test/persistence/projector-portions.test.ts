// What a large load leaves for the query tables is written in portions, each a whole state of some
// moment, and nothing is lost where more comes in than may wait.

import { emptyState } from '../../src/engine/core/state';
import { evolve } from '../../src/engine/core/evolve';
import { Projector } from '../../src/persistence/projector';
import { openDesk, type Desk } from '../support/trading-kit';
import { VIEW_PLACES, type TestPlace } from '../support/tables';

const SYMBOLS = Array.from({ length: 30 }, (_, n) => `S${n}`);
const ENTRIES = Array.from({ length: 90 }, (_, n) => `over BUY 10 market ${100 + n}`);

interface Meta {
  readonly sequence: number;
  readonly hash: string;
}

describe.each(VIEW_PLACES)('query tables on %s', (_, makePlace) => {
  let place: TestPlace;
  beforeEach(async () => {
    place = await makePlace();
  });
  afterEach(() => place.remove());

  const open = (desk: Desk, keep?: number): Promise<Projector> =>
    Projector.open({
      ...{ place: place.view, journal: desk.journal, log: () => undefined },
      ...(keep !== undefined && { keep }),
    });
  const meta = async (projector: Projector): Promise<Meta | undefined> =>
    (await projector.rows<Meta>('SELECT sequence, hash FROM view_meta', []))[0];

  it('hold every order of a large load, told at once', async () => {
    const desk = await openDesk({ symbols: SYMBOLS });
    for (const symbol of SYMBOLS) await desk.load(symbol, { entry: ENTRIES });
    const projector = await open(desk);
    projector.project([...desk.journal.read(0)], desk.state);
    await projector.upTo(desk.state.sequence);
    await expectWhole(projector, desk);
    await projector.close();
  });

  it('hold every order where more comes in during a write than may wait', async () => {
    const desk = await openDesk({ symbols: SYMBOLS });
    const projector = await open(desk, 1_500);
    projector.project([...desk.journal.read(0)], desk.state);
    desk.onCommit = (records) => projector.project(records, desk.state);
    const writes: Promise<void>[] = [];
    for (const [n, symbol] of SYMBOLS.entries()) {
      await desk.load(symbol, { entry: ENTRIES });
      if (n % 12 === 11) writes.push(projector.upTo(desk.state.sequence));
    }
    await Promise.all(writes);
    await projector.upTo(desk.state.sequence);
    await expectWhole(projector, desk);
    await projector.close();
  });

  async function expectWhole(projector: Projector, desk: Desk): Promise<void> {
    const rows = await projector.rows<{ id: string; body: string }>(
      'SELECT id, body FROM view_order ORDER BY id',
      [],
    );
    const state = emptyState();
    for (const record of desk.journal.read(0)) evolve(state, record);
    expect(rows.map(({ id }) => id)).toEqual([...state.orders.keys()].sort());
    for (const { id, body } of rows) expect(body).toBe(JSON.stringify(state.orders.get(id)));
    expect(Number((await meta(projector))!.sequence)).toBe(desk.state.sequence);
  }
});

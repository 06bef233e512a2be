// A gateway that is stepped, and one client of it: times the way from the price that the gateway
// writes to the order that it reads. Knows nothing of what the client does in between.

import { startGateway, type RunningGateway } from '../../src/presets/gateway';

export interface StageClient {
  /** Resolves when everything so far is answered and the client waits for the next price. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** The protocol's numbers of the two messages, and of the last price. */
const TICK_PRICE = '1';
const LAST = '4';
const PLACE_ORDER = '3';
const PATIENCE = 10_000;

export class Stage {
  readonly #gateway: RunningGateway;
  readonly #client: StageClient;
  #priced = NaN;
  #ordered: (micros: number) => void = () => undefined;

  private constructor(gateway: RunningGateway, client: StageClient) {
    this.#gateway = gateway;
    this.#client = client;
    gateway.control.onFrame((direction, _, fields) => {
      const [kind, , , field] = fields;
      if (direction === 'OUT' && kind === TICK_PRICE && field === LAST) {
        this.#priced = performance.now();
      }
      if (direction === 'IN' && kind === PLACE_ORDER) {
        this.#ordered((performance.now() - this.#priced) * 1_000);
      }
    });
  }

  static async open(
    trades: string,
    open: (gateway: RunningGateway) => Promise<StageClient>,
  ): Promise<Stage> {
    const gateway = await startGateway({
      ...{ port: 0, speed: 0, trades, settings: { commission: 'none' } },
    });
    return new Stage(gateway, await open(gateway));
  }

  /** Microseconds from a price to its order. @throws Error when no order comes */
  async sample(): Promise<number> {
    await this.#gateway.stepTrade();
    await this.#client.settled();
    let timer: NodeJS.Timeout | undefined;
    const ordered = new Promise<number>((resolve, reject) => {
      this.#ordered = resolve;
      timer = setTimeout(() => reject(new Error('no order followed the price')), PATIENCE);
    });
    await this.#gateway.stepTrade();
    const micros = await ordered;
    clearTimeout(timer);
    await this.#client.settled();
    return micros;
  }

  async close(): Promise<void> {
    await this.#client.close();
    await this.#gateway.close();
  }
}

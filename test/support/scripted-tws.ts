/**
 * A gateway that does what a test says: the greeting, answers by kind of request, and faults that a
 * well-behaved simulator does not have. Version 193, text frames.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ACCOUNT, encode, type Frame } from './tws-frames';

/** Kinds of requests by their number on the wire. */
export const ASK = {
  ...{ marketData: 1, place: 3, cancel: 4, executions: 7, contract: 9, openOrders: 16 },
  ...{ history: 20, time: 49, positions: 61, account: 62, greeting: 71, rule: 91, completed: 99 },
} as const;
export type Request = readonly string[];
type Answer = (request: Request) => readonly Frame[];

const EMPTY: readonly Frame[] = [];

export class ScriptedTws {
  /** Every request of every connection, in order, with the moment it was read. */
  readonly requests: { readonly at: number; readonly connection: number; fields: Request }[] = [];
  /** By kind; a kind without an answer gets none. */
  readonly answers = new Map<number, Answer>([
    [ASK.greeting, () => this.greeting],
    [ASK.time, () => [[49, 1, 1_776_000_000]]],
    [ASK.openOrders, () => [...this.openOrders, [53, 1]]],
    [ASK.completed, () => [...this.completed, [102]]],
    [ASK.executions, ([, , id = '']) => [...this.executions(Number(id)), [55, 1, id]]],
    [ASK.positions, () => [...this.positions, [62, 1]]],
    [ASK.account, ([, , id = '']) => [...this.values(id), [64, 1, id]]],
  ]);
  greeting: readonly Frame[] = [
    [15, 1, ACCOUNT],
    [9, 1, 1],
  ];
  openOrders: readonly Frame[] = EMPTY;
  completed: readonly Frame[] = EMPTY;
  positions: readonly Frame[] = EMPTY;
  executions: (requestId: number) => readonly Frame[] = () => EMPTY;
  version = 193;
  connections = 0;
  readonly #server: Server;
  #socket: Socket | null = null;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#accept(socket));
  }

  static async listen(): Promise<ScriptedTws> {
    const server = createServer();
    const tws = new ScriptedTws(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return tws;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  values(id: string): readonly Frame[] {
    return [
      [63, 1, id, ACCOUNT, 'NetLiquidation', '100000.50', 'USD'],
      [63, 1, id, ACCOUNT, 'BuyingPower', '400000', 'USD'],
      [63, 1, id, ACCOUNT, 'TotalCashValue', '50000', 'USD'],
    ];
  }

  send(...frames: readonly Frame[]): void {
    this.sendBytes(Buffer.concat(frames.map(encode)));
  }

  sendBytes(bytes: Buffer): void {
    this.#socket?.write(bytes);
  }

  /** The connection breaks, as when the gateway is killed. */
  drop(): void {
    this.#socket?.resetAndDestroy();
    this.#socket = null;
  }

  /** Requests of one kind. */
  asked(kind: number): readonly Request[] {
    return this.requests.map(({ fields }) => fields).filter(([code]) => Number(code) === kind);
  }

  async close(): Promise<void> {
    this.#socket?.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(socket: Socket): void {
    socket.setNoDelay(true);
    this.#socket = socket;
    this.connections += 1;
    const connection = this.connections;
    let pending = Buffer.alloc(0);
    let greeted = false;
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      pending = Buffer.concat([pending, bytes]);
      // The first message has "API" and a NUL before its length.
      let start = connection > 0 && !greeted && pending.length >= 8 ? 4 : 0;
      while (pending.length >= start + 4) {
        const length = pending.readUInt32BE(start);
        if (pending.length < start + 4 + length) return;
        const text = pending.toString('utf8', start + 4, start + 4 + length);
        pending = pending.subarray(start + 4 + length);
        start = 0;
        if (greeted) this.#request(text.split('\0').slice(0, -1), connection);
        else this.send([this.version, '20260413 09:30:00 US/Eastern']);
        greeted = true;
      }
    });
  }

  #request(fields: Request, connection: number): void {
    this.requests.push({ at: performance.now(), connection, fields });
    const frames = this.answers.get(Number(fields[0]))?.(fields) ?? EMPTY;
    if (frames.length > 0) this.send(...frames);
  }
}

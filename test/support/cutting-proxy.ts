// A way to a server that can be cut at the moment a text passes by, before or after it gets there.
// Must not know what the text means.

import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut: { readonly text: string; readonly when: 'before' | 'after' } | null = null;
  /** True: nobody gets through. */
  closed = false;

  private constructor(private readonly target: { readonly host: string; readonly port: number }) {
    this.#server = createServer((client) => this.#serve(client));
  }
  static async open(target: { host: string; port: number }): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
  /** Cuts once, when a client next sends the text; `after`: the server gets it, nobody hears. */
  cutAt(text: string, when: 'before' | 'after'): void {
    this.#cut = { text, when };
  }
  /** Whether the cut is still to come. */
  get armed(): boolean {
    return this.#cut !== null;
  }
  cutNow(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
  async close(): Promise<void> {
    this.cutNow();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    if (this.closed) {
      client.destroy();
      return;
    }
    const server = connect(this.target);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        if (socket === client) server.destroy();
        else client.destroy();
      });
    }
    server.on('data', (data) => client.write(data));
    client.on('data', (data) => {
      const cut = this.#cut;
      if (cut === null || !data.includes(cut.text)) {
        server.write(data);
        return;
      }
      this.#cut = null;
      if (cut.when === 'before') {
        client.destroy();
        return;
      }
      // The server gets it and answers; the answer goes nowhere.
      server.removeAllListeners('data');
      server.once('data', () => client.destroy());
      server.write(data);
    });
  }
}

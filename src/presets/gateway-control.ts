/**
 * What can be made to go wrong with a running gateway, for tests of its clients: the faults that
 * real gateways have shown. Not on the wire.
 */
import type { MessageFault } from '../broker/simulator/tws-faults';
import type { FrameListener, TwsServer } from '../broker/simulator/tws-server';

const NOTICES: Readonly<Record<number, string>> = {
  1100: 'Connectivity between IBKR and Trader Workstation has been lost.',
  1101: 'Connectivity between IBKR and Trader Workstation has been restored - data lost.',
  1102: 'Connectivity between IBKR and Trader Workstation has been restored - data maintained.',
  1300: 'TWS socket port has been reset and this connection is being dropped.',
  2103: 'Market data farm connection is broken:usfarm',
  2110: 'Connectivity between Trader Workstation and server is broken.',
};

export class GatewayControl {
  constructor(private readonly server: TwsServer) {}

  /** Ends connections at once: of one client, or of all. */
  dropConnections(clientId?: number): void {
    this.server.drop(clientId);
  }

  /** The client hears and says nothing until `resume`; what was to be said waits. */
  stall(clientId: number): void {
    this.server.faults.silent.add(clientId);
  }
  resume(clientId: number): void {
    this.server.faults.silent.delete(clientId);
    this.server.deliver();
  }

  /** A notice to everybody (id -1), such as 1100, 1101, 1102. */
  notice(code: number, text = NOTICES[code] ?? `Notice ${code}`): void {
    this.server.notice(code, text);
  }

  /** The next connection of this client id is told 326 and closed. */
  refuseClientId(clientId: number): void {
    this.server.faults.refusedClientIds.add(clientId);
  }

  /** Loses, doubles, delays or swaps the next messages of a number. */
  disturb(fault: MessageFault): void {
    this.server.faults.add(fault);
  }
  /** Sends what `disturb` has kept back. */
  releaseLate(): void {
    this.server.releaseLate();
  }

  /** The next valid order id that clients are told is so much lower than it is. */
  rollBackNextValidId(by: number): void {
    this.server.faults.idRollback = by;
  }

  /** The next new order is refused with this code. */
  rejectNextOrder(code: number, text: string): void {
    this.server.core.desk.rejectNext = { code, text };
  }

  /**
   * Corrects a past execution: the same id but for its last two digits, other figures. Cash and
   * positions follow. False when there is no such execution.
   */
  correctExecution(
    execId: string,
    change: { readonly price?: string; readonly quantity?: string },
  ): boolean {
    const found = this.server.core.correct(execId, change);
    this.server.deliver();
    return found;
  }

  /** Writes every byte on its own, or no longer. */
  splitWrites(on: boolean): void {
    this.server.faults.splitWrites = on;
  }

  /** Who hears every frame in both directions; null for nobody. */
  onFrame(listener: FrameListener | null): void {
    this.server.onFrame(listener);
  }

  /** Every fault is over. */
  clear(): void {
    this.server.faults.clear();
    this.server.core.desk.rejectNext = null;
    this.server.deliver();
  }
}

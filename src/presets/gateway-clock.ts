/**
 * Drives a gateway's market by the clock of this machine: so many market seconds a second, the
 * hours between sessions left out. The one place where the gateway's time meets real time.
 */
import { performance } from 'node:perf_hooks';
import type { TwsServer } from '../broker/simulator/tws-server';

const TICK = 20;
/**
 * The night is left out, but for these minutes of market time before the open, which stand for so
 * many real milliseconds: what is to leave for the opening auction needs them.
 */
const BEFORE_OPEN = 600_000;
const WAIT_BEFORE_OPEN = 2_000;
/** Most events in one go; the connections are served between two of them. */
const MAX_EVENTS = 2_000;

export class MarketDriver {
  #timer: NodeJS.Timeout | null = null;
  /** Real and market time of the last moment at which they were joined. */
  #real = 0;
  #market = 0;
  /** Real time until which the next open waits; null: none is waited for. */
  #opensAt: number | null = null;

  constructor(
    private readonly server: TwsServer,
    private readonly speed: number,
  ) {}

  start(): void {
    if (this.speed <= 0) return;
    this.#join();
    // Reading comes before the market: writing to a client that has just died would throw away what
    // it had said before.
    this.#timer = setInterval(() => setImmediate(() => this.#go()), TICK);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Market time: between two events it goes on with the clock, never past the next event. */
  now(): number {
    if (this.#timer !== null) this.server.core.passTo(this.#due());
    return this.server.core.now();
  }

  #due(): number {
    return Math.floor(this.#market + (performance.now() - this.#real) * this.speed);
  }

  #join(): void {
    this.#real = performance.now();
    this.#market = this.server.core.now();
  }

  #go(): void {
    if (this.#timer === null) return;
    const due = this.#due();
    const { market } = this.server.core;
    for (let n = 0; n < MAX_EVENTS; n += 1) {
      const next = market.peek();
      if (next === undefined) {
        this.stop();
        return;
      }
      if (next.kind === 'OPEN') {
        this.#waitForOpen(next.at);
        return;
      }
      if (next.at > due) break;
      this.server.step();
    }
    this.server.core.passTo(due);
    this.server.deliver();
  }

  #waitForOpen(open: number): void {
    const { core } = this.server;
    if (this.#opensAt === null && core.now() < open - BEFORE_OPEN) {
      core.passTo(open - BEFORE_OPEN);
      this.#opensAt = performance.now() + WAIT_BEFORE_OPEN;
    }
    if (this.#opensAt !== null && performance.now() < this.#opensAt) {
      this.server.deliver();
    } else {
      this.#opensAt = null;
      this.server.step();
    }
    this.#join();
  }
}

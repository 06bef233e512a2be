/**
 * Long work in portions: between two of them the event loop turns, so that a fill or a price that
 * has come in meanwhile is worked off first. Must not know the work.
 */

/** Real milliseconds that one portion may take: far below what a person or a price would notice. */
const PORTION = 8;

export class Breath {
  #since = performance.now();

  /** Resolves at once, or when the loop has turned where the portion has taken its time. */
  async draw(): Promise<void> {
    if (performance.now() - this.#since >= PORTION) await this.turn();
  }

  /** Resolves when the loop has turned, whatever time has gone. */
  async turn(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#since = performance.now();
  }
}

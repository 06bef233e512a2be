/** What everybody hears who asks something of an engine that has stopped. */

/** Raised by everything once the engine has stopped; the cause is why it stopped. */
export class EngineStopped extends Error {
  override readonly name = 'EngineStopped';
  constructor(override readonly cause: Error) {
    super(`The engine has stopped and takes nothing in: ${cause.message}`);
  }
}

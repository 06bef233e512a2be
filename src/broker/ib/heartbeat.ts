/**
 * Whether anybody is there: asks the broker for its time, and notices a gateway that is silent or
 * that talks without answering. Knows no state of the session.
 */
import type { Connection } from './connection';
import type { IbLinkOptions, Scheduler } from './options';
import type { Outlet } from './talk';

export interface HeartbeatEvents {
  /** Not one message since it was asked: the socket is dead. */
  silent(): void;
  /** Other messages come, but two questions in a row had no answer. */
  unanswered(): void;
  /** It answers again, after `unanswered`. */
  answers(): void;
}

const MISSES = 2;
/** Time for what is in the socket already to be read, after the process itself was busy. */
const GRACE_MS = 5;

export class Heartbeat {
  readonly #times: IbLinkOptions['heartbeat'];
  readonly #scheduler: Scheduler;
  readonly #events: HeartbeatEvents;
  #callOff: () => void = () => undefined;
  #missed = 0;
  #asked = false;

  constructor(times: IbLinkOptions['heartbeat'], scheduler: Scheduler, events: HeartbeatEvents) {
    this.#times = times;
    this.#scheduler = scheduler;
    this.#events = events;
  }

  attach(connection: Connection): void {
    connection.on('currentTime', () => {
      const came = this.#missed >= MISSES;
      this.#missed = 0;
      this.#asked = false;
      if (came) this.#events.answers();
    });
  }

  start(connection: Connection, outlet: Outlet): void {
    this.stop();
    this.#missed = 0;
    this.#next(connection, outlet);
  }

  stop(): void {
    this.#callOff();
    this.#asked = false;
  }

  #next(connection: Connection, outlet: Outlet): void {
    this.#callOff = this.#scheduler.after(this.#times.intervalMs, () => {
      let before = connection.frames;
      outlet.send('QUERY', (ib) => {
        // Orders may have kept it waiting: nothing is judged before it has left.
        this.#asked = true;
        before = connection.frames;
        ib.reqCurrentTime();
      });
      this.#callOff = this.#scheduler.after(this.#times.deadlineMs, () => {
        this.#callOff = this.#scheduler.after(GRACE_MS, () => {
          if (!this.#asked) return this.#next(connection, outlet);
          if (connection.frames === before) return this.#events.silent();
          this.#missed += 1;
          this.#next(connection, outlet);
          if (this.#missed === MISSES) this.#events.unanswered();
        });
      });
    });
  }
}

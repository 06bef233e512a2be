/**
 * How a running start learns that it shall end: signals, and the end of the launcher that began it.
 * Calls the one way to stop once, and ends the process when stopping takes too long.
 */

export interface StopOptions {
  /** Stops everything; called once. `why` is for the log. */
  readonly stop: (why: string) => Promise<void>;
  /** Last words where stopping failed or took too long. */
  readonly complain: (message: string) => void;
  /** Milliseconds until the process ends whatever is left. */
  readonly patienceMs?: number;
}

/** The promise is two seconds, of which the launcher needs some. */
const PATIENCE_MS = 1500;
/** npm hands on a Ctrl-C that the terminal has sent already: that is one wish, not two. */
const SAME_WISH_MS = 500;

/**
 * Ends with 0 after an orderly stop, 1 after one that failed, 130 at a second signal. What is
 * committed is durable, so that ending at once loses nothing.
 */
export function stopOnSignals({ stop, complain, patienceMs = PATIENCE_MS }: StopOptions): void {
  let begunAt: number | null = null;
  const begin = (why: string): void => {
    if (begunAt !== null) {
      if (performance.now() - begunAt > SAME_WISH_MS) process.exit(130);
      return;
    }
    begunAt = performance.now();
    const late = `Stopping took longer than ${patienceMs / 1000} s; what was left is abandoned.`;
    setTimeout(() => fail(late), patienceMs);
    stop(why).then(
      () => process.exit(0),
      (cause: unknown) => fail(`Stopping failed: ${String(cause)}`),
    );
  };
  const fail = (message: string): void => {
    complain(message);
    process.exit(1);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => begin(signal));
  }
  onLauncherGone(() => begin('the launcher has ended'));
}

const LOOK_MS = 100;

/** npm and npx take a signal and leave their children; any other parent may go without a word. */
function onLauncherGone(tell: () => void): void {
  if (process.channel !== undefined) {
    process.on('disconnect', tell);
    // The channel says whether the launcher lives; it is no reason to stay.
    process.channel.unref();
    return;
  }
  if (!/^(start|npx)$/.test(process.env['npm_lifecycle_event'] ?? '')) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    tell();
  }, LOOK_MS);
  timer.unref();
}

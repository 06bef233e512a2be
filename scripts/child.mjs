// Runs a program as the launcher's child and ends with it, however the end is asked for: a signal,
// a second one, or the death of npm, which takes a signal and leaves its children.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** npm hands on a Ctrl-C that the terminal has sent already: that is one wish, not two. */
const SAME_WISH_MS = 500;
/** After this the child is killed: what it has committed is durable. */
const PATIENCE_MS = 1800;
const LOOK_MS = 100;

/** Started by npm as "start", which owns this process; any other parent may go without a word. */
export function startedByNpm(env = process.env) {
  return env.npm_lifecycle_event === 'start' && process.platform !== 'win32';
}

/** Calls back once when the process that started this one is gone. Returns the way to end it. */
export function onParentGone(parent, tell) {
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    tell();
  }, LOOK_MS);
  return () => clearInterval(timer);
}

/** Yields the exit code: the child's own, 128 and the signal's number where one ended it. */
export function runChild(program, args, { parent = process.ppid } = {}) {
  // In a group of its own, so that a Ctrl-C comes to it once, through here. The channel carries
  // nothing: that it closes tells the child that this launcher was killed.
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
  });
  return new Promise((resolve, reject) => {
    let askedAt = null;
    let impatience;
    const ask = (signal) => {
      if (askedAt !== null) {
        if (performance.now() - askedAt > SAME_WISH_MS) child.kill('SIGKILL');
        return;
      }
      askedAt = performance.now();
      child.kill(signal);
      impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    };
    const handlers = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => [signal, () => ask(signal)]);
    for (const [signal, handler] of handlers) process.on(signal, handler);
    const forgetParent = startedByNpm() ? onParentGone(parent, () => ask('SIGTERM')) : () => {};
    const finish = () => {
      clearTimeout(impatience);
      forgetParent();
      for (const [signal, handler] of handlers) process.off(signal, handler);
    };
    child.once('error', (error) => {
      finish();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      finish();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
